import { numberInWords } from '../../kernel/localize';
import type { Target } from './targets';

/** The color of a series. Each has a meaning, and none has it alone: labels and textures say the same. */
export type Tone = 'bad' | 'warning' | 'running' | 'upgrade' | 'good' | 'off';

/** Distinguishes series of one color. 0 is plain. */
export type Texture = 0 | 1 | 2 | 3 | 4;

/** Something that is counted in each row of a chart. Every text is localized and safe to show. */
export interface Series {
  readonly id: string;
  readonly label: string;
  readonly tone: Tone;
  /** Which of the textures it has; unlike that of any other series of the same tone in the chart. */
  readonly texture: Texture;
  /** In all rows. */
  readonly count: number;
  readonly countText: string;
  readonly target?: Target;
}

/** A number above zero in a row. Its mark is as large as the number. */
export interface Mark {
  readonly series: string;
  readonly count: number;
  readonly countText: string;
  /** What it shows and what it opens, for a screen reader and a tooltip. */
  readonly sentence: string;
  readonly target?: Target;
}

export interface ChartRow {
  readonly id: string;
  readonly label: string;
  /** Said of the row after its label; empty if there's nothing to say. */
  readonly note: string;
  readonly count: number;
  readonly countText: string;
  readonly target?: Target;
  /** In the order of the series, without those that are zero. */
  readonly marks: readonly Mark[];
}

/** One chart and its table: both show these numbers. */
export interface Chart {
  readonly id: ChartId;
  readonly title: string;
  /** What it shows, in a sentence or two with the most important number. */
  readonly summary: string;
  /** `bars` are horizontal, one below the other; `columns` are beside each other, for what has an order in time. */
  readonly shape: 'bars' | 'columns';
  /** Heading of the first column of the table. */
  readonly rowHeading: string;
  /** Without those that are zero in all rows. */
  readonly series: readonly Series[];
  /** Empty if there's nothing to count; then the summary says so. */
  readonly rows: readonly ChartRow[];
  /** A boundary between rows: before the row with this id, with these words. */
  readonly limit?: { readonly before: string; readonly label: string };
}

export type ChartId =
  'status' | 'versions' | 'heartbeats' | 'protection' | 'last-backups' | 'coverage' | 'operations';

/** What a chart is made from: rows and series as they're defined, and a count for each pair. */
export interface ChartSource<Row extends string = string, S extends string = string> {
  readonly rows: readonly RowSource<Row>[];
  readonly series: readonly SeriesSource<S>[];
  /** Not negative. */
  readonly countOf: (row: Row, series: S) => number;
  readonly targetOf: (row: Row, series: S) => Target | undefined;
  readonly sentenceOf: (row: string, series: string, count: number) => string;
}

export type RowSource<Row extends string = string> = Pick<ChartRow, 'label'> & {
  readonly id: Row;
  readonly note?: string;
  readonly target?: Target;
};

export type SeriesSource<S extends string = string> = Pick<Series, 'label' | 'tone' | 'texture'> & {
  readonly id: S;
  readonly target?: Target;
};

/** Rows and series with their counts. Series that are zero everywhere are left out; rows stay. */
export function chartOf<Row extends string, S extends string>(
  source: ChartSource<Row, S>,
): Pick<Chart, 'rows' | 'series'> {
  const totals = new Map<S, number>();
  const rows = source.rows.map(({ note = '', ...row }): ChartRow => {
    const marks = source.series.flatMap(({ id, label }): readonly Mark[] => {
      const count = source.countOf(row.id, id);
      if (count === 0) return [];
      totals.set(id, (totals.get(id) ?? 0) + count);
      const target = source.targetOf(row.id, id);
      return [
        {
          series: id,
          count,
          countText: numberInWords(count),
          sentence: source.sentenceOf(row.label, label, count),
          ...(target && { target }),
        },
      ];
    });
    const count = marks.reduce((sum, mark) => sum + mark.count, 0);
    return { ...row, note, count, countText: numberInWords(count), marks };
  });
  const series = source.series.flatMap((one): readonly Series[] => {
    const count = totals.get(one.id) ?? 0;
    return count === 0 ? [] : [{ ...one, count, countText: numberInWords(count) }];
  });
  return { rows, series };
}

/** Counts by two keys. */
export class Tally<Row extends string = string, S extends string = string> {
  readonly #counts = new Map<Row, Map<S, number>>();

  add(row: Row, series: S): void {
    const counts = this.#counts.get(row) ?? new Map<S, number>();
    this.#counts.set(row, counts);
    counts.set(series, (counts.get(series) ?? 0) + 1);
  }

  get(row: Row, series: S): number {
    return this.#counts.get(row)?.get(series) ?? 0;
  }

  /** In the order in which they were first counted. */
  get rows(): readonly Row[] {
    return [...this.#counts.keys()];
  }

  get series(): readonly S[] {
    return [...new Set([...this.#counts.values()].flatMap((counts) => [...counts.keys()]))];
  }
}
