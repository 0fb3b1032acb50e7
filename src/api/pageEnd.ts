import { BackupError } from '../core/service/errors';

/** What one reply says of a list that comes in numbered pages. */
export interface NumberedPage {
  /** From 1. */
  readonly number: number;
  readonly rows: number;
  /** False when it shows nothing that pages before it did not show. */
  readonly news: boolean;
  /** Rows of all pages, by the service's count. */
  readonly total: number | undefined;
  /** Rows that the service puts on a page, by its own account. */
  readonly pageSize: number | undefined;
}

/**
 * Where a list ends. Its count decides as long as every reply bears it out. Pages may be smaller than asked for; when
 * the count is missing or cannot be true, there is one more page after each full one. A page without news is the last.
 */
export class PageEnd {
  readonly #asked: number;
  readonly #action: string;
  readonly #mostPages: number;
  readonly #fewRows: boolean;
  #size: number | undefined;
  #last = 1;
  #beyond = Infinity;
  #countTrusted = true;

  /**
   * `asked`: rows asked for on each page. `action` is named in the error of a list that goes on after `mostPages`,
   * far beyond what an account can have: it can only be a service that goes round and round. `fewRows`: no more are
   * expected than fit on a page, so a full first page is not looked behind when the count says that it is all.
   */
  constructor(asked: number, action: string, mostPages: number, fewRows = false) {
    this.#asked = asked;
    this.#action = action;
    this.#mostPages = mostPages;
    this.#fewRows = fewRows;
  }

  /** Number of the last page, as far as is known by now. */
  get last(): number {
    return Math.min(this.#last, this.#beyond, this.#mostPages);
  }

  /** False when some reply showed other rows than its own count allows. */
  get countTrusted(): boolean {
    return this.#countTrusted;
  }

  /**
   * Learns from a page, the first one before all others. Throws BackupError `unexpected-reply` when the pages do
   * not end.
   */
  add(page: NumberedPage): void {
    const { number, rows, total } = page;
    const size = (this.#size ??= sizeOf(page, this.#asked));
    if (!page.news) this.#beyond = Math.min(this.#beyond, number);
    const bornOut = total !== undefined && bearsOut(page, total, size);
    if (total !== undefined && !bornOut) this.#countTrusted = false;
    // A count of no more than this page may be a count of this page.
    const mayGoOn = rows >= size && (!bornOut || (number === 1 && total === rows && !this.#fewRows));
    this.#last = Math.max(this.#last, bornOut ? Math.ceil(total / size) : 1, mayGoOn ? number + 1 : 1);
    if (number >= this.#mostPages && page.news && this.#last > this.#mostPages) {
      throw endlessPages(this.#action);
    }
  }
}

/** What is thrown for a list that goes round and round. */
export function endlessPages(action: string): BackupError {
  return new BackupError('unexpected-reply', `${action} failed: the pages do not end`, {
    fate: 'refused',
    action,
  });
}

function sizeOf({ rows, total, pageSize }: NumberedPage, asked: number): number {
  if (pageSize !== undefined && pageSize >= 1 && pageSize < asked && pageSize >= rows) return pageSize;
  if (rows > asked) return rows;
  return rows > 0 && total !== undefined && total > rows ? rows : asked;
}

/** Whether the rows of a page can be those of a list of so many. */
function bearsOut({ number, rows }: NumberedPage, total: number, size: number): boolean {
  const before = (number - 1) * size;
  if (rows === 0) return total >= 0 && total <= before;
  return rows >= size ? total >= before + rows : total === before + rows;
}
