// What operations cost in the extension host: folding, following, reading along, starting up.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createOperations } from '../../../src/core/operations/operations';
import { foldOperation } from '../../../src/core/operations/operationFold';
import { operationIdAt } from '../../../src/core/operations/ledger';
import { OperationJournal } from '../../../src/core/operations/operationJournal';
import { buildTaskTree, type KeptTaskRows } from '../../../src/core/operations/taskTree';
import { ClientTables } from '../../../src/core/pages/operation/clientTable';
import { operationPageState } from '../../../src/core/pages/operation/operationPage';
import { operationPageChange } from '../../../src/core/pages/operation/pageChange';
import { createStores } from '../../../src/storage/diskStores';
import { systemClock } from '../../../src/vscode/systemClock';
import { createFakeService } from '../../support/fakeService';
import { createHandClock } from '../../support/handClock';
import { createMemoryDisk } from '../../support/memoryRecords';
import { windowWithDueTasks } from '../../support/dueTasks';
import { printFigure } from '../figure';
import { factsOf, foldOf, recordsOf } from './rollout';
import { runOperation } from '../../../src/core/operations/runOperation';

const log = { write: () => undefined };
const second = 1000;
const lower = { better: 'lower' } as const;
const size = '5,000 machines, 250 calls, 30 readings';

async function cpuMs(work: () => unknown): Promise<number> {
  const began = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}

async function fold(): Promise<void> {
  const growth: string[] = [];
  for (const machines of [500, 1_000, 2_000]) {
    const text = JSON.stringify(recordsOf(factsOf(machines, 30), Date.now()));
    const records = JSON.parse(text) as readonly unknown[];
    growth.push(`${machines}: ${Math.round(await cpuMs(() => foldOperation(records)))} ms`);
  }
  const records = JSON.parse(JSON.stringify(recordsOf(factsOf(5_000, 30), Date.now()))) as readonly unknown[];
  const value = await cpuMs(() => foldOperation(records));
  printFigure({
    goal: 'fold',
    what: size,
    value,
    unit: 'ms',
    limit: 300,
    ...lower,
    detail: growth.join(', '),
  });
}

/** The same facts as they happen: each is recorded, and the operation is there for whoever shows it. */
async function follow(): Promise<void> {
  const facts = factsOf(5_000, 30);
  const [first, ...further] = facts;
  if (first?.type !== 'operation') throw new Error('a plan comes first');
  let end = 0;
  const records = {
    ...createMemoryDisk().window().records,
    create: (_id: string, record: object) => written(record),
    append: (_id: string, record: object) => written(record),
  };
  function written(record: object): Promise<{ from: number; to: number }> {
    const from = end;
    end += JSON.stringify(record).length + 1;
    return Promise.resolve({ from, to: end });
  }
  const deps = { records, clock: createHandClock(), api: createFakeService(), log, redact: String };
  let changes = 0;
  const value = await cpuMs(async () => {
    const journal = await OperationJournal.begin(deps, first);
    journal.onDidChange(() => ++changes);
    for (const fact of further) await journal.note(fact);
  });
  printFigure({
    goal: 'follow',
    what: size,
    value,
    unit: 'ms',
    limit: 1000,
    ...lower,
    detail: `${changes} changes`,
  });
}

async function readAlong(): Promise<void> {
  const records = recordsOf(factsOf(5_000, 30), Date.now());
  let at = 1;
  let lines = 0;
  const store = {
    ...createMemoryDisk().window().records,
    read: (_id: string, from = 0) => {
      lines += at - from;
      return Promise.resolve({ records: records.slice(from, at), end: at });
    },
  };
  const deps = { records: store, clock: createHandClock(), api: createFakeService(), log, redact: String };
  const journal = OperationJournal.open(deps, 'op-1', { records: records.slice(0, 1), end: 1 });
  if (!journal) throw new Error('a plan comes first');
  const value = await cpuMs(async () => {
    while (at < records.length) {
      at++;
      await journal.reread();
    }
  });
  const what = `${records.length} lines, one event each`;
  printFigure({ goal: 'read along', what, value, unit: 'ms', limit: 1000, ...lower });
  printFigure({
    ...{ goal: 'lines read along', what, value: lines / (records.length - 1), unit: '× lines', limit: 1 },
    ...lower,
  });
}

