import { HandedRows, matcherOf } from './handedRows';
import { rowId, type LiveQuestion, type LiveRows, type PickRow } from './interaction';

/** A row of a {@link LivePick} as it is drawn. */
export interface DrawnRow<T> {
  readonly row: PickRow<T>;
  readonly ticked: boolean;
  /** True for the row of the typed text: it is shown whether or not it matches that text. */
  readonly alwaysShow: boolean;
}

/**
 * What the box must do after an event: `draw` again, `clear` its text and draw again, show the ticks again (`restore`), or
 * nothing (`keep`).
 */
export type PickReaction = 'draw' | 'clear' | 'restore' | 'keep';

interface Given<T> {
  /** The rows that VS Code still shows; absent once it might show the new ones. */
  before: readonly DrawnRow<T>[] | undefined;
  /** Ids of the rows that it was given as ticked. */
  readonly ticks: ReadonlySet<string>;
  /** Ids of those that it reported last. */
  report?: ReadonlySet<string>;
}

type TextRow<T> = Exclude<PickRow<T>, { readonly kind: 'heading' }>;

/**
 * The rules of a pick with ticks whose rows change while it is open. Ticks belong to ids, so they're kept while rows appear,
 * change and go. A row follows its `picked` until the user ticks or unticks it. VS Code can't disable a row and names a ticked
 * row by its position: a blocked row unticks itself, and rows keep their position while new ones follow below. Of many rows,
 * VS Code is given a part (see {@link HandedRows}); ticks belong to all.
 *
 * VS Code reports what it's given to show as if the user had ticked it: none first, then one row after another. So each
 * {@link draw} and {@link showTicks} is followed by {@link hasReached} and {@link hasShown}, and by nothing else in between.
 */
export class LivePick<T> {
  readonly #question: Pick<LiveQuestion<T>, 'textRow'>;
  readonly #live: Pick<LiveRows<T>, 'rows'>;
  /** What `picked` said of each row when it was drawn last, by id: only a change of it counts. */
  readonly #picked = new Map<string, boolean>();
  /** Ids of rows that the user ticked or unticked: `picked` doesn't count for them any more. */
  readonly #touched = new Set<string>();
  /** Rows of typed texts that were ticked, by id. */
  readonly #added = new Map<string, PickRow<T>>();
  readonly #handed = new HandedRows<T>();
  /** All rows when it was drawn last, those too that VS Code wasn't given. */
  #all: readonly PickRow<T>[] = [];
  #textRow: TextRow<T> | undefined;
  #ticked: ReadonlySet<string> = new Set();
  #drawn: readonly DrawnRow<T>[] = [];
  /** Ids of the rows that VS Code shows as ticked. */
  #shown: ReadonlySet<string> = new Set();
  /** The text that was drawn or typed last. */
  #text = '';
  /** What VS Code was given to show: rows or ticks that it has not got yet, then those it is about to report. */
  #given: Given<T> | undefined;

  constructor(question: Pick<LiveQuestion<T>, 'textRow'>, live: Pick<LiveRows<T>, 'rows'>) {
    this.#question = question;
    this.#live = live;
  }

