// @ts-check
// Suite `wire`: how long a large listing takes, beside the official client and beside the least that Node can do.
import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { buildProduct, buildProgram } from './builds.mjs';
import { median } from './goals.mjs';
import { startService } from './service.mjs';

/** @typedef {'ours' | 'official' | 'floor'} Contestant */
/** @typedef {{ readyMs: number, firstRowsMs: number, wallMs: number, cpuMs: number, maxRssBytes: number, listHash: string }} Listing */

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
 * @param {string} program @param {object} target @returns {Promise<Listing>}
 */
async function list(program, target) {
  const { stdout } = await promisify(execFile)(process.execPath, [program], {
    env: { ...process.env, BENCH_TARGET: JSON.stringify(target) },
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
        // The warm-up needs no contestant that goes page by page.
        if (round === 0 && name === 'official') continue;
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

for (const clients of [10_000, 100_000]) {
  for (const latency of [0, 50, 150]) {
    // Page by page, 100,000 clients take minutes each time.
    const beside = clients === 10_000 && latency <= 50;
    const { ours, floor, official } = await contest(programs, {
      clients,
      latency,
      contestants: beside ? ['ours', 'official', 'floor'] : ['ours', 'floor'],
    });
    if (!ours || !floor) throw new Error('nothing was measured');
    const what = `${clients.toLocaleString('en-US')} clients at ${latency} ms`;
    print({
      ...{ goal: 'wall time beside the floor', what, unit: '× floor', limit: 1.15, better: 'lower' },
      value: ours.wallMs / floor.wallMs,
      detail: `${ours.wallMs.toFixed(0)} ms beside ${floor.wallMs.toFixed(0)} ms, RSS ${(ours.maxRssBytes / 1e6).toFixed(0)} beside ${(floor.maxRssBytes / 1e6).toFixed(0)} MB`,
    });
    print({
      ...{ goal: 'CPU beside the floor', what, unit: '× floor', limit: 1.5, better: 'lower' },
      value: ours.cpuMs / floor.cpuMs,
      detail: `${ours.cpuMs.toFixed(0)} ms beside ${floor.cpuMs.toFixed(0)} ms`,
    });
    if (official) {
      print({
        ...{
          goal: 'CPU beside the official client',
          what,
          unit: '× official',
          limit: 1,
          better: 'lower',
        },
        value: ours.cpuMs / official.cpuMs,
        detail: `${ours.cpuMs.toFixed(0)} ms beside ${official.cpuMs.toFixed(0)} ms`,
      });
      if (latency === 50) {
        print({
          ...{
            goal: 'faster than the official client',
            what,
            unit: '× as fast',
            limit: 10,
            better: 'higher',
          },
          value: official.wallMs / ours.wallMs,
          detail: `${ours.wallMs.toFixed(0)} ms beside ${official.wallMs.toFixed(0)} ms`,
        });
      }
    }
    if (latency > 0) {
      print({
        ...{ goal: 'first rows', what, unit: 'round trips', limit: 2, better: 'lower' },
        value: ours.firstRowsMs / latency,
        detail: `${ours.firstRowsMs.toFixed(0)} ms beside ${floor.firstRowsMs.toFixed(0)} ms`,
      });
    }
  }
}
