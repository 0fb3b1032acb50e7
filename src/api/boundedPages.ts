import type { Waiting } from '../core/kernel/waiting';
import { rowsPerPage } from '../core/service/api';
import type { PagedWaiting, Rows } from '../core/service/protection';
import { endlessPages, PageEnd } from './pageEnd';

/** One page of a list that may be read in part. */
export interface RowPage<T> {
  /** All rows that were sent; `value` is absent for one that wasn't asked for. `key` is the same on each page. */
  readonly rows: readonly { readonly key: string; readonly value: T | undefined }[];
  /** Rows of all pages, by the service's count. */
  readonly total: number | undefined;
  /** Rows that the service puts on a page, by its own account. */
  readonly pageSize?: number | undefined;
  /** Absent on the last page. */
  readonly nextToken?: string | undefined;
}

const mostPasses = 3;

/**
 * Reads the numbered pages of a list and yields their rows in order, each once. One page after the other: jobs are added
 * at the front while it's read, so rows move to later pages, and one that's read early misses them. Where rows left the
 * list, others moved to pages that were read already: it's read again then, as far as `mostPages` allows. Complete if all
 * pages were read, show as many rows as the first one counted, and never counted fewer than before.
 */
export async function* readNumberedPages<T>(
  action: string,
  readPage: (number: number, waiting: Waiting) => Promise<RowPage<T>>,
  { signal, mostPages }: PagedWaiting,
): Rows<T> {
  const given = new Set<string>();
  let pagesLeft = mostPages;
  for (let pass = 1; ; pass++) {
    const evidence = new Evidence(action, pagesLeft);
    for (let number = 1; number <= evidence.lastPage; number++) {
      const page = await readPage(number, { signal });
      evidence.add(number, page);
      const fresh = freshIn(page, given);
      if (fresh.length > 0) yield fresh;
    }
    if (evidence.complete) return { complete: true };
    pagesLeft -= evidence.pages;
    if (!evidence.worthRepeating || evidence.pages > pagesLeft || pass === mostPasses) {
      return { complete: false };
    }
  }
}

/**
 * Reads a list of which each page names the next, and yields its rows, each once. Complete if the last page was reached,
 * unless the list has more rows by its own count than it showed.
 */
export async function* readTokenPages<T>(
  action: string,
  readPage: (token: string | undefined, waiting: Waiting) => Promise<RowPage<T>>,
  { signal, mostPages }: PagedWaiting,
): Rows<T> {
  const given = new Set<string>();
  const tokens = new Set<string>();
  let token: string | undefined;
  for (let pages = 0; pages < mostPages; pages++) {
    const page = await readPage(token, { signal });
    const fresh = freshIn(page, given);
    if (fresh.length > 0) yield fresh;
    token = page.nextToken;
    if (token === undefined) return { complete: given.size >= (page.total ?? 0) };
    if (tokens.has(token)) throw endlessPages(action);
    tokens.add(token);
  }
  return { complete: false };
}

function freshIn<T>({ rows }: RowPage<T>, given: Set<string>): readonly T[] {
  return rows.flatMap(({ key, value }) => {
    if (given.has(key)) return [];
    given.add(key);
    return value === undefined ? [] : [value];
  });
}

/** What one pass over numbered pages saw. */
class Evidence {
  readonly #end: PageEnd;
  readonly #most: number;
  readonly #seen = new Set<string>();
  #counted = 0;
  #total = 0;
  #shrank = false;
  #pages = 0;

  constructor(action: string, most: number) {
    this.#end = new PageEnd(rowsPerPage, action, Infinity);
    this.#most = most;
  }

  /** Number of the last page to read, as far as is known by now. */
  get lastPage(): number {
    return Math.min(this.#end.last, this.#most);
  }

  get pages(): number {
    return this.#pages;
  }

  get complete(): boolean {
    return this.#end.last <= this.#most && this.#seen.size >= this.#counted && !this.#shrank;
  }

  /** Rows of a single page didn't move while it was read, and a bound is a bound. */
  get worthRepeating(): boolean {
    return this.#pages > 1 && this.#end.last <= this.#most;
  }

  /** Pages are added in order. */
  add(number: number, { rows, total, pageSize }: RowPage<unknown>): void {
    this.#pages++;
    // Rows that were added to the list since then don't count.
    if (number === 1) this.#counted = total ?? 0;
    this.#shrank ||= (total ?? Infinity) < this.#total;
    this.#total = total ?? this.#total;
    const before = this.#seen.size;
    for (const { key } of rows) this.#seen.add(key);
    const news = this.#seen.size > before;
    this.#end.add({ number, rows: rows.length, news, total, pageSize });
  }
}
