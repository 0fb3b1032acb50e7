// @ts-check
// Figures of the suites beside their goals, for people.

/** @typedef {import('./figure').Figure} Figure */

/** Figures that a suite printed, one JSON object a line. @param {string} output @returns {Figure[]} */
export function figuresIn(output) {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => {
      const figure = JSON.parse(line);
      for (const name of ['goal', 'what', 'unit', 'better']) {
        if (typeof figure[name] !== 'string') throw new Error(`a figure without "${name}": ${line}`);
      }
      for (const name of ['value', 'limit']) {
        if (typeof figure[name] !== 'number') throw new Error(`a figure without "${name}": ${line}`);
      }
      return figure;
    });
}

/** The same figures of several runs, each with its median and the detail of the last run. @param {Figure[][]} runs */
export function mediansOf(runs) {
  return (runs.at(-1) ?? []).map((figure) => {
    const same = runs.flat().filter(({ goal, what }) => goal === figure.goal && what === figure.what);
    return { ...figure, value: median(same.map(({ value }) => value)) };
  });
}

/** @param {number[]} values at least one */
export function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** @param {Figure} figure */
export function reached({ value, limit, better }) {
  return better === 'lower' ? value <= limit : value >= limit;
}

/**
 * The report of a run as a person reads it.
 *
 * @param {{ date: string, node: string, platform: string, cores: number, cpu: string, loadAverage: number, runs: number,
 *   suites: Record<string, Figure[]> }} report
 */
export function goalsText(report) {
  const { runs, loadAverage, cores } = report;
  return [
    `${report.date.slice(0, 10)}, Node ${report.node}, ${report.platform}, ${cores} cores (${report.cpu}); medians of ${runs} runs.`,
    ...(loadAverage > cores / 2
      ? [
          `Something else keeps this machine busy (load ${loadAverage.toFixed(1)}): compare CPU time, not wall time.`,
        ]
      : []),
    ...Object.entries(report.suites).flatMap(([suite, figures]) => ['', `${suite}:`, ...rows(figures)]),
  ].join('\n');
}

/** @param {Figure[]} figures */
function rows(figures) {
  const cells = figures.map((figure) => [
    reached(figure) ? 'ok' : 'short',
    figure.goal,
    figure.what,
    `${short(figure.value)} ${figure.unit}`,
    `${figure.better === 'lower' ? '≤' : '≥'} ${short(figure.limit)}`,
  ]);
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return figures.flatMap(({ detail }, index) => [
    `  ${(cells[index] ?? []).map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
    ...(detail === undefined ? [] : [`         ${detail}`]),
  ]);
}

/** Three digits that count, and separators. @param {number} value */
function short(value) {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}
