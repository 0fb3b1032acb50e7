import type { Clock } from '../kernel/clock';
import { rowId, type LiveQuestion, type LiveRows, type PickRow } from './interaction';

/** A row of a {@link LivePick} as it is drawn. */
export interface DrawnRow<T> {
  readonly row: PickRow<T>;
  readonly ticked: boolean;
  /** True for the row of the typed text: it is shown whether or not it matches that text. */
  readonly alwaysShow: boolean;
}

/**
 * What the box must do after an event: `draw` again, `clear` its text and draw again, put the ticks back as they were
 * (`restore`), or nothing (`keep`).
 */
export type PickReaction = 'draw' | 'clear' | 'restore' | 'keep';

/** Milliseconds after a draw in which a tick may arrive that VS Code took before it drew: it might be busy for seconds. */
const crossingMs = 10_000;

/** Milliseconds after a row was unticked in which a tick of it may be VS Code's answer to a draw from before. */
const echoMs = 2_000;

type TextRow<T> = Exclude<PickRow<T>, { readonly kind: 'heading' }>;

/**
 * The rules of a pick with ticks whose rows change while it is open. Ticks belong to ids, so they're kept while rows appear,
 * change and go. A row follows its `picked` until the user ticks or unticks it. VS Code can't disable a row and names a ticked row by its position: a blocked row unticks itself, and
 * rows keep their position while new ones follow below.
 */
export class LivePick<T> {
  readonly #question: Pick<LiveQuestion<T>, 'textRow'>;
  readonly #live: Pick<LiveRows<T>, 'rows'>;
  readonly #clock: Pick<Clock, 'monotonic'>;
  /** What `picked` said of each row when it was drawn last, by id: only a change of it counts. */
  readonly #picked = new Map<string, boolean>();
  /** Ids of rows that the user ticked or unticked: `picked` doesn't count for them any more. */
  readonly #touched = new Set<string>();
  /** When the user unticked rows, by id. */
  readonly #untickedAt = new Map<string, number>();
  /** Rows of typed texts that were ticked, by id. */
  readonly #added = new Map<string, PickRow<T>>();
  /** Keys of all rows in the order in which they are drawn. */
  readonly #positions = new Set<string>();
  #textRow: TextRow<T> | undefined;
  #ticked: ReadonlySet<string> = new Set();
  #drawn: readonly DrawnRow<T>[] = [];
  #drawnAt = 0;

  constructor(
    question: Pick<LiveQuestion<T>, 'textRow'>,
    live: Pick<LiveRows<T>, 'rows'>,
    clock: Pick<Clock, 'monotonic'>,
  ) {
    this.#question = question;
    this.#live = live;
    this.#clock = clock;
  }

  /** The rows to draw for the text in the box. */
  draw(text: string): readonly DrawnRow<T>[] {
    const rows = this.#rows(text);
    const ticked = new Set(this.#ticked);
    for (const row of rows) {
      if (!isChoice(row)) continue;
      const id = rowId(row);
      const picked = row.picked ?? false;
      if (this.#picked.get(id) === picked) continue;
      this.#picked.set(id, picked);
      if (this.#touched.has(id)) continue;
      if (picked) ticked.add(id);
      else ticked.delete(id);
    }
    this.#ticked = ticked;
    this.#drawn = rows.map((row) => ({
      row,
      ticked: isChoice(row) && ticked.has(rowId(row)),
      alwaysShow: row === this.#textRow,
    }));
    this.#drawnAt = this.#clock.monotonic();
    return this.#drawn;
  }

