import { inParallel } from '../core/kernel/inParallel';
import { machineKeyOf } from '../core/service/clientFacts';
import type { BackupClient } from '../core/service/model';
import { rowsPerPage, type ListingEnd, type ListingPage } from '../core/service/api';
import type { Waiting } from '../core/kernel/waiting';
import type { ClientPage } from './decode';
import { createPace, type Pace } from './pace';
import { PageEnd } from './pageEnd';

/** How many pages are read at once: one more with each reply. */
export const firstInFlight = 16;
export const mostInFlight = 32;
const mostPasses = 3;
/** A million clients, ten times the largest list that the bench reads: pages that never end must fail. */
const mostPages = 10_000;

/** Reads one page at the pace that all pages share. */
export type ReadPage = (pageNumber: number, pace: Pace, waiting: Waiting) => Promise<ClientPage>;

/**
 * Reads a whole list: its first page, then the others in parallel, giving each as it comes. When the pages do not fit
 * together, because rows moved while they were read, it reads again, at most twice. Each client is given once, as
 * it was when it was first read. `fewRows`: see {@link PageEnd}.
 */
export async function* readPages(
  readPage: ReadPage,
  waiting: Waiting,
  fewRows = false,
): AsyncGenerator<ListingPage, ListingEnd, void> {
  // Of passes before this one.
  let given: SeenClients | undefined;
  const pace = createPace();
  for (let pass = 1; pass <= mostPasses; pass++) {
    const evidence = new Evidence(fewRows);
    given?.startPass();
    for await (const { news, requestId } of readPass(readPage, evidence, pace, waiting)) {
      const clients = given === undefined ? news : given.addAll(news);
      // Later passes speak only when they found something.
      if (pass === 1 || clients.length > 0) {
        yield { clients, total: evidence.total ?? evidence.rows, requestId };
      }
    }
    if (evidence.fits()) return { changedWhileReading: false };
    given ??= evidence.seen;
  }
  return { changedWhileReading: true };
}

async function* readPass(
  readPage: ReadPage,
  evidence: Evidence,
  pace: Pace,
  waiting: Waiting,
): AsyncGenerator<ReadPageNews, void, void> {
  let nextPage = 1;
  let inFlight = firstInFlight;
  const next = (): number | undefined => (nextPage <= evidence.lastPage ? nextPage++ : undefined);
  const read = async (number: number, each: Waiting): Promise<ReadPageNews> => {
    const page = await readPage(number, pace, each);
    inFlight = Math.min(mostInFlight, inFlight + 1);
    return { news: evidence.add(number, page), requestId: page.requestId };
  };
  yield* inParallel(next, () => Math.min(inFlight, pace.limit), read, waiting);
}

interface ReadPageNews {
  /** Clients that no other page of the pass showed before. */
  readonly news: readonly BackupClient[];
  readonly requestId: string;
}

/** What one pass saw: do its pages show one list, or a list that changed in between? */
class Evidence {
  readonly seen = new SeenClients();
  readonly #end: PageEnd;
  readonly #totals = new Set<number>();
  #pages = 0;
  #repeated = false;
  #newcomers = false;
  #startedSeconds: number | undefined;
  rows = 0;

  constructor(fewRows: boolean) {
    this.#end = new PageEnd(rowsPerPage, 'DescribeBackupClients', mostPages, fewRows);
  }

  /** Number of the last page, as far as is known by now. */
  get lastPage(): number {
    return this.#end.last;
  }

  /** The service's newest count, unless its pages contradict it. */
  get total(): number | undefined {
    return this.#end.countTrusted ? [...this.#totals].pop() : undefined;
  }

  /** Returns the clients that no page before showed. */
  add(number: number, page: ClientPage): readonly BackupClient[] {
    // The first page of a pass is always read alone.
    this.#startedSeconds ??= page.servedAt ?? Infinity;
    this.#pages++;
    if (page.total !== undefined) this.#totals.add(page.total);
    const { clients, total, pageSize } = page;
    const news = this.seen.addAll(clients);
    this.rows += clients.length;
    if (news.length < clients.length) this.#repeated = true;
    // One deleted and one inserted leave the count as it was; the new row gives them away.
    const started = this.#startedSeconds;
    if (clients.some(({ createdTime = 0 }) => createdTime >= started)) this.#newcomers = true;
    this.#end.add({ number, rows: clients.length, news: news.length > 0, total, pageSize });
    return news;
  }

  fits(): boolean {
    // One answer is of one moment.
    if (this.#pages === 1) return true;
    const { total } = this;
    const counted = total === undefined || (this.#totals.size === 1 && total === this.rows);
    return counted && !this.#repeated && !this.#newcomers;
  }
}

/**
 * Clients that passed by. One that gets its ClientId between two readings stays the same client. Clients without any
 * id are told apart by counting: the second of two that look alike is another one, in each pass.
 */
class SeenClients {
  // Hardly any machine has two clients: a set for each one would cost more than all the rest of the reading.
  readonly #clientIds = new Map<string, string | Set<string>>();
  readonly #lookalikes = new Map<string, number>();

  /** What follows is another reading of the same list. */
  startPass(): void {
    this.#lookalikes.clear();
  }

  /** Returns those that weren't added before. */
  addAll(clients: readonly BackupClient[]): readonly BackupClient[] {
    return clients.filter((client) => this.#add(client));
  }

  #add(client: BackupClient): boolean {
    const clientId = client.clientId ?? '';
    const named = client.instanceId !== undefined || client.clientId !== undefined;
    const machine = named ? machineKeyOf(client) : this.#nameless(client);
    const known = this.#clientIds.get(machine);
    if (known === undefined) {
      this.#clientIds.set(machine, clientId);
      return true;
    }
    const ids = typeof known === 'string' ? new Set([known]) : known;
    const same = ids.has(clientId) || ids.has('') || clientId === '';
    this.#clientIds.set(machine, ids.add(clientId));
    return !same;
  }

  #nameless(client: BackupClient): string {
    const look = JSON.stringify(client);
    const nth = (this.#lookalikes.get(look) ?? 0) + 1;
    this.#lookalikes.set(look, nth);
    return `${nth} ${look}`;
  }
}
