// @ts-check
// Suite `wire`: how long a large listing takes, beside the official client and beside the least that Node can do.
import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { buildProduct, buildProgram } from './builds.mjs';
import { median } from './goals.mjs';
import { startService } from './service.mjs';

/** @typedef {'ours' | 'official' | 'floor'} Contestant */
/** @typedef {{ readyMs: number, firstRowsMs: number, wallMs: number, cpuMs: number, maxRssBytes: number, listHash: string, mostInFlight?: number }} Listing */

const longestRunMs = 10 * 60_000;
const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });
const runs = Number(values.runs);

/** @param {import('./figure').Figure} figure */
const print = (figure) => console.log(JSON.stringify(figure));
/** @param {string} text */
const progress = (text) => process.stderr.write(`${text}\n`);

/**
 * One listing in a fresh process. Rejects when the list was not exactly the one expected.
 *
 * @param {string} program @param {object} target @param {NodeJS.ProcessEnv} [env] @returns {Promise<Listing>}
 */
async function list(program, target, env = {}) {
  const { stdout } = await promisify(execFile)(process.execPath, [program], {
    env: { ...process.env, ...env, BENCH_TARGET: JSON.stringify(target) },
    timeout: longestRunMs,
  });
  return JSON.parse(stdout);
}

/**
 * All runs of a setting, taking turns; the order moves on by one each round, so that none always follows the same one. The
 * first round warms the simulator and doesn't count.
 *
 * @param {Record<string, string>} programs
 * @param {{ clients: number, latency: number, contestants: Contestant[] }} setting
 * @returns {Promise<Record<string, Listing>>} medians of each
 */
async function contest(programs, { clients, latency, contestants }) {
  const service = await startService({ clients, latency });
  /** @type {Record<string, Listing[]>} */
  const measured = Object.fromEntries(contestants.map((name) => [name, []]));
  try {
    for (let round = 0; round <= runs; round++) {
      progress(
        `${clients} clients, ${latency} ms: ${round === 0 ? 'warm-up round' : `round ${round} of ${runs}`}`,
      );
      for (let turn = 0; turn < contestants.length; turn++) {
        const name = contestants[(round + turn) % contestants.length] ?? 'ours';
        // The warm-up needs no contestant that goes page by page, which takes minutes for 100,000 clients.
        if (name === 'official' && (round === 0 || (round > 1 && clients > 10_000))) continue;
        const listing = await list(programs[name] ?? '', service.target);
        if (round > 0) measured[name]?.push(listing);
      }
    }
  } finally {
    await service.stop();
  }
  const hashes = new Set(Object.values(measured).flatMap((all) => all.map(({ listHash }) => listHash)));
  if (hashes.size !== 1) throw new Error('the contestants did not list the same clients');
  return Object.fromEntries(Object.entries(measured).map(([name, all]) => [name, medianListing(all)]));
}

/** @param {Listing[]} all @returns {Listing} */
function medianListing(all) {
  /** @param {(listing: Listing) => number} figure */
  const of = (figure) => median(all.map(figure));
  return {
    readyMs: of(({ readyMs }) => readyMs),
    firstRowsMs: of(({ firstRowsMs }) => firstRowsMs),
    wallMs: of(({ wallMs }) => wallMs),
    cpuMs: of(({ cpuMs }) => cpuMs),
    maxRssBytes: of(({ maxRssBytes }) => maxRssBytes),
    listHash: '',
  };
}

await buildProduct();
/** @type {Record<string, string>} */
const programs = {};
for (const name of ['ours', 'official', 'floor']) programs[name] = await buildProgram(`wire/${name}`);

await measureListings();
await measureThrottled();
await measureProxy();

async function measureListings() {
  for (const clients of [10_000, 100_000]) {
    for (const latency of [0, 50, 150]) {
      const { ours, floor, official } = await contest(programs, {
        clients,
        latency,
        contestants: latency <= 50 ? ['ours', 'official', 'floor'] : ['ours', 'floor'],
      });
      if (!ours || !floor) throw new Error('nothing was measured');
      printListing({ ours, floor, official, clients, latency });
    }
  }
}

/**
 * @param {{ ours: Listing, floor: Listing, official: Listing | undefined, clients: number, latency: number }} measured
 */
