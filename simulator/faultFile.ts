import { getNodeValue, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { actionNames } from './actions';
import { dialects } from './dialects';
import { callFaults, taskFaults, type FaultRule } from './faults';

/** A fault file that can't be used. Each line of the message names a line and a field. */
export class FaultFileError extends Error {}

type Check = (value: string | number | boolean | null) => string | undefined;

const whole =
  (min: number, max: number): Check =>
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
      ? undefined
      : `must be a whole number from ${min} to ${max}`;
const text: Check = (value) => (typeof value === 'string' && value !== '' ? undefined : 'must be a text');
const flag: Check = (value) => (typeof value === 'boolean' ? undefined : 'must be true or false');
const status = whole(200, 599);

const details = {
  status,
  code: text,
  message: text,
  retryAfterMs: whole(0, 3_600_000),
  retryAfter: text,
  date: text,
  seconds: (value) =>
    typeof value === 'number' && Number.isInteger(value) && Math.abs(value) > 900
      ? undefined
      : 'must be a whole number of seconds beyond 900 or below -900',
  perSecond: whole(1, 100_000),
  ms: whole(0, 3_600_000),
  bytes: whole(1, 1_073_741_824),
  rows: whole(1, 99),
  total: whole(-1, 2_147_483_647),
  location: text,
  executes: flag,
  cut: flag,
  machines: whole(1, 100),
  errorCode: text,
  as: (value) =>
    dialects.some((known) => known === value) ? undefined : `must be one of ${dialects.join(', ')}`,
} satisfies Record<string, Check>;

type Detail = keyof typeof details;

const takes: Record<
  FaultRule['fault'],
  { readonly needs?: readonly Detail[]; readonly may?: readonly Detail[] }
> = {
  throttle: { may: ['retryAfterMs', 'retryAfter', 'status', 'code', 'perSecond'] },
  serverError: { may: ['retryAfterMs', 'retryAfter', 'status', 'code', 'executes'] },
  error: { needs: ['code', 'status'], may: ['message', 'retryAfterMs', 'retryAfter', 'executes'] },
  businessFailure: { may: ['code', 'message', 'executes'] },
  denied: {},
  nonceUsed: { may: ['executes'] },
  skew: { needs: ['seconds'], may: ['date'] },
  resetBefore: {},
  resetAfter: {},
  delay: { needs: ['ms'] },
  html: { may: ['retryAfter', 'status', 'executes'] },
  redirect: { may: ['status', 'location'] },
  truncate: { may: ['cut'] },
  empty: { may: ['status'] },
  oversize: { needs: ['bytes'] },
  oddPages: { may: ['rows', 'total'] },
  dialect: { needs: ['as'] },
  unknownFiltersIgnored: {},
  unfinishedRefused: {},
  unfinishedHidden: {},
  largePages: {},
  clientDeleted: {},
  taskFails: { may: ['errorCode'] },
  taskExpires: {},
  taskCancelled: {},
  taskPartlyFails: { may: ['machines', 'errorCode'] },
};

const faultNames: readonly string[] = [...callFaults, ...taskFaults];

/** Reads a fault file: a JSON array of rules. Throws FaultFileError that names every mistake. */
export function parseFaultFile(content: string): readonly FaultRule[] {
  const lineOf = ({ offset }: { readonly offset: number }): number =>
    content.slice(0, offset).split('\n').length;
  const errors: ParseError[] = [];
  const root = parseTree(content, errors, { disallowComments: true });
  const [error] = errors;
  if (error) {
    throw new FaultFileError(`line ${lineOf(error)}: not JSON (${printParseErrorCode(error.error)})`);
  }
  if (root?.type !== 'array') throw new FaultFileError('line 1: the file must hold an array of rules');
  const problems: string[] = [];
  const rules = (root.children ?? []).flatMap((node, index) => {
    const found = problemsOf(node, `rule ${index + 1}`, lineOf);
    problems.push(...found);
    const rule: unknown = getNodeValue(node);
    return found.length === 0 && isRule(rule) ? [{ ...rule }] : [];
  });
  if (problems.length > 0) throw new FaultFileError(problems.join('\n'));
  return rules;
}

// The fields were checked one by one; this only tells the compiler.
function isRule(value: unknown): value is FaultRule {
  return typeof value === 'object' && value !== null && 'action' in value && 'fault' in value;
}

function problemsOf(rule: Node, name: string, lineOf: (node: Node) => number): string[] {
  if (rule.type !== 'object') return [`line ${lineOf(rule)}: ${name} must be an object`];
  const problems: string[] = [];
  const members = new Map<string, Node>();
  const say = (field: string, problem: string, at = members.get(field) ?? rule): void => {
    problems.push(`line ${lineOf(at)}: ${name}, field "${field}": ${problem}`);
  };
  for (const { children: [key, value] = [] } of rule.children ?? []) {
    const field = String(key?.value);
    if (value === undefined) continue;
    if (members.has(field)) say(field, 'is there twice', value);
    members.set(field, value);
  }
  const action = scalarOf(members.get('action'));
  if (action !== '*' && !actionNames.some((known) => known === action)) {
    say('action', 'must be * or the name of an operation');
  }
  const fault = faultNames.find((known) => known === scalarOf(members.get('fault')));
  if (!isFault(fault)) {
    say('fault', `must be one of ${faultNames.join(', ')}`);
    return problems;
  }
  const { needs = [], may = [] } = takes[fault];
  for (const field of needs) if (!members.has(field)) say(field, `is required by ${fault}`);
  for (const [field, node] of members) {
    const problem = fieldProblem(field, node, [...needs, ...may]);
    if (problem !== undefined) say(field, problem === 'unknown' ? `is not known to ${fault}` : problem);
  }
  return problems;
}

function isFault(name: string | undefined): name is FaultRule['fault'] {
  return name !== undefined;
}

function fieldProblem(field: string, node: Node, allowed: readonly Detail[]): string | undefined {
  if (field === 'action' || field === 'fault') return undefined;
  if (field === 'regionId') return text(scalarOf(node) ?? null);
  if (field === 'nth') {
    const positive = whole(1, 1_000_000);
    const numbers = node.type === 'array' ? (node.children ?? []) : [node];
    const bad =
      numbers.length === 0 || numbers.some((each) => positive(scalarOf(each) ?? null) !== undefined);
    return bad ? 'must be a whole number from 1, or an array of them' : undefined;
  }
  if (field === 'probability') {
    const value = scalarOf(node);
    return typeof value === 'number' && value >= 0 && value <= 1 ? undefined : 'must be a number from 0 to 1';
  }
  const detail = allowed.find((known) => known === field);
  if (detail === undefined) return 'unknown';
  return details[detail](scalarOf(node) ?? null);
}

function scalarOf(node: Node | undefined): string | number | boolean | null | undefined {
  const value: unknown = node?.value;
  return typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    value === null
    ? value
    : undefined;
}
