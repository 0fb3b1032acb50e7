// @ts-check
// What is done in the editor, and how long each takes: from the click or key, as the page got it, until the page has the
// rows. The functions of `bench` are those of inPage.js.

/** @typedef {import('./openEditor.mjs').Editor} Editor */
/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {{ index: number, level: number, label: string, description: string, expanded: string | null, selected: boolean, siblings: number }} Row */
/** @typedef {{ cpuMs: number, heapUsed: number, longestMs: number }} Watched what the extension host did meanwhile */

const view = 'Backup Clients';
const quoted = JSON.stringify(view);
const longestListMs = 300_000;
const longestActionMs = 60_000;

/** @param {Page} page @param {string} condition @param {number} [timeoutMs] @returns {Promise<{ at: number, input: number }>} */
const until = (page, condition, timeoutMs = longestActionMs) =>
  page.evaluate(`bench.until(() => ${condition}, ${timeoutMs})`);

/**
 * Does something by mouse or keyboard.
 *
 * @param {Page} page @param {() => Promise<unknown>} act @param {string} condition
 * @returns milliseconds from there until a condition of the page holds
 */
async function timed(page, act, condition) {
  const pending = until(page, condition);
  pending.catch(() => undefined);
  await act();
  const { at, input } = await pending;
  return at - input;
}

/** @param {Page} page @returns {Promise<Row[]>} */
const rowsOf = (page) => page.evaluate(`bench.rows(${quoted})`);

/** What came before is done: the page and the extension host are idle again. @param {Page} page */
const settled = (page) => page.waitForTimeout(500);

/** @param {number} clients */
const isWhole = (clients) =>
  `bench.counted(${quoted}) === ${clients} && !/^Load/.test(bench.message(${quoted}))`;

/** @param {string} title @param {string} label */
const isOpen = (title, label) =>
  `bench.below(${JSON.stringify(title)}, ${JSON.stringify(label)}) !== undefined`;

/** @param {Page} page @param {string} title @param {string} label */
async function clickTwistie(page, title, label) {
  const at = await page.evaluate(`bench.twistie(${JSON.stringify(title)}, ${JSON.stringify(label)})`);
  if (!at) throw new Error(`there is no row ${label}: ${JSON.stringify(await rowsOf(page))}`);
  await page.mouse.click(at.x, at.y);
}

/** @param {Page} page @param {string} title @param {string} label */
const expand = (page, title, label) =>
  timed(page, () => clickTwistie(page, title, label), isOpen(title, label));

/** @param {Page} page @param {string} title @param {string} label */
const collapse = (page, title, label) =>
  timed(page, () => clickTwistie(page, title, label), `!(${isOpen(title, label)})`);

/** The first row below another. @param {Page} page @param {string} label @returns {Promise<Row>} */
const rowBelow = (page, label) => page.evaluate(`bench.below(${quoted}, ${JSON.stringify(label)})`);

/** Runs a command of the palette. @param {Page} page @param {string} words */
async function command(page, words) {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget:visible input.input').fill(`>${words}`);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: words }).first().waitFor();
  await page.keyboard.press('Enter');
}

/** Lists in the extension host, without a view. @param {Editor} editor @param {object} target */
export async function listAlone({ page, ask }, target) {
  await settled(page);
  await ask('watch');
  const wallMs = /** @type {number} */ (await ask('list', target));
  const { cpuMs, heapUsed } = /** @type {Watched} */ (await ask('watched'));
  return { wallMs, cpuMs, heapUsed };
}

/**
 * Opens the view and waits for the whole list.
 *
 * @param {Editor} editor @param {object} target
 * @param {{ clients: number, clicking: boolean }} options `clicking` opens and closes a group all the time
 */
export async function openList({ page, ask }, target, { clients, clicking }) {
  await ask('connect', target);
  await settled(page);
  await ask('watch');
  await page.evaluate(`void (globalThis.recorded = bench.record(${quoted}))`);
  const first = until(page, `bench.counted(${quoted}) > 0`, longestListMs);
  const end = until(page, isWhole(clients), longestListMs);
  let ended = !clicking;
  const stopClicking = () => {
    ended = true;
  };
  end.then(stopClicking, stopClicking);
  await page.locator('.activitybar .action-item:has(a[aria-label^="Alibaba Cloud"])').click();
  const { at: firstAt, input } = await first;
  const clicks = [];
  while (!ended) {
    const [group] = await rowsOf(page);
    if (group) clicks.push(await expand(page, view, group.label), await collapse(page, view, group.label));
  }
  const { at } = await end;
  const { longestMs, cpuMs, heapUsed } = /** @type {Watched} */ (await ask('watched'));
  /** @type {{ changes: number[], longTasks: number[] }} */
  const { changes, longTasks } = await page.evaluate('recorded()');
  const moments = [input, ...changes.filter((moment) => moment > input && moment <= at)];
  return {
    firstRowsMs: firstAt - input,
    wallMs: at - input,
    clicks,
    changes: moments.length - 1,
    longestGapMs: Math.max(...moments.map((moment, i) => (moments[i + 1] ?? at) - moment)),
    longestTaskInPageMs: Math.max(0, ...longTasks),
    ...{ longestMs, cpuMs, heapUsed },
  };
}

/**
 * Uses the list that {@link openList} has opened.
 *
 * @param {Editor} editor @param {{ regionId: string }} target @param {number} clients
 */