function printListing({ ours, floor, official, clients, latency }) {
  const what = `${clients.toLocaleString('en-US')} clients at ${latency} ms`;
  /** @param {number} one @param {number} other @param {string} [unit] */
  const beside = (one, other, unit = 'ms') => `${one.toFixed(0)} ${unit} beside ${other.toFixed(0)} ${unit}`;
  const megabytes = beside(ours.maxRssBytes / 1e6, floor.maxRssBytes / 1e6, 'MB');
  print({
    ...{ goal: 'wall time beside the floor', what, unit: '× floor', limit: 1.15, better: 'lower' },
    value: ours.wallMs / floor.wallMs,
    detail: `${beside(ours.wallMs, floor.wallMs)}; most memory ${megabytes}`,
  });
  print({
    ...{ goal: 'CPU beside the floor', what, unit: '× floor', limit: 1.5, better: 'lower' },
    value: ours.cpuMs / floor.cpuMs,
    detail: beside(ours.cpuMs, floor.cpuMs),
  });
  if (official) {
    print({
      ...{ goal: 'CPU beside the official client', what, unit: '× official', limit: 1, better: 'lower' },
      value: ours.cpuMs / official.cpuMs,
      detail: beside(ours.cpuMs, official.cpuMs),
    });
  }
  if (official && latency === 50) {
    print({
      ...{ goal: 'faster than the official client', what, unit: '× as fast', limit: 10, better: 'higher' },
      value: official.wallMs / ours.wallMs,
      detail: beside(ours.wallMs, official.wallMs),
    });
  }
  if (latency > 0) {
    print({
      ...{ goal: 'first rows', what, unit: 'round trips', limit: 2, better: 'lower' },
      value: ours.firstRowsMs / latency,
      detail: beside(ours.firstRowsMs, floor.firstRowsMs),
    });
  }
}

/** How a listing fares with a service that refuses calls. */
async function measureThrottled() {
  const clients = 10_000;
  const pages = Math.ceil(clients / 99);
  const action = 'DescribeBackupClients';
  /** @type {{ what: string, rule: object, idealMs?: number, idealCalls: number }[]} */
  const services = [
    { what: 'a fifth of all calls refused', rule: { probability: 0.2 }, idealCalls: pages / 0.8 },
    {
      ...{ what: '10 calls a second', rule: { perSecond: 10 }, idealCalls: pages },
      idealMs: Math.floor((pages - 1) / 10) * 1000,
    },
  ];
  for (const { what, rule, idealMs, idealCalls } of services) {
    const walls = [];
    const sent = [];
    for (let round = 1; round <= runs; round++) {
      progress(`${what}: round ${round} of ${runs}`);
      const faults = [{ action, fault: 'throttle', ...rule }];
      const service = await startService({ clients, latency: 50, faults });
      try {
        walls.push((await list(programs['ours'] ?? '', service.target)).wallMs);
        const journal = /** @type {{ action: string }[]} */ (
          await (await fetch(`${service.target.endpoint}/__journal`)).json()
        );
        sent.push(
          journal.filter((/** @type {{ action: string }} */ entry) => entry.action === action).length,
        );
      } finally {
        await service.stop();
      }
    }
    const detail = `${median(walls).toFixed(0)} ms and ${median(sent)} calls for ${pages} pages`;
    if (idealMs !== undefined) {
      print({
        ...{ goal: 'throttled: wall time', what, unit: '× ideal', limit: 1.1, better: 'lower' },
        value: median(walls) / idealMs,
        detail,
      });
    }
    print({
      ...{ goal: 'throttled: calls', what, unit: '× ideal', limit: 1.5, better: 'lower' },
      value: median(sent) / idealCalls,
      detail,
    });
  }
}

/** Whether as many pages are in flight when each call costs a tunnel. */
async function measureProxy() {
  const clients = 10_000;
  const service = await startService({ clients, latency: 50 });
  const listings = [];
  try {
    for (let round = 1; round <= runs; round++) {
      progress(`a proxy: round ${round} of ${runs}`);
      listings.push(await list(programs['ours'] ?? '', service.target, { BENCH_TUNNEL_MS: '100' }));
    }
  } finally {
    await service.stop();
  }
  print({
    ...{ goal: 'behind a proxy: pages in flight', what: '100 ms a tunnel, 50 ms a call', unit: 'pages' },
    ...{ value: median(listings.map(({ mostInFlight = 0 }) => mostInFlight)), limit: 32, better: 'higher' },
    detail: `${median(listings.map(({ wallMs }) => wallMs)).toFixed(0)} ms for ${clients} clients`,
  });
}
