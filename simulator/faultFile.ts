import { actionNames } from './actions';
import { callFaults, taskFaults, type FaultRule } from './faults';
import { JsonSyntaxError, parseJsonLines, type JsonNode } from './jsonLines';

/** A fault file that cannot be used; each line of the message names a line and a field. */
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
  ms: whole(0, 3_600_000),
  bytes: whole(1, 1_073_741_824),
  rows: whole(1, 99),
  total: whole(-1, 2_147_483_647),
  location: text,
  executes: flag,
  cut: flag,
  machines: whole(1, 100),
  errorCode: text,
} satisfies Record<string, Check>;

type Detail = keyof typeof details;

const takes: Record<
  FaultRule['fault'],
  { readonly needs?: readonly Detail[]; readonly may?: readonly Detail[] }
> = {
  throttle: { may: ['retryAfterMs', 'retryAfter', 'status', 'code'] },
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
  taskFails: { may: ['errorCode'] },
  taskExpires: {},
  taskCancelled: {},
  taskPartlyFails: { may: ['machines', 'errorCode'] },
};

const faultNames: readonly string[] = [...callFaults, ...taskFaults];

/** Reads a fault file: a JSON array of rules. Throws FaultFileError that names every mistake. */
export function parseFaultFile(content: string): readonly FaultRule[] {
  const root = parse(content);
  if (root.kind !== 'array')
    throw new FaultFileError(`line ${root.line}: the file must hold an array of rules`);
  const problems: string[] = [];
  const rules = root.items.flatMap((node, index) => {
    const found = problemsOf(node, `rule ${index + 1}`);
    problems.push(...found);
    const rule: unknown = plain(node);
    return found.length === 0 && isRule(rule) ? [rule] : [];
  });
  if (problems.length > 0) throw new FaultFileError(problems.join('\n'));
  return rules;
}

function parse(content: string): JsonNode {
  try {
    return parseJsonLines(content);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw new FaultFileError(error.message);
    throw error;
  }
}

// The fields were checked one by one; this only tells the compiler.
function isRule(value: unknown): value is FaultRule {
  return typeof value === 'object' && value !== null && 'action' in value && 'fault' in value;
}

function problemsOf(rule: JsonNode, name: string): string[] {
  if (rule.kind !== 'object') return [`line ${rule.line}: ${name} must be an object`];
  const problems: string[] = [];
  const say = (field: string, problem: string, line = rule.members.get(field)?.line ?? rule.line): void => {
    problems.push(`line ${line}: ${name}, field "${field}": ${problem}`);
  };
  const action = scalarOf(rule.members.get('action'));
  if (action !== '*' && !actionNames.some((known) => known === action)) {
    say('action', 'must be * or the name of an operation');
  }
  const fault = faultNames.find((known) => known === scalarOf(rule.members.get('fault')));
  if (!isFault(fault)) {
    say('fault', `must be one of ${faultNames.join(', ')}`);
    return problems;
  }
  const { needs = [], may = [] } = takes[fault];
  for (const field of needs) if (!rule.members.has(field)) say(field, `is required by ${fault}`);
  for (const [field, node] of rule.members) {
    const problem = fieldProblem(field, node, [...needs, ...may]);
    if (problem !== undefined) say(field, problem === 'unknown' ? `is not known to ${fault}` : problem);
  }
  return problems;
}

function isFault(name: string | undefined): name is FaultRule['fault'] {
  return name !== undefined;
}

function fieldProblem(field: string, node: JsonNode, allowed: readonly Detail[]): string | undefined {
  if (field === 'action' || field === 'fault') return undefined;
  if (field === 'regionId') return text(scalarOf(node) ?? null);
  if (field === 'nth') {
    const positive = whole(1, 1_000_000);
    const numbers = node.kind === 'array' ? node.items : [node];
    const bad =
      numbers.length === 0 || numbers.some((each) => each.kind !== 'scalar' || positive(each.value));
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

function scalarOf(node: JsonNode | undefined): string | number | boolean | null | undefined {
  return node?.kind === 'scalar' ? node.value : undefined;
}

function plain(node: JsonNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'array') return node.items.map(plain);
  return Object.fromEntries([...node.members].map(([name, member]) => [name, plain(member)]));
}