export async function useList({ page, ask }, target, clients) {
  // Last backups and clients that change are read after the list.
  await page.waitForTimeout(3_000);
  const opened = await openEach(page);
  const { level, selectAll, menu } = await useLargest(page, opened.largest);
  const reveal = await revealOne(page, ask, target, level);
  await ask('command', 'workbench.actions.treeView.cloudBackup.clients.collapseAll');
  await until(page, isWhole(clients));
  const filter = await filterBy(page, 'web');
  await command(page, 'Alibaba Cloud Backup: Clear Filter');
  await until(page, isWhole(clients));
  const regroup = await groupByZone(page, clients);
  const emptyMs = await openEmptyTree(page);
  return { ...opened, selectAll, menu, reveal, filter, regroup, emptyMs };
}

/** Opens each group at the top, and the first row of each. @param {Page} page */
async function openEach(page) {
  const groups = (await rowsOf(page)).filter(({ level }) => level === 1);
  let slowest = { ms: 0, detail: '' };
  let largest = { label: '', count: 0 };
  let mostRows = 0;
  const note = (/** @type {number} */ ms, /** @type {string} */ label) => {
    if (ms > slowest.ms) slowest = { ms, detail: `: ${label}` };
  };
  for (const { label, description } of groups) {
    const count = Number(description.replace(/ ·.*|,/g, ''));
    if (count > largest.count) largest = { label, count };
    note(await expand(page, view, label), `${label} ${description}`);
    await settled(page);
    const below = await rowBelow(page, label);
    mostRows = Math.max(mostRows, below.siblings);
    if (below.expanded !== null) {
      note(await expand(page, view, below.label), `${label} › ${below.label} ${below.description}`);
      mostRows = Math.max(mostRows, (await rowBelow(page, below.label)).siblings);
      await settled(page);
      await collapse(page, view, below.label);
    }
    await collapse(page, view, label);
    await settled(page);
  }
  return { expand: slowest, mostRows, largest: largest.label };
}

/** Selects everything in the largest group, and opens the menu of the group. @param {Page} page @param {string} label */
async function useLargest(page, label) {
  const path = [label];
  await expand(page, view, label);
  for (let below = await rowBelow(page, label); below.expanded !== null;) {
    path.push(below.label);
    await expand(page, view, below.label);
    below = await rowBelow(page, below.label);
  }
  await settled(page);
  const level = path.length + 1;
  const rows = (await rowsOf(page)).filter((row) => row.level === level);
  await page
    .locator('.pane-body .monaco-list-row', { hasText: rows[0]?.label ?? '' })
    .first()
    .click();
  await settled(page);
  const selectAll = await timed(
    page,
    () => page.keyboard.press('ControlOrMeta+a'),
    `bench.rows(${quoted}).every((row) => row.level !== ${level} || row.selected)`,
  );
  await page.keyboard.press('Escape');
  const menu = await timed(
    page,
    () => page.locator('.pane-body .monaco-list-row', { hasText: label }).first().click({ button: 'right' }),
    `bench.hasMenu()`,
  );
  await page.keyboard.press('Escape');
  for (const open of path.toReversed()) await collapse(page, view, open);
  return { level, selectAll: { ms: selectAll, detail: '' }, menu: { ms: menu, detail: '' } };
}

/** Opens a link to a client whose groups are closed. @param {Page} page @param {Editor['ask']} ask @param {{ regionId: string }} target @param {number} level */
async function revealOne(page, ask, { regionId }, level) {
  const id = await ask('someId');
  const revealed = until(page, `bench.rows(${quoted}).some((row) => row.selected && row.level === ${level})`);
  const now = /** @type {number} */ (await page.evaluate('performance.now()'));
  await ask('link', { profile: 'Demo', region: regionId, id });
  return { ms: (await revealed).at - now, detail: ', opening a link' };
}

/** @param {Page} page @param {string} text */
async function filterBy(page, text) {
  await command(page, 'Alibaba Cloud Backup: Filter Clients…');
  await page.locator('.quick-input-widget:visible input.input').fill(text);
  const rows = page.locator('.quick-input-widget:visible .monaco-list-row', { hasText: text });
  await rows.first().waitFor();
  await settled(page);
  const ms = await timed(
    page,
    () => page.keyboard.press('Enter'),
    `bench.counted(${quoted}) > 0 && bench.counted(${quoted}) === bench.filtered(${quoted})`,
  );
  return { ms, detail: '' };
}

/** @param {Page} page @param {number} clients */
async function groupByZone(page, clients) {
  await command(page, 'Alibaba Cloud Backup: Group By…');
  const rows = page.locator('.quick-input-widget:visible .monaco-list-row');
  await rows.filter({ hasText: 'Zone' }).first().click();
  await page.locator('.quick-input-widget:visible', { hasText: '2/2' }).waitFor();
  await settled(page);
  const ms = await timed(
    page,
    () => rows.filter({ hasText: 'No groups inside' }).first().click(),
    `bench.rows(${quoted}).some(({ label }) => /hangzhou/.test(label)) && ${isWhole(clients)}`,
  );
  return { ms, detail: '' };
}

/** @param {Page} page */
async function openEmptyTree(page) {
  await page.locator('.activitybar .action-item:has(a[aria-label^="Bench"])').click();
  await page.locator('.pane-body .monaco-list-row', { hasText: 'Empty 1' }).waitFor();
  const all = [];
  for (let row = 1; row <= 5; row++) {
    await settled(page);
    all.push(await expand(page, 'Empty Tree', `Empty ${row}`));
    await collapse(page, 'Empty Tree', `Empty ${row}`);
  }
  return all.toSorted((one, other) => one - other)[2] ?? NaN;
}
