// What comes after the wire, in plain Node: rows to a tree, without VS Code and without a service that takes time.
// "Open" means that somebody has opened a group down to its clients, and looks at them.
import { parseFilter } from '../../src/core/clients/filter/filter';
import { countTerms } from '../../src/core/clients/filter/countTerms';
import type { BackupClient } from '../../src/core/service/model';
import { printFigure, type Figure } from './figure';
import {
  benchOf,
  fleetOf,
  openOnce,
  withChanges,
  withHeartbeats,
  type Bench,
  type Fleet,
} from './model/fleet';

const many = 100_000;

function print(
  goal: string,
  what: string,
  value: number,
  [unit, limit]: readonly [string, number],
  detail?: string,
) {
  const figure: Figure = { goal, what, value, unit, limit, better: 'lower', ...(detail && { detail }) };
  printFigure(figure);
}

const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;

/** Processor time of this thread, in milliseconds: what else runs on the computer takes no part. */
async function cpuOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The longest time in which nothing else could run, in milliseconds. */
async function longestTaskOf(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  let running = true;
  const tick = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (running) setImmediate(tick);
  };
  setImmediate(tick);
  await work();
  running = false;
  return longest;
}

function heapBytes(): number {
  for (let i = 0; i < 3; i += 1) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

async function whileListing(): Promise<void> {
  const goal = 'The tree beside a listing, processor time';
  for (const count of [10_000, 30_000, many]) {
    const fleet = fleetOf(count);
    const alone = benchOf(fleet, { tree: false });
    const without = await cpuOf(() => alone.list());
    alone.dispose();
    const bench = benchOf(fleet);
    // Somebody looks at a group from the first rows on.
    const opened = bench.model?.onDidChange(() => openOnce(bench.model?.tree.roots ?? []));
    let longest = 0;
    const took = await cpuOf(async () => (longest = await longestTaskOf(() => bench.list())));
    const { events, builds } = bench.seen;
    const detail = `${ms(took)} with it, ${ms(without)} without; ${builds} builds, ${events} events`;
    const each = Math.max(0, took - without) / (count / 10_000);
    print(goal, `${count.toLocaleString('en')} clients`, each, ['ms per 10,000', 100], detail);
    print('Longest task while listing', `${count.toLocaleString('en')} clients`, longest, ['ms', 200]);
    opened?.dispose();
    bench.dispose();
  }
}

async function refreshes(bench: Bench, fleet: Fleet): Promise<void> {
  const again = async (what: Fleet): Promise<{ took: number; events: number; rows: number }> => {
    bench.fleet = what;
    Object.assign(bench.seen, { events: 0, rows: 0 });
    const took = await cpuOf(() => bench.list());
    return { took, ...bench.seen };
  };
  await again(fleet);
  const before = bench.model?.tree;
  const same = await again(fleet);
  const goal = 'Refresh, nothing changed, 100,000 clients';
  print(goal, 'events', same.events, ['events', 0], `${ms(same.took)} of processor time, parsing included`);
  print(goal, 'new trees', Number(bench.model?.tree !== before), ['trees', 0]);
  const beaten = await again(withHeartbeats(fleet));
  const detail = `${ms(beaten.took)} of processor time`;
  print('Refresh, only heartbeats changed, 100,000 clients', 'events', beaten.events, ['events', 0], detail);
  await again(fleet);
  for (const every of [10_000, 1000, 100]) {
    const changed = await again(withChanges(fleet, every));
    const k = many / every;
    const cost = Math.max(0, changed.took - same.took);
    print(
      `Refresh, ${k} changed of 100,000`,
      'rows drawn again',
      changed.rows,
      ['rows', k],
      `${ms(cost)} more`,
    );
    await again(fleet);
  }
}

async function choices(bench: Bench): Promise<void> {
  const tree = () => bench.model?.tree.roots ?? [];
  const timed = async (what: string, work: () => unknown): Promise<void> => {
    const took = await cpuOf(work);
    print('Choices at 100,000 clients, processor time', what, took, ['ms', 200]);
  };
  const choose = (change: Partial<Pick<Bench, 'groupBy' | 'filter'>>): readonly unknown[] => {
    Object.assign(bench, change);
    bench.choose();
    return openOnce(tree());
  };
  await timed('group by zone, open a group', () => choose({ groupBy: ['zone'] }));
  await timed('no groups, open a range', () => choose({ groupBy: [] }));
  await timed('group by tag and version, open a group', () => choose({ groupBy: ['tag:team', 'version'] }));
  await timed('filter by a word, open a group', () =>
    choose({ groupBy: ['status', 'zone'], filter: 'db-77' }),
  );
  await timed('filter by terms, open a group', () => choose({ filter: 'zone:cn-hangzhou-b is:upgradable' }));
  await timed('clear the filter, open a group', () => choose({ filter: '' }));
  const listings = bench.model?.filterable ?? [];
  await timed('filter box without a text', () => countTerms(parseFilter(''), listings));
  await timed('filter box with a word', () => countTerms(parseFilter('db-77'), listings));
  const rows = bench.model?.tree.clients ?? [];
  await timed('find the groups of 300 rows', () => {
    for (const { id } of rows.slice(-300)) bench.model?.tree.parentOf(id);
  });
  await timed('look up 10,000 rows', () => {
    for (const { id } of rows.slice(0, 10_000)) bench.model?.tree.node(id);
  });
}

async function memory(): Promise<Bench> {
  const fleet = fleetOf(many);
  const empty = heapBytes();
  const raw = fleet.pages.map((page) => JSON.parse(page) as BackupClient[]);
  const ofRaw = heapBytes() - empty;
  raw.length = 0;
  const base = heapBytes();
  const bench = benchOf(fleet);
  await bench.list();
  openOnce(bench.model?.tree.roots ?? []);
  const above = heapBytes() - base - ofRaw;
  const detail = `${Math.round(ofRaw / many)} bytes a raw record`;
  print('Memory above the raw records', '100,000 clients', above / many, ['bytes a client', 1536], detail);
  await refreshes(bench, fleet);
  await choices(bench);
  return bench;
}

async function growth(): Promise<void> {
  const fleet = fleetOf(2000);
  const fleets = [fleet, withHeartbeats(fleet), withChanges(fleet, 7)];
  const bench = benchOf(fleet);
  const round = async (times: number): Promise<number> => {
    for (let i = 0; i < times; i += 1) {
      bench.fleet = fleets[i % fleets.length] ?? fleet;
      await bench.list();
      openOnce(bench.model?.tree.roots ?? []);
    }
    return heapBytes();
  };
  const before = await round(30);
  const after = await round(1000);
  const detail = `${Math.round((after - before) / 1024)} KB more`;
  print('Growth over 1,000 refreshes', '2,000 clients', after / before, ['× heap', 1.02], detail);
  bench.dispose();
}

async function measure(): Promise<void> {
  (await memory()).dispose();
  await whileListing();
  await growth();
}

void measure();
