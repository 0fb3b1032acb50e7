import type { ClientNode } from '../clientTree';
import { alternativesOf, testOf, type ClientTest, type FilteredListing } from './facets';
import { textsOf, type Filter } from './filter';
import { offers } from './offers';

/** The clients of one listing, shown or not, and what a filter needs to know of it. */
export interface FilterableListing {
  readonly listing: FilteredListing;
  readonly clients: readonly ClientNode[];
}

export interface TermCounts {
  /** All clients. */
  readonly total: number;
  /** Those that the filter shows. */
  readonly shown: number;
  /** For each offer, in their order: how many clients each value would leave beside the rest of the filter. */
  readonly byOffer: readonly ReadonlyMap<string, number>[];
}

/** Counts in one pass what each term that could be chosen would leave. */
export function countTerms({ words, terms }: Filter, listings: readonly FilterableListing[]): TermCounts {
  const kinds = new Map<string, ClientTest[]>();
  for (const term of terms) {
    const test = testOf(term);
    const kind = alternativesOf(term);
    if (test) kinds.set(kind, [...(kinds.get(kind) ?? []), test]);
  }
  const byOffer = offers.map(() => new Map<string, number>());
  let total = 0;
  let shown = 0;
  for (const { listing, clients } of listings) {
    total += clients.length;
    for (const node of clients) {
      if (words.length > 0) {
        const texts = textsOf(node.client);
        if (!words.every((word) => texts.some((one) => one.includes(word)))) continue;
      }
      const failing = [...kinds].filter(([, tests]) => !tests.some((test) => test(node, listing)));
      if (failing.length > 1) continue;
      if (failing.length === 0) shown += 1;
      // A term of the one kind that hides the client would show it, as an alternative of that kind.
      const [hidingKind] = failing.map(([kind]) => kind);
      for (const [index, { facet, valuesOf }] of offers.entries()) {
        const counts = byOffer[index];
        for (const value of valuesOf(node, listing)) {
          if (hidingKind !== undefined && alternativesOf({ facet, value }) !== hidingKind) continue;
          counts?.set(value, (counts.get(value) ?? 0) + 1);
        }
      }
    }
  }
  return { total, shown, byOffer };
}