/** 90 days, ten operations a day, on a real disk. */
async function startUp(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cloud-backup-bench-'));
  try {
    const closed = path.join(folder, 'operations', 'closed');
    mkdirSync(closed, { recursive: true });
    mkdirSync(path.join(folder, 'operations', 'open'), { recursive: true });
    const now = Date.now();
    for (let n = 0; n < 900; n++) {
      const at = now - (n + 1) * 8_600_000;
      const id = operationIdAt(at, `bench-${n}`);
      const lines = recordsOf(factsOf(n % 10 === 0 ? 500 : 20, 20, id), at);
      writeFileSync(
        path.join(closed, `${id}.jsonl`),
        lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
      );
    }
    const stores = createStores(folder, systemClock);
    const began = performance.now();
    const operations = createOperations({
      run: runOperation,
      ...{ ...stores, api: createFakeService(), clock: systemClock, log, newId: () => 'id', redact: String },
    });
    const all = operations.resume();
    await operations.runningRead;
    const value = performance.now() - began;
    let longest = 0;
    let last = performance.now();
    const turns = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    });
    await all;
    clearInterval(turns);
    const detail = `${operations.list().length} of 900 read ${Math.round(performance.now() - began)} ms after the start, no task over ${Math.round(longest)} ms`;
    printFigure({
      ...{ goal: 'start-up', what: '90 days of history, until the view works', value, unit: 'ms', limit: 50 },
      ...{ ...lower, detail },
    });
    operations.dispose();
    stores.dispose();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A window that starts with 1,000 tasks that are all due. */
async function followTasks(): Promise<void> {
  const { clock, service, operations } = windowWithDueTasks(1_000);
  const lastAt = new Map<string, number>();
  let shortest = Infinity;
  service.onPoll = (taskId) => {
    shortest = Math.min(shortest, clock.now() - (lastAt.get(taskId) ?? -Infinity));
    lastAt.set(taskId, clock.now());
    return {};
  };
  await operations.resume();
  const calls: number[] = [];
  const cpu = await cpuMs(async () => {
    for (let passed = 0; passed < 300; passed++) {
      const before = service.polls.length;
      await clock.advance(second);
      calls.push(service.polls.length - before);
    }
  });
  const detail = `at least ${Math.min(...calls)} a second, ${Math.round(cpu)} ms of CPU in 5 minutes`;
  const what = '1,000 tasks, all due at once';
  printFigure({
    ...{
      goal: 'calls a second',
      what,
      value: Math.max(...calls),
      unit: 'calls',
      limit: 15,
      ...lower,
      detail,
    },
  });
  printFigure({
    ...{ goal: 'time between two queries of a task', what, value: shortest / second, unit: 's', limit: 30 },
    better: 'higher',
  });
  service.onPoll = () => ({ state: 'completed', progress: 100 });
  service.clients.clear();
  await clock.advance(600 * second);
  const before = service.polls.length + service.reads.length;
  await clock.advance(3600 * second);
  const value = service.polls.length + service.reads.length - before + clock.dueTimes().length;
  printFigure({
    ...{
      goal: 'calls and timers of ended tasks',
      what: '1,000 tasks, in an hour',
      value,
      unit: 'calls',
      limit: 0,
    },
    ...lower,
  });
  operations.dispose();
}

/** What the host does for each change of an operation that's shown. */
async function show(): Promise<void> {
  const records = recordsOf(factsOf(5_000, 4), Date.now() - 3600 * second);
  const running = foldOf(records.slice(0, 1_100));
  const context = { now: 0, nextCheckAt: undefined, known: [], timeInWords: String };
  const tables = new ClientTables();
  const days = { nowMs: Date.now(), dayInWords: String, timeInWords: String };
  const ended = foldOf(records).operation;
  const history = Array.from({ length: 50 }, (_, n) => ended && { ...ended, id: `op-${n + 2}` });
  const known = history.filter((one) => one !== undefined);
  const kept: KeptTaskRows = new WeakMap();
  const operation = running.operation;
  if (!operation) throw new Error('a plan comes first');
  let before = operationPageState(operation, context, tables);
  buildTaskTree([operation, ...known], days, kept);
  let longestPage = 0;
  let longestTree = 0;
  let bytes = 0;
  for (const record of records.slice(1_100, 1_300)) {
    running.apply(record);
    const next = running.operation;
    const page = await cpuMs(() => {
      const state = operationPageState(next, context, tables);
      bytes += JSON.stringify(operationPageChange(before, state)).length;
      before = state;
    });
    longestPage = Math.max(longestPage, page);
    longestTree = Math.max(longestTree, await cpuMs(() => buildTaskTree([next, ...known], days, kept)));
  }
  const what = '5,000 machines, one call changes';
  printFigure({
    ...{ goal: "page, the host's part", what, value: longestPage, unit: 'ms', limit: 50, ...lower },
    detail: `longest of 200; ${Math.round(bytes / 200 / 1000)} KB a message, ${Math.round(JSON.stringify(before).length / 1000)} KB for everything`,
  });
  printFigure({
    ...{
      goal: 'Tasks view',
      what: `${what}, beside 50 ended ones`,
      value: longestTree,
      unit: 'ms',
      limit: 50,
    },
    ...{ ...lower, detail: 'longest of 200' },
  });
}

async function run(): Promise<void> {
  for (const part of [fold, follow, readAlong, startUp, followTasks, show]) await part();
}

run().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
