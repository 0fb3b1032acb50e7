// @ts-check
// Suite `editor`: what a user of the real editor waits for, measured in its page.
import { parseArgs } from 'node:util';
import { launchBrowser } from '../../scripts/browser.mjs';
import { loadTestModule } from '../../scripts/bundleTests.mjs';
import { ensureHost } from '../../scripts/host.mjs';
import { buildProduct, buildProgram } from './builds.mjs';
import { openEditor } from './editor/openEditor.mjs';
import { listAlone, openList, useList } from './editor/whatIsMeasured.mjs';
import { median } from './goals.mjs';
import { startService } from './service.mjs';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    clients: { type: 'string', default: '10000,30000,100000' },
  },
});
const runs = Number(values.runs);

/** @param {import('./figure').Figure} figure */
const print = (figure) => console.log(JSON.stringify(figure));

await buildProduct();
const extension = await buildProgram('editor/inHost');
/** @type {typeof import('../support/host/installOnce')} */
const install = (await loadTestModule('support/host/installOnce.ts')).default;
await install.default();
const host = await ensureHost((text) => process.stderr.write(`${text}\n`));
const browser = await launchBrowser(host.browser);
const setup = { host, browser, extension, copyInstalled: install.copyInstalled };

/**
 * Something that is measured, in a fresh VS Code each time.
 *
 * @template T
 * @param {(editor: import('./editor/openEditor.mjs').Editor) => Promise<T>} measure
 */
async function inFreshEditor(measure) {
  const editor = await openEditor(setup);
  try {
    const result = await measure(editor);
    process.stderr.write(`${JSON.stringify(result)}\n`);
    return result;
  } catch (error) {
    await editor.screenshot();
    throw error;
  } finally {
    await editor.close();
  }
}

/** @param {number} clients */
async function measureAll(clients) {
  const service = await startService({ clients, latency: 0 });
  const { target } = service;
  const alone = [];
  const listed = [];
  const clicked = [];
  const used = [];
  try {
    for (let round = 1; round <= runs; round++) {
      process.stderr.write(`${clients} clients: round ${round} of ${runs}\n`);
      alone.push(await inFreshEditor((editor) => listAlone(editor, target)));
      const both = await inFreshEditor(async (editor) => [
        await openList(editor, target, { clients, clicking: false }),
        await useList(editor, target, clients),
      ]);
      const [list, use] =
        /** @type {[Awaited<ReturnType<typeof openList>>, Awaited<ReturnType<typeof useList>>]} */ (both);
      listed.push(list);
      used.push(use);
      clicked.push(await inFreshEditor((editor) => openList(editor, target, { clients, clicking: true })));
    }
  } finally {
    await service.stop();
  }
  return { alone, listed, clicked, used };
}

/** @param {number} value */
const rounded = (value) => value.toFixed(0);

/** @type {number | undefined} */
let smallest;
try {
  for (const clients of values.clients.split(',').map(Number)) {
    const { alone, listed, clicked, used } = await measureAll(clients);
    const what = `${clients.toLocaleString('en-US')} clients`;
    const wallMs = median(listed.map((one) => one.wallMs));
    const aloneMs = median(alone.map((one) => one.wallMs));
    const emptyMs = median(used.map((one) => one.emptyMs));
    const cpuMs = median(listed.map((one) => one.cpuMs));
    const aloneCpuMs = median(alone.map((one) => one.cpuMs));
    print({
      ...{ goal: 'whole list in view', what, unit: '× without a view', limit: 1.5, better: 'lower' },
      value: wallMs / aloneMs,
      detail: `${rounded(wallMs)} ms beside ${rounded(aloneMs)} ms, CPU ${rounded(cpuMs)} beside ${rounded(aloneCpuMs)} ms, first rows ${rounded(median(listed.map((one) => one.firstRowsMs)))} ms`,
    });
    const perClient = wallMs / clients;
    smallest ??= perClient;
    print({
      ...{
        goal: 'whole list, each client',
        what,
        unit: '× of the smallest list',
        limit: 1.2,
        better: 'lower',
      },
      value: perClient / smallest,
    });
    print({
      ...{ goal: 'longest without news while listing', what, unit: 'ms', limit: 1000, better: 'lower' },
      value: median(listed.map((one) => one.longestGapMs)),
      detail: `${rounded(median(listed.map((one) => one.changes)))} changes; longest task of the host ${rounded(median(listed.map((one) => one.longestMs)))} ms, of the page ${rounded(median(listed.map((one) => one.longestTaskInPageMs)))} ms`,
    });
    print({
      ...{ goal: 'slowest click while listing', what, unit: 'ms', limit: 200, better: 'lower' },
      value: median(clicked.map((one) => Math.max(0, ...one.clicks))),
      detail: `${clicked.reduce((sum, one) => sum + one.clicks.length, 0)} clicks`,
    });
    for (const action of /** @type {const} */ ([
      'expand',
      'selectAll',
      'menu',
      'reveal',
      'filter',
      'regroup',
    ])) {
      const ms = median(used.map((one) => one[action].ms));
      print({
        ...{ goal: action, what, unit: 'ms above an empty tree', limit: 200, better: 'lower' },
        value: ms - emptyMs,
        detail: `${rounded(ms)} ms beside ${rounded(emptyMs)} ms${used.at(-1)?.[action].detail ?? ''}`,
      });
    }
    print({
      ...{ goal: 'rows below one row', what, unit: 'rows', limit: 500, better: 'lower' },
      value: Math.max(...used.map((one) => one.mostRows)),
    });
  }
} finally {
  await browser.close();
}
