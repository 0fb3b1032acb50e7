// Runs in the page of the workbench, before VS Code: when rows appear, by the page's own clock.
(() => {
  /** The moment of the last click or key, as the browser took it. Milliseconds, as `performance.now()`. */
  let input = 0;
  for (const name of ['mousedown', 'keydown']) {
    addEventListener(name, (event) => (input = event.timeStamp), { capture: true, passive: true });
  }

  const pane = (title) =>
    [...document.querySelectorAll('.pane')].find((one) =>
      one.querySelector('.pane-header')?.textContent.toLowerCase().includes(title.toLowerCase()),
    );

  /** The rows of a view that are scrolled into sight. */
  const rows = (title) =>
    [...(pane(title)?.querySelectorAll('.monaco-list-row[role="treeitem"]') ?? [])]
      .map((row) => ({
        index: Number(row.dataset.index),
        level: Number(row.getAttribute('aria-level')),
        label: row.querySelector('.label-name')?.textContent ?? '',
        description: row.querySelector('.label-description')?.textContent ?? '',
        expanded: row.getAttribute('aria-expanded'),
        selected: row.getAttribute('aria-selected') === 'true',
        siblings: Number(row.getAttribute('aria-setsize')),
      }))
      .sort((one, other) => one.index - other.index);

  const message = (title) => pane(title)?.querySelector('.message')?.textContent ?? '';

  /** What the rows at the top count together. */
  const counted = (title) =>
    rows(title)
      .filter(({ level }) => level === 1)
      .reduce(
        (sum, { description }) => sum + Number(/^[\d,]+/.exec(description)?.[0].replace(/,/g, '') ?? 0),
        0,
      );

  /** How many a filter shows, as the view says it. */
  const filtered = (title) => Number(/^([\d,]+) of [\d,]+ shown/.exec(message(title))?.[1].replace(/,/g, ''));

  const hasMenu = () => document.querySelector('.monaco-menu .action-menu-item') !== null;

  /** The first row directly below the first row with a label. */
  const below = (title, label) => {
    const all = rows(title);
    const at = all.findIndex((row) => row.label.startsWith(label));
    const next = at < 0 ? undefined : all[at + 1];
    return next !== undefined && next.level > all[at].level ? next : undefined;
  };

  /** Calls back after each change of the page, and now. Answers what stops it. */
  const watch = (onChange) => {
    const observer = new MutationObserver(onChange);
    const everything = { subtree: true, childList: true, characterData: true, attributes: true };
    observer.observe(document, everything);
    onChange();
    return () => observer.disconnect();
  };

  /** Resolves when a condition holds: when that was, and when the last click or key before it was. */
  const until = (condition, timeoutMs) =>
    new Promise((resolve, reject) => {
      let stop = () => undefined;
      let ended = false;
      const late = setTimeout(() => {
        ended = true;
        stop();
        reject(
          new Error(
            `Not within ${timeoutMs} ms: ${condition}\n${JSON.stringify(rows('Backup Clients').slice(0, 8))}`,
          ),
        );
      }, timeoutMs);
      stop = watch(() => {
        if (ended || !condition()) return;
        ended = true;
        clearTimeout(late);
        stop();
        resolve({ at: performance.now(), input });
      });
      if (ended) stop();
    });

  /** Notes when the rows and the message of a view change, and how long tasks of the page take. */
  const record = (title) => {
    const changes = [];
    const longTasks = [];
    let last = '';
    const stop = watch(() => {
      const shown = JSON.stringify([counted(title), message(title)]);
      if (shown === last) return;
      last = shown;
      changes.push(performance.now());
    });
    const tasks = new PerformanceObserver((list) =>
      longTasks.push(...list.getEntries().map(({ duration }) => duration)),
    );
    tasks.observe({ type: 'longtask' });
    return () => {
      stop();
      tasks.disconnect();
      return { changes, longTasks };
    };
  };

  /** The middle of the arrow of the first row with a label, in CSS pixels; undefined while there is none. */
  const twistie = (title, label) => {
    const row = [...(pane(title)?.querySelectorAll('.monaco-list-row[role="treeitem"]') ?? [])].find((one) =>
      (one.querySelector('.label-name')?.textContent ?? '').startsWith(label),
    );
    const box = row?.querySelector('.monaco-tl-twistie')?.getBoundingClientRect();
    return box && { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };

  Object.assign(globalThis, {
    bench: { rows, message, counted, filtered, below, hasMenu, until, record, twistie },
  });
})();