  /** The rows to draw for the text in the box. */
  draw(text: string): readonly DrawnRow<T>[] {
    this.#all = this.#live.rows();
    const rows = this.#rows(text);
    const ticked = new Set(this.#ticked);
    for (const row of this.#all) {
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
    const before = this.#drawn;
    this.#drawn = rows.map((row) => ({
      row,
      ticked: isChoice(row) && ticked.has(rowId(row)),
      alwaysShow: row === this.#textRow,
    }));
    this.#give(before);
    return this.#drawn;
  }

  /** The drawn rows that are ticked, to be shown without a draw. */
  showTicks(): readonly PickRow<T>[] {
    this.#give(this.#drawn);
    return this.#drawn.flatMap(({ row }) => (this.isTicked(row) ? [row] : []));
  }

  /** VS Code is about to get what it was given: what it reports from now on might be that. */
  hasReached(): void {
    if (this.#given) this.#given.before = undefined;
  }

  /** All that VS Code reports of what it was given has arrived: the last report is what it shows. */
  hasShown(): PickReaction {
    const given = this.#given;
    if (!given) return 'keep';
    this.#given = undefined;
    this.#shown = given.ticks;
    return this.#follow(given.report ?? given.ticks);
  }

  /** VS Code reports ticks; `rows` are all that are ticked in the box. */
  tick(rows: readonly PickRow<T>[]): PickReaction {
    const given = this.#given;
    if (!given) {
      // Only the checkbox above the rows unticks several at once. It means those too that VS Code wasn't given.
      if (this.#handed.isPart && rows.length === 0 && this.#shown.size > 1)
        this.#set(this.#matching(this.#text), () => false);
      return this.#follow(idsOf(rows));
    }
    if (given.before) {
      const positions = rows.map((row) => this.#drawn.findIndex((one) => one.row === row));
      const { before } = given;
      return this.#follow(idsOf(positions.flatMap((position) => before[position]?.row ?? [])));
    }
    given.report = idsOf(rows);
    return 'keep';
  }

  /** True for a drawn row that is ticked now. */
  isTicked(row: PickRow<T>): boolean {
    return isChoice(row) && this.#ticked.has(rowId(row));
  }

  /** The text in the box changed. */
  type(text: string): PickReaction {
    if (!this.#question.textRow && !this.#handed.isPart) return 'keep';
    // VS Code filters the rows. Drawing them again without need could take back a tick that is on its way here.
    const before = this.#textRow;
    const rows = this.#rows(text);
    const now = this.#textRow;
    const isSame = (now && rowId(now)) === (before && rowId(before)) && now?.label === before?.label;
    return isSame && rows.length <= this.#drawn.length ? 'keep' : 'draw';
  }

  /** The user pressed Enter: the answer, or what the box does instead, since a typed text is never ignored. */
  accept(): { readonly answer: readonly T[] } | PickReaction {
    if (this.#given?.report) this.hasShown();
    const own = this.#textRow;
    if (!own) return { answer: this.values() };
    return isChoice(own) ? this.#take(own) : 'keep';
  }

  /** The values of the rows that are ticked now, those too that VS Code wasn't given. */
  values(): readonly T[] {
    const rows = new Map<string, T>();
    for (const row of [...this.#drawn.map((drawn) => drawn.row), ...this.#all]) {
      if (isChoice(row) && this.#ticked.has(rowId(row))) rows.set(rowId(row), row.value);
    }
    return [...rows.values()];
  }

  /**
   * Where VS Code has a part of the rows: how many others match the text that was drawn or typed last, and how many are
   * ticked, of all. Undefined where it has them all, and shows both itself.
   */
  get beyond(): { readonly more: number; readonly ticked: number } | undefined {
    return this.#handed.isPart ? { more: this.#handed.more, ticked: this.values().length } : undefined;
  }

  /** Ticks all rows that match a text, or unticks them where all are ticked. */
  toggleMatching(text: string): PickReaction {
    const ids = this.#matching(text);
    const ticks = ids.some((id) => !this.#ticked.has(id));
    this.#set(ids, () => ticks);
    return 'restore';
  }

  #matching(text: string): readonly string[] {
    const matches = matcherOf(text);
    return this.#all.flatMap((row) => (isChoice(row) && matches(row) ? rowId(row) : []));
  }

  /** The user ticked or unticked these rows. */
  #set(ids: readonly string[], isTicked: (id: string) => boolean): void {
    const ticked = new Set(this.#ticked);
    for (const id of ids) {
      this.#touched.add(id);
      if (isTicked(id)) ticked.add(id);
      else ticked.delete(id);
    }
    this.#ticked = ticked;
  }

  #give(before: readonly DrawnRow<T>[]): void {
    const ticks = idsOf(this.#drawn.flatMap(({ row }) => (this.isTicked(row) ? [row] : [])));
    this.#given = { before, ticks };
  }

  /** Ticks and unticks what the user did, which is what differs from before. */
  #follow(reported: ReadonlySet<string>): PickReaction {
    const before = this.#shown;
    this.#shown = reported;
    const changed = [...reported, ...before].filter((id) => before.has(id) !== reported.has(id));
    const choices = idsOf(this.#drawn.flatMap(({ row }) => (isChoice(row) ? [row] : [])));
    this.#set(
      changed.filter((id) => choices.has(id)),
      (id) => reported.has(id),
    );
    const own = this.#textRow;
    if (own && this.isTicked(own)) return this.#take(own);
    const isShown = this.#drawn.every(
      ({ row }) => row.kind === 'heading' || reported.has(rowId(row)) === this.isTicked(row),
    );
    return isShown ? 'keep' : 'restore';
  }

  #take(row: TextRow<T>): PickReaction {
    this.#added.set(rowId(row), row);
    this.#ticked = new Set([...this.#ticked, rowId(row)]);
    return 'clear';
  }

  #rows(text: string): readonly PickRow<T>[] {
    this.#text = text;
    const ids = new Set(this.#all.flatMap((row) => (row.kind === 'heading' ? [] : rowId(row))));
    const own = this.#question.textRow?.(text);
    this.#textRow =
      own && own.kind !== 'heading' && !ids.has(rowId(own)) && !this.#added.has(rowId(own)) ? own : undefined;
    const others = [...this.#added].filter(([id]) => !ids.has(id)).map(([, row]) => row);
    return [...(this.#textRow ? [this.#textRow] : []), ...others, ...this.#handed.with(this.#all, text)];
  }
}

function isChoice<T>(row: PickRow<T>): row is Extract<PickRow<T>, { readonly value: T }> {
  return row.kind !== 'blocked' && row.kind !== 'heading';
}

function idsOf<T>(rows: readonly PickRow<T>[]): ReadonlySet<string> {
  return new Set(rows.flatMap((row) => (row.kind === 'heading' ? [] : rowId(row))));
}
