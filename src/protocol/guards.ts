import type { HostMessage, PageMemory, PageMessage, SortColumn } from './messages';

const commands: readonly unknown[] = [
  ...['checkNow', 'stopSending', 'stopWatching', 'watchAgain'],
  ...['retryFailed', 'exportReport'],
];
const columns: readonly SortColumn[] = ['name', 'instanceId', 'state', 'version', 'wave', 'details'];
const looks: readonly unknown[] = ['good', 'bad', 'warning', 'running', 'waiting', 'off'];
/** Longer than any id that a page offers to copy. */
const longestCopy = 300;

/** True for a message that the page may act on; anything else that reaches its window is not for it. */
export function isHostMessage(value: unknown): value is HostMessage {
  if (!isRecord(value)) return false;
  switch (value['type']) {
    case 'operation':
      return isTaskPageState(value['state']);
    case 'gone':
      return hasTexts(value, ['title', 'text']);
    case 'copied':
      return hasTexts(value, ['text']);
    case 'showProblems':
      return true;
    default:
      return false;
  }
}

/** True for a message that the host may act on. */
export function isPageMessage(value: unknown): value is PageMessage {
  if (!isRecord(value)) return false;
  switch (value['type']) {
    case 'ready':
      return true;
    case 'command':
      return commands.includes(value['command']);
    case 'reveal':
      return isText(value['key']) && value['key'] !== '' && value['key'].length <= longestCopy;
    case 'copy':
      return isText(value['text']) && value['text'] !== '' && value['text'].length <= longestCopy;
    default:
      return false;
  }
}

/** True for what a page of ours left behind for its next life. */
export function isPageMemory(value: unknown): value is PageMemory {
  return (
    isRecord(value) &&
    isText(value['operationId']) &&
    value['operationId'] !== '' &&
    (value['scrollTop'] === undefined || isNumber(value['scrollTop'])) &&
    (value['choice'] === undefined || isRowChoice(value['choice']))
  );
}

function isRowChoice(value: unknown): boolean {
  if (!isRecord(value) || !hasTexts(value, ['text', 'state'])) return false;
  const sort = value['sort'];
  return (
    sort === undefined ||
    (isRecord(sort) &&
      columns.some((column) => column === sort['column']) &&
      typeof sort['descending'] === 'boolean')
  );
}

function isTaskPageState(value: unknown): boolean {
  return (
    isRecord(value) &&
    hasTexts(value, ['operationId', 'title', 'place', 'summary']) &&
    (value['demo'] === undefined || isText(value['demo'])) &&
    isNumber(value['percent']) &&
    isState(value['standing']) &&
    isTimes(value['times']) &&
    isListOf(value['commands'], isCommand) &&
    isListOf(value['waves'], isWaveRow) &&
    isListOf(value['problems'], isProblemRow) &&
    isListOf(value['clients'], isClientRow) &&
    isListOf(value['calls'], isCallRow) &&
    isRecord(value['texts']) &&
    Object.values(value['texts']).every(isText)
  );
}

function isTimes(value: unknown): boolean {
  return (
    isRecord(value) &&
    isNumber(value['now']) &&
    isNumber(value['startedAt']) &&
    (value['endedAt'] === undefined || isNumber(value['endedAt'])) &&
    (value['nextCheckAt'] === undefined || isNumber(value['nextCheckAt']))
  );
}

const isCommand = (value: unknown): boolean =>
  isRecord(value) && commands.includes(value['command']) && isText(value['label']);

const isState = (value: unknown): boolean =>
  isRecord(value) && isText(value['text']) && looks.includes(value['look']);

const isClientRow = (value: unknown): boolean =>
  isRecord(value) &&
  hasTexts(value, ['key', 'name', 'instanceId', 'version', 'details', 'code']) &&
  typeof value['problem'] === 'boolean' &&
  isNumber(value['wave']) &&
  isState(value['state']);

const isWaveRow = (value: unknown): boolean =>
  isRecord(value) &&
  hasTexts(value, ['key', 'name', 'summary']) &&
  isNumber(value['clients']) &&
  isState(value['state']);

const isProblemRow = (value: unknown): boolean =>
  isRecord(value) && hasTexts(value, ['key', 'label', 'text', 'code', 'stateText']);

const isCallRow = (value: unknown): boolean =>
  isRecord(value) &&
  hasTexts(value, ['key', 'taskId', 'details']) &&
  isNumber(value['clients']) &&
  isState(value['state']) &&
  isListOf(value['requestIds'], (id) => isRecord(id) && hasTexts(id, ['label', 'id']));

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isListOf = (value: unknown, isItem: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isItem);
const hasTexts = (value: Record<string, unknown>, keys: readonly string[]): boolean =>
  keys.every((key) => isText(value[key]));

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
