import { html } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { ref } from 'lit-html/directives/ref.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { blocksOf, type Block } from './blocks';

/** Pixels above and below the view in which rows are drawn ahead. */
const aheadPx = 600;
/** Pixels of a row that was never drawn. */
const usualHeight = 31;

export interface RowBlocksDeps<T> {
  /** Lists up to this length are drawn whole, so that the page's own search finds everything in them. Absent: 200. */
  readonly wholeUpTo?: number;
  /** Unique among the rows. */
  readonly keyOf: (row: T) => string;
  /** Draws a row. `place`: from 0, among all rows. */
  readonly rowTemplate: (row: T, place: number) => unknown;
  /** Draws the page again. */
  readonly redraw: () => void;
}

/**
 * The rows of a long table, in blocks, each a `tbody`. Only those in the view or near it have rows; the others keep their
 * place.
 */
export class RowBlocks<T> {
  readonly #deps: RowBlocksDeps<T>;
  readonly #inView = new Set<number>([0]);
  readonly #heights = new Map<number, number>();
  readonly #observer = new IntersectionObserver((entries) => this.#onScroll(entries), {
    rootMargin: `${aheadPx}px 0px`,
  });

  constructor(deps: RowBlocksDeps<T>) {
    this.#deps = deps;
  }

  /**
   * @param always the place of a row that's drawn wherever it is, such as the one that the Tab key stops at
   * @param looks what else a row is drawn from; it's drawn again when one of them or the row differs
   */
  template(rows: readonly T[], looks: (row: T) => readonly unknown[] = () => [], always = -1): unknown {
    const isLong = rows.length > (this.#deps.wholeUpTo ?? 200);
    return repeat(
      blocksOf(rows),
      ({ number }) => number,
      (block) => {
        const hasAlways = always >= block.from && always < block.to;
        return !isLong || hasAlways || this.#inView.has(block.number)
          ? this.#drawn(block, rows, looks)
          : this.#empty(block);
      },
    );
  }

  #drawn({ number, from, to }: Block, rows: readonly T[], looks: (row: T) => readonly unknown[]): unknown {
    const { keyOf, rowTemplate } = this.#deps;
    const own = rows.slice(from, to);
    return guard([true, from, ...own.flatMap((row) => [row, ...looks(row)])], () => {
      return html`<tbody role="rowgroup" data-block=${number} ${ref(this.#observe)}>
        ${repeat(own, keyOf, (row, at) => guard([row, from + at, ...looks(row)], () => rowTemplate(row, from + at)))}
      </tbody>`;
    });
  }

  #empty({ number, from, to }: Block): unknown {
    const height = this.#heights.get(number) ?? (to - from) * usualHeight;
    return guard([false, height], () => {
      return html`<tbody role="rowgroup" data-block=${number} ${ref(this.#observe)}>
        <tr role="none" class="undrawn" .style=${`height: ${height}px`}></tr>
      </tbody>`;
    });
  }

  readonly #observe = (body: Element | undefined): void => {
    if (body) this.#observer.observe(body);
  };

  #onScroll(entries: readonly IntersectionObserverEntry[]): void {
    const before = [...this.#inView].join();
    for (const { target, isIntersecting, boundingClientRect } of entries) {
      if (!target.isConnected) {
        this.#observer.unobserve(target);
        continue;
      }
      const number = Number(target.getAttribute('data-block'));
      if (isIntersecting) this.#inView.add(number);
      else if (this.#inView.delete(number)) this.#heights.set(number, boundingClientRect.height);
    }
    if ([...this.#inView].join() !== before) this.#deps.redraw();
  }
}