  /** The user ticked or unticked rows; `rows` are all that are ticked in the box now. */
  tick(rows: readonly PickRow<T>[]): PickReaction {
    const allowed = rows.filter(isChoice);
    const now = this.#clock.monotonic();
    // Within a moment of a draw, VS Code may show the ticks from before this one.
    const crossed = now - this.#drawnAt < crossingMs;
    this.#ticked = this.#meant(new Set(allowed.map(rowId)), crossed, now);
    const own = this.#textRow;
    if (own && isChoice(own) && this.#ticked.has(rowId(own))) return this.#take(own);
    return allowed.length < rows.length || crossed ? 'restore' : 'keep';
  }

  /** True for a drawn row that is ticked now. */
  isTicked(row: PickRow<T>): boolean {
    return isChoice(row) && this.#ticked.has(rowId(row));
  }

  /** The text in the box changed. */
  type(text: string): PickReaction {
    if (!this.#question.textRow) return 'keep';
    // VS Code filters the rows. Drawing them again without need could take back a tick that is on its way here.
    const before = this.#textRow;
    this.#rows(text);
    const now = this.#textRow;
    return (now && rowId(now)) === (before && rowId(before)) && now?.label === before?.label
      ? 'keep'
      : 'draw';
  }

  /** The user pressed Enter: the answer, or what the box does instead, since a typed text is never ignored. */
  accept(): { readonly answer: readonly T[] } | PickReaction {
    const own = this.#textRow;
    if (!own) return { answer: this.values() };
    return isChoice(own) ? this.#take(own) : 'keep';
  }

  /** The values of the rows that are ticked now. */
  values(): readonly T[] {
    return this.#drawn.flatMap(({ row }) =>
      isChoice(row) && this.#ticked.has(rowId(row)) ? [row.value] : [],
    );
  }

  /**
   * What the user means by the ticks that VS Code reports. It reports each draw too: first no ticks, then those of the draw,
   * which may be from before the user unticked a row. So within a moment of a draw, only a change of one row is the user's;
   * several aren't unticked, and what was just unticked isn't ticked.
   */
  #meant(reported: ReadonlySet<string>, crossed: boolean, now: number): ReadonlySet<string> {
    const before = this.#ticked;
    const changed = [...reported, ...before].filter((id) => before.has(id) !== reported.has(id));
    const [first, ...others] = changed;
    if (crossed && others.length > 0) {
      if (changed.some((id) => before.has(id))) return before;
      const isOff = (id: string): boolean => now - (this.#untickedAt.get(id) ?? -Infinity) < crossingMs;
      return new Set([...reported].filter((id) => !isOff(id)));
    }
    if (crossed && first !== undefined && now - (this.#untickedAt.get(first) ?? -Infinity) < echoMs)
      return before;
    for (const id of changed) {
      this.#touched.add(id);
      if (reported.has(id)) this.#untickedAt.delete(id);
      else this.#untickedAt.set(id, now);
    }
    return reported;
  }

  #take(row: TextRow<T>): PickReaction {
    this.#added.set(rowId(row), row);
    this.#ticked = new Set([...this.#ticked, rowId(row)]);
    return 'clear';
  }

  #rows(text: string): readonly PickRow<T>[] {
    const rows = this.#live.rows();
    const ids = new Set(rows.flatMap((row) => (row.kind === 'heading' ? [] : rowId(row))));
    const own = this.#question.textRow?.(text);
    this.#textRow =
      own && own.kind !== 'heading' && !ids.has(rowId(own)) && !this.#added.has(rowId(own)) ? own : undefined;
    const others = [...this.#added].filter(([id]) => !ids.has(id)).map(([, row]) => row);
    return [...(this.#textRow ? [this.#textRow] : []), ...others, ...this.#inPosition(rows)];
  }

  #inPosition(rows: readonly PickRow<T>[]): readonly PickRow<T>[] {
    let headings = 0;
    const now = new Map(
      rows.map((row) => [row.kind === 'heading' ? `heading ${(headings += 1)}` : `row ${rowId(row)}`, row]),
    );
    const first = this.#positions.size === 0;
    // A heading that appears later would head nothing: the rows below it keep their position above.
    for (const [key, { kind }] of now) if (first || kind !== 'heading') this.#positions.add(key);
    return [...this.#positions].flatMap((key) => now.get(key) ?? []);
  }
}

function isChoice<T>(row: PickRow<T>): row is Extract<PickRow<T>, { readonly value: T }> {
  return row.kind !== 'blocked' && row.kind !== 'heading';
}
