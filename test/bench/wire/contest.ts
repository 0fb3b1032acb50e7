import { createHash } from 'node:crypto';

/** Where a contestant lists, and how many ECS clients it must find there. */
export interface Target {
  /** Origin, such as `http://127.0.0.1:4000`. */
  readonly endpoint: string;
  readonly regionId: string;
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly clients: number;
}

/** What is checked of a client. */
export interface Listed {
  readonly clientType: unknown;
  readonly instanceId: unknown;
}

/** Lists all clients, telling of each page as it comes. */
export type List<Row> = (target: Target, onPage: (rows: readonly Row[]) => void) => Promise<void>;

/**
 * Runs one contestant: lists the clients of the target in the environment variable `BENCH_TARGET`, prints what
 * it took as one JSON line, and ends the process. `more`: further figures of the run. The clock runs from the first call to the last row; what is
 * loaded before and checked after does not count. Ends with code 1 when the list is not exactly the one expected.
 */
export function contest<Row>(
  list: List<Row>,
  look: (row: Row) => Listed,
  more: () => Readonly<Record<string, number>> = () => ({}),
): void {
  run(list, look, more).then(
    (line) => process.stdout.write(`${line}\n`, () => process.exit(0)),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exit(1);
    },
  );
}

async function run<Row>(
  list: List<Row>,
  look: (row: Row) => Listed,
  more: () => Readonly<Record<string, number>>,
): Promise<string> {
  const target = targetOf(process.env['BENCH_TARGET'] ?? '');
  // All rows are held to the end, as the view holds them.
  const rows: Row[] = [];
  let firstRowsAt: number | undefined;
  // Milliseconds since this process was started.
  const startedAt = performance.now();
  const cpuAtStart = process.cpuUsage();
  await list(target, (page) => {
    firstRowsAt ??= performance.now();
    rows.push(...page);
  });
  const endedAt = performance.now();
  const cpu = process.cpuUsage(cpuAtStart);
  const { maxRSS } = process.resourceUsage();
  return JSON.stringify({
    readyMs: startedAt,
    firstRowsMs: (firstRowsAt ?? endedAt) - startedAt,
    wallMs: endedAt - startedAt,
    cpuMs: (cpu.user + cpu.system) / 1000,
    maxRssBytes: maxRSS * 1024,
    ...more(),
    listHash: checkedHash(rows.map(look), target.clients),
  });
}

/** One hash for one set of clients; throws when it is not `expected` ECS clients, each once. */
function checkedHash(rows: readonly Listed[], expected: number): string {
  const ids = new Set<string>();
  for (const { clientType, instanceId } of rows) {
    if (clientType !== 'ECS_CLIENT') throw new Error(`not an ECS client: ${String(clientType)}`);
    if (typeof instanceId !== 'string' || instanceId === '') throw new Error('a client without InstanceId');
    ids.add(instanceId);
  }
  if (rows.length !== expected || ids.size !== expected) {
    throw new Error(`expected ${expected} clients, got ${rows.length} rows of ${ids.size} clients`);
  }
  return createHash('sha256')
    .update([...ids].sort().join('\n'))
    .digest('hex');
}

function targetOf(json: string): Target {
  const value: unknown = json === '' ? undefined : JSON.parse(json);
  if (!isTarget(value)) throw new Error('BENCH_TARGET is not set: run this with "npm run bench"');
  return value;
}

function isTarget(value: unknown): value is Target {
  if (typeof value !== 'object' || value === null) return false;
  const texts = ['endpoint', 'regionId', 'accountId', 'accessKeyId', 'accessKeySecret'];
  const fields = new Map<string, unknown>(Object.entries(value));
  return (
    texts.every((name) => typeof fields.get(name) === 'string') && typeof fields.get('clients') === 'number'
  );
}
