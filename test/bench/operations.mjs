// @ts-check
// Suite `operations`: what operations cost in the extension host (operations/engine.ts), and what the page of a large one
// costs in a browser.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { launchBrowser } from '../../scripts/browser.mjs';
import { ensureHost } from '../../scripts/host.mjs';
import { buildProduct, buildProgram, productFolder } from './builds.mjs';
import { figuresIn, median, mediansOf } from './goals.mjs';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });
const runs = Number(values.runs);
const print = (/** @type {import('./figure').Figure} */ figure) => console.log(JSON.stringify(figure));
const lower = /** @type {const} */ ({ better: 'lower' });

/** @param {string} program @returns {Promise<string>} what it prints */
async function outputOf(program) {
  const options = { maxBuffer: 64 * 1024 * 1024 };
  return (await promisify(execFile)(process.execPath, ['--expose-gc', program], options)).stdout;
}

async function engine() {
  const program = await buildProgram('operations/engine');
  const measured = [];
  for (let nth = 1; nth <= runs; nth++) measured.push(figuresIn(await outputOf(program)));
  mediansOf(measured).forEach(print);
}

/** The page as VS Code shows it: the same policy, the production build, and a host that answers `ready`. */
function document() {
  const policy = `default-src 'none'; script-src 'nonce-n'; style-src 'self' 'nonce-n'; connect-src 'self'`;
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="n">
<link rel="stylesheet" href="webview.css"></head>
<body class="vscode-dark" data-page="operation"><main aria-busy="true"></main>
<script nonce="n">
  window.tasks = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) tasks.push({ startTime, duration });
  }).observe({ type: 'longtask', buffered: true });
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const loaded = fetch('messages.json').then((response) => response.json());
  const longest = (since) => Math.max(0, ...tasks.filter((one) => one.startTime >= since).map((one) => one.duration));
  async function send(message) {
    window.postMessage(message, '*');
    await painted();
  }
  async function measure() {
    const [first, ...changes] = await loaded;
    let since = performance.now();
    await send(first);
    const firstPaint = performance.now() - since;
    await pause(500);
    const firstTask = longest(since);
    const rows = document.querySelectorAll('.clients tbody tr').length;
    since = performance.now();
    for (const change of changes) {
      await send(change);
      await pause(50);
    }
    await pause(200);
    const updateTask = longest(since);
    since = performance.now();
    for (let y = 0; y < 60000; y += 3000) {
      window.scrollTo(0, y);
      await painted();
    }
    await pause(200);
    const scrollTask = longest(since);
    const all = document.querySelectorAll('tr').length;
    since = performance.now();
    document.querySelector('.clients th button').click();
    await painted();
    const sort = performance.now() - since;
    return { firstPaint, firstTask, rows, updateTask, scrollTask, all, sort };
  }
  window.acquireVsCodeApi = () => ({
    postMessage: ({ type }) => { if (type === 'ready') window.measured = measure(); },
    getState: () => undefined,
    setState: () => undefined,
  });
</script>
<script nonce="n" src="webview.js"></script></body></html>`;
}

async function page() {
  await buildProduct();
  const messages = await outputOf(await buildProgram('operations/pageMessages'));
  /** @type {Map<string, readonly [type: string, content: string | Buffer]>} */
  const files = new Map();
  files.set('/', ['text/html', document()]).set('/messages.json', ['application/json', messages]);
  for (const [name, type] of [
    ['webview.js', 'text/javascript'],
    ['webview.css', 'text/css'],
  ]) {
    if (name && type) files.set(`/${name}`, [type, readFileSync(path.join(productFolder, name))]);
  }
  const server = createServer(({ url }, response) => {
    const [type, content] = files.get(url ?? '') ?? [];
    if (type === undefined) response.writeHead(404);
    else response.writeHead(200, { 'content-type': type });
    response.end(content);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const browser = await launchBrowser((await ensureHost((text) => console.error(text))).browser);
  /** @type {Record<string, number>[]} */
  const measured = [];
  try {
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    for (let nth = 1; nth <= runs; nth++) {
      const tab = await browser.newPage({ viewport: { width: 1000, height: 800 } });
      await tab.goto(`http://127.0.0.1:${port}/`);
      measured.push(await tab.evaluate('window.measured'));
      await tab.close();
    }
  } finally {
    await browser.close();
    server.close();
  }
  const of = (/** @type {string} */ name) => median(measured.map((one) => one[name] ?? NaN));
  const what = 'an operation on 5,000 machines';
  const goal = (/** @type {string} */ name) => `page: ${name}`;
  const ms = { ...lower, what, unit: 'ms' };
  print({
    ...ms,
    goal: goal('first paint'),
    value: of('firstPaint'),
    limit: 300,
    detail: `longest task ${of('firstTask')} ms`,
  });
  print({ ...ms, goal: goal('longest task of 60 updates'), value: of('updateTask'), limit: 50 });
  print({ ...ms, goal: goal('longest task while scrolling'), value: of('scrollTask'), limit: 50 });
  print({ ...ms, goal: goal('sort'), value: of('sort'), limit: 200 });
  print({ ...lower, what, goal: goal('rows drawn'), value: of('rows'), unit: 'rows', limit: 200 });
}

await engine();
await page();
