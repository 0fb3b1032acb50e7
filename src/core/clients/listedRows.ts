import { sameData } from '../kernel/sameData';
import { keyClients, loneKeyOf, machineKeyOf, sharedKeyOf } from '../service/clientFacts';
import type { BackupClient } from '../service/model';

/** Clients by key. */
export type Rows = ReadonlyMap<string, BackupClient>;

/**
 * The pages of a listing as they arrive. A client that's known and the same stays the object that it was. Where each client
 * has a machine of its own, as nearly always, what arrives only replaces or adds entries of the known rows.
 */
export class ListedPages {
  readonly #known: Rows;
  readonly #listed: BackupClient[] = [];
  /** Those that are new or different, by key; of use while {@link #isSimple}. */
  readonly #news = new Map<string, BackupClient>();
  readonly #seen = new Set<string>();
  #knownSeen = 0;
  /** True while no two clients share a machine. */
  #isSimple: boolean;

  constructor(known: Rows) {
    this.#known = known;
    this.#isSimple = isSimple(known);
  }

  get count(): number {
    return this.#listed.length;
  }

  add(page: readonly BackupClient[]): void {
    for (const client of page) {
      const row = knownOr(client, this.#known);
      this.#listed.push(row);
      if (this.#isSimple) this.#note(row);
    }
  }

  /** Those that are listed, and until then the known ones; the known rows themselves while nothing differs. */
  soFar(): Rows {
    return this.#isSimple ? this.#withNews() : merge(this.#known, this.#listed);
  }

  /** At the end: those that are listed, with others that are there without being listed; the known rows themselves if they're the same. */
  all(others: readonly BackupClient[] = []): Rows {
    if (this.#isSimple && this.#knownSeen === this.#known.size && others.length === 0) {
      return this.#known.size === 0 ? this.#news : this.#withNews();
    }
    const keyed = keyClients([...this.#listed, ...others]);
    return sameRows(this.#known, keyed) ? this.#known : keyed;
  }

  #note(row: BackupClient): void {
    const key = loneKeyOf(row);
    if (this.#seen.has(key)) {
      this.#isSimple = false;
      return;
    }
    this.#seen.add(key);
    const old = this.#known.get(key);
    if (old) this.#knownSeen += 1;
    if (old !== row) this.#news.set(key, row);
  }

  #withNews(): Rows {
    if (this.#news.size === 0) return this.#known;
    const rows = new Map(this.#known);
    for (const [key, client] of this.#news) rows.set(key, client);
    return rows;
  }
}

function isSimple(rows: Rows): boolean {
  for (const [key, client] of rows) if (key !== loneKeyOf(client)) return false;
  return true;
}

/** The known client that it equals, or itself. */
export function knownOr(client: BackupClient, known: Rows): BackupClient {
  const old = known.get(loneKeyOf(client)) ?? known.get(sharedKeyOf(client));
  // What differs most often is compared first.
  return old && old.lastHeartBeatTime === client.lastHeartBeatTime && sameData(old, client) ? old : client;
}

/**
 * The rows of `older`, replaced by those of `newer`; `older` itself where those are its own. An instance with one row keeps
 * one, even if an install changed its ClientId. Where clients share an instance, the ClientId decides which of them was read.
 */
export function merge(older: Rows, newer: readonly BackupClient[]): Rows {
  if (newer.length === 0) return older;
  if (older.size === 0) return keyClients(newer);
  const read = new Set(newer.map(machineKeyOf));
  // Only machines that share have other keys.
  const isShared = (client: BackupClient, key: string): boolean =>
    key !== machineKeyOf(client) && key === sharedKeyOf(client);
  let readIds: ReadonlySet<string> | undefined;
  const kept: BackupClient[] = [];
  for (const [key, client] of older) {
    const isKept =
      !read.has(machineKeyOf(client)) ||
      (isShared(client, key) && !(readIds ??= new Set(newer.map(sharedKeyOf))).has(key));
    if (isKept) kept.push(client);
  }
  const merged = keyClients([...kept, ...newer]);
  return sameRows(older, merged) ? older : merged;
}

function sameRows(a: Rows, b: Rows): boolean {
  if (a.size !== b.size) return false;
  for (const [key, client] of a) if (b.get(key) !== client) return false;
  return true;
}
