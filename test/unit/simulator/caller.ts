import { createHash, createHmac, randomBytes } from 'node:crypto';
import * as http from 'node:http';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../../simulator/main';

/** Wall clock of most tests: 2 January 2026, 03:04:05 UTC. */
const startMs = Date.UTC(2026, 0, 2, 3, 4, 5);

/** The simulator's time, moved by hand. */
export class HandTime {
  #nowMs = startMs;

  nowMs(): number {
    return this.#nowMs;
  }

  move(seconds: number): void {
    this.#nowMs += seconds * 1000;
  }
}

export interface CallKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
}

export interface CallOptions {
  readonly key?: CallKey;
  readonly version?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly dateMs?: number;
  readonly nonce?: string;
  readonly host?: string;
  /** Said in x-acs-content-sha256, and signed, in place of the hash of the body. */
  readonly claimedHash?: string;
  /** Changes the headers after they were signed. */
  readonly tamper?: (headers: Record<string, string>) => void;
  /** Sent instead of the body that was signed. */
  readonly body?: string;
  readonly agent?: http.Agent;
  /** Instead of the first region's. */
  readonly endpoint?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

/** A simulator and the time that it lives in. */
export interface Running {
  readonly simulator: Simulator;
  readonly time: HandTime;
}

/** Starts simulators for a suite and disposes of them after each test. */
export function simulators(): (options?: SimulatorOptions) => Promise<Running> {
  const running: Simulator[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((simulator) => simulator.dispose()));
  });
  return async (options = {}) => {
    const time = new HandTime();
    const simulator = await startSimulator({ clients: 60, clock: time, ...options });
    running.push(simulator);
    return { simulator, time };
  };
}

const hbr = '2017-09-08';
export const ecs = '2014-05-26';
const sts = '2015-04-01';

const versions = new Map([
  ['DescribeInstances', ecs],
  ['DescribeCloudAssistantStatus', ecs],
  ['GetCallerIdentity', sts],
  ['AssumeRole', sts],
]);

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function pairs(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).map(([name, value]) => `${encode(name)}=${encode(value)}`);
}

function sortedByName(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other))),
  );
}

/** Sends one call, signed with V3 as the service documents it, written here once more on purpose. */
export async function send(running: Running, action: string, options: CallOptions = {}): Promise<Answer> {
  const { simulator, time } = running;
  const key = options.key ?? simulator;
  const body = options.form === undefined ? '' : pairs(options.form).join('&');
  const bodyHash = createHash('sha256').update(body).digest('hex');
  const endpoint = new URL(options.endpoint ?? simulator.endpoint);
  const headers: Record<string, string> = {
    host: options.host ?? endpoint.host,
    'x-acs-action': action,
    'x-acs-version': options.version ?? versions.get(action) ?? hbr,
    'x-acs-date': `${new Date(options.dateMs ?? time.nowMs()).toISOString().slice(0, 19)}Z`,
    'x-acs-signature-nonce': options.nonce ?? randomBytes(16).toString('hex'),
    'x-acs-content-sha256': options.claimedHash ?? bodyHash,
    ...(options.form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    ...('securityToken' in key ? { 'x-acs-security-token': key.securityToken } : {}),
  };
  const names = Object.keys(headers).sort();
  const canonical = [
    'POST',
    '/',
    pairs(sortedByName(options.query ?? {})).join('&'),
    ...names.map((name) => `${name}:${headers[name] ?? ''}`),
    '',
    names.join(';'),
    bodyHash,
  ].join('\n');
  const toSign = `ACS3-HMAC-SHA256\n${createHash('sha256').update(canonical).digest('hex')}`;
  const signature = createHmac('sha256', key.accessKeySecret).update(toSign).digest('hex');
  headers['authorization'] =
    `ACS3-HMAC-SHA256 Credential=${key.accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`;
  options.tamper?.(headers);
  const path = options.query === undefined ? '/' : `/?${pairs(options.query).join('&')}`;
  return exchange(
    { endpoint: endpoint.origin },
    { method: 'POST', path, headers },
    options.body ?? body,
    options.agent,
  );
}

/** Sends anything over http. Rejects when the connection breaks. */
export function exchange(
  { endpoint }: Pick<Simulator, 'endpoint'>,
  request: http.RequestOptions,
  body: string,
  agent?: http.Agent,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = http.request(
      endpoint,
      { ...request, ...(agent === undefined ? {} : { agent }) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** The parsed body of an answer. */
export function json(answer: Answer): Record<string, unknown> {
  return record(JSON.parse(answer.text));
}

/** The object that a value is; fails when it is something else. */
export function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('not an object');
  return Object.fromEntries(Object.entries(value));
}

/** The list of objects that a value is. */
export function records(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) throw new Error('not a list');
  return value.map(record);
}

/** Sends a call that must succeed. */
export async function ask(
  running: Running,
  action: string,
  query: Readonly<Record<string, string>> = {},
  options: CallOptions = {},
): Promise<Record<string, unknown>> {
  const answer = await send(running, action, { query, ...options });
  if (answer.status !== 200) throw new Error(`${action}: ${answer.text}`);
  return json(answer);
}

/** Sends a call that must fail, and returns `<status> <Code>`. */
export async function refused(
  running: Running,
  action: string,
  query: Readonly<Record<string, string>> = {},
  options: CallOptions = {},
): Promise<string> {
  const answer = await send(running, action, { query, ...options });
  if (answer.status === 200) throw new Error(`${action} was not refused: ${answer.text}`);
  return `${answer.status} ${String(json(answer)['Code'])}`;
}

/** What DescribeTask says of a task. */
export async function task(running: Running, taskId: unknown): Promise<Record<string, unknown>> {
  return ask(running, 'DescribeTask', { TaskId: String(taskId) });
}

/** One word of each machine of a task's Result. */
export function results(view: Record<string, unknown>, field: string): unknown[] {
  return records(JSON.parse(String(view['Result']))).map((machine) => machine[field]);
}
