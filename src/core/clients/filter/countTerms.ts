import type { ClientNode } from '../clientTree';
import { alternativesOf, testOf, type ClientTest, type FilteredListing } from './facets';
import { createFilter, hasText, type Filter } from './filter';
import { offers } from './offers';

/** The clients of one listing, shown or not, and what a filter needs to know of it. */
export interface FilterableListing {
  readonly listing: FilteredListing;
  readonly clients: readonly ClientNode[];
}

/** For each offer, in their order: how many clients each value would leave beside the rest of the filter. */
export type TermCounts = readonly ReadonlyMap<string, number>[];

/** How many clients a filter shows. */
export function countShown(
  filter: Filter,
  listings: readonly FilterableListing[],
): { readonly shown: number; readonly total: number } {
  let shown = 0;
  let total = 0;
  for (const { listing, clients } of listings) {
    const isShown = createFilter(filter, listing);
    total += clients.length;
    for (const node of clients) if (isShown(node)) shown += 1;
  }
  return { shown, total };
}

/** Counts in one pass what each term that could be chosen would leave. */
export function countTerms({ words, terms }: Filter, listings: readonly FilterableListing[]): TermCounts {
  const kinds = new Map<string, ClientTest[]>();
  for (const term of terms) {
    const test = testOf(term);
    const kind = alternativesOf(term);
    if (test) kinds.set(kind, [...(kinds.get(kind) ?? []), test]);
  }
  const counted = offers.map((offer) => ({ ...offer, counts: new Map<string, number>() }));
  for (const { listing, clients } of listings) {
    for (const node of clients) {
      if (!words.every((word) => hasText(node.client, word))) continue;
      const hiding = hidingKindOf(kinds, node, listing);
      if (hiding === 'several') continue;
      for (const { facet, valuesOf, counts } of counted) {
        for (const value of valuesOf(node, listing)) {
          // A term of the one kind that hides the client would show it, as an alternative of that kind.
          if (hiding && alternativesOf({ facet, value }) !== hiding.kind) continue;
          counts.set(value, (counts.get(value) ?? 0) + 1);
        }
      }
    }
  }
  return counted.map(({ counts }) => counts);
}

/** The kind of terms that hides a client; undefined where none does. */
function hidingKindOf(
  kinds: ReadonlyMap<string, readonly ClientTest[]>,
  node: ClientNode,
  listing: FilteredListing,
): { readonly kind: string } | 'several' | undefined {
  let hiding: { readonly kind: string } | undefined;
  for (const [kind, tests] of kinds) {
    if (tests.some((test) => test(node, listing))) continue;
    if (hiding) return 'several';
    hiding = { kind };
  }
  return hiding;
}

/** {@link countTerms}, which counts again only when the filter, the clients, or their listings are others than the last time. */
export function createTermCounter(): typeof countTerms {
  let last: { key: string; facts: readonly unknown[]; counts: TermCounts } | undefined;
  return (filter, listings) => {
    const key = JSON.stringify(filter);
    // What changed since you last looked, and the time, are facts of the listing.
    const facts = listings.flatMap(({ listing, clients }) => [listing, clients]);
    if (
      last?.key !== key ||
      last.facts.length !== facts.length ||
      !facts.every((one, i) => one === last?.facts[i])
    ) {
      last = { key, facts, counts: countTerms(filter, listings) };
    }
    return last.counts;
  };
}
