// The report of `npm run bench` as a person reads it.

const titles = {
  ours: 'this extension',
  official: 'official client, page by page',
  floor: 'floor',
};

/** @returns {string} the report as text tables */
export function benchText(report) {
  const { clients, latencyMs, runs, loadAverage, cores } = report;
  return [
    `${count(clients)} clients, ${latencyMs} ms a call; medians of ${runs} runs each, in fresh processes, taking turns.`,
    `${report.date.slice(0, 10)}, Node ${report.node}, ${report.platform}, ${cores} cores (${report.cpu}).`,
    ...(loadAverage > cores / 2
      ? [
          `Something else keeps this machine busy (load ${loadAverage.toFixed(1)}): compare CPU time, not wall time.`,
        ]
      : []),
    'One round before the measured ones is thrown away: it warms the simulator; contestants always start cold.',
    '',
    ...table(
      [
        '',
        'wall ms',
        'min–max',
        '× ours',
        '× floor',
        'first rows ms',
        'CPU ms',
        '× floor',
        'max RSS MB',
        'ready ms',
      ],
      Object.entries(report.contestants).map(([name, contestant]) => contestantRow(titles[name], contestant)),
    ),
    '',
    ...table(
      ['bundle', 'bytes', 'gzip'],
      report.bundles.map(({ file, bytes, gzipBytes }) => [file, count(bytes), count(gzipBytes)]),
    ),
    '',
    ...activationLines(report.activation),
  ].join('\n');
}

function contestantRow(title, { median, timesOurs, timesFloor, runs }) {
  const walls = runs.map(({ wallMs }) => wallMs);
  return [
    title,
    median.wallMs.toFixed(0),
    `${Math.min(...walls).toFixed(0)}–${Math.max(...walls).toFixed(0)}`,
    timesOurs.wallMs.toFixed(2),
    timesFloor.wallMs.toFixed(2),
    median.firstRowsMs.toFixed(0),
    median.cpuMs.toFixed(0),
    timesFloor.cpuMs.toFixed(2),
    (median.maxRssBytes / 1e6).toFixed(0),
    median.readyMs.toFixed(0),
  ];
}

function activationLines(activation) {
  if (activation === null)
    return ['Activation: not measured here, see npm test (it needs a real extension host).'];
  return Object.entries(activation).map(([name, ms]) => `Activation, ${name}: ${ms.toFixed(1)} ms`);
}

/** Lines with columns under each other: the first to the left, figures to the right. */
function table(head, rows) {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)));
  const cell = (text, column) => (column === 0 ? text.padEnd(widths[0]) : text.padStart(widths[column]));
  return [head, ...rows].map((row) => row.map(cell).join('  ').trimEnd());
}

function count(number) {
  return number.toLocaleString('en-US');
}
