/** What a suite prints about one goal: one JSON object a line on standard output. */
export interface Figure {
  /** The goal in words, such as `CPU per 10,000 clients`. Unique in its suite together with `what`. */
  readonly goal: string;
  /** What was measured, and on how much: `10,000 clients at 50 ms`. */
  readonly what: string;
  readonly value: number;
  /** Such as `ms`, `× floor`, `bytes`, `events`. */
  readonly unit: string;
  /** The goal is reached at this very value. */
  readonly limit: number;
  /** On which side of the limit it's reached. */
  readonly better: 'lower' | 'higher';
  /** What the figure was made of, for people. */
  readonly detail?: string;
}

export function printFigure(figure: Figure): void {
  process.stdout.write(`${JSON.stringify(figure)}\n`);
}
