import type { BackupClient } from '../../service/model';
import type { ClientNode } from '../clientTree';
import { alternativesOf, listingTestOf, testOf, type FilteredListing, type ListingName } from './facets';
import { splitFilter, type Term } from './filterText';

/** What a filter asks for. */
export interface Filter {
  /** In lower case; each must be contained in a text of the client. */
  readonly words: readonly string[];
  /** Alternatives where they are of one kind ({@link alternativesOf}); all kinds must be true together. */
  readonly terms: readonly Term[];
  /** Terms as typed with a value that means nothing, such as `is:nonsense`. They are among the words too. */
  readonly unknown: readonly string[];
}

/**
 * Reads a filter. Never fails: what names no facet is a free word, and a term without a value asks for nothing.
 *
 * @param text words and terms, separated by spaces or commas, such as `web is:attention zone:cn-hangzhou-h`
 */
export function parseFilter(text: string): Filter {
  const words: string[] = [];
  const terms: Term[] = [];
  const unknown: string[] = [];
  for (const { text: content, term } of splitFilter(text)) {
    if (term?.value === '') continue;
    if (term && testOf(term)) terms.push(term);
    else if (content !== '') words.push(content.toLowerCase());
    if (term && !testOf(term)) unknown.push(content);
  }
  return { words, terms, unknown };
}

/** A test for the clients of a listing that a filter shows. A filter that asks for nothing shows all. */
export function createFilter(
  { words, terms }: Filter,
  listing: FilteredListing,
): (node: ClientNode) => boolean {
  const kinds = byKind(terms, testOf);
  return (node) => {
    if (!kinds.every((tests) => tests.some((test) => test(node, listing)))) return false;
    return words.every((word) => hasText(node.client, word));
  };
}

/** False for a listing that a filter leaves out as a whole: of another region or profile. */
export function isListingShown({ terms }: Filter, listing: ListingName): boolean {
  return byKind(terms, listingTestOf).every((tests) => tests.some((test) => test(listing)));
}

/** The tests of the terms, alternatives together. */
function byKind<Test>(
  terms: readonly Term[],
  test: (term: Term) => Test | undefined,
): readonly (readonly Test[])[] {
  const kinds = new Map<string, Test[]>();
  for (const term of terms) {
    const one = test(term);
    if (!one) continue;
    const same = kinds.get(alternativesOf(term));
    if (same) same.push(one);
    else kinds.set(alternativesOf(term), [one]);
  }
  return [...kinds.values()];
}

/** Whether a text of a client contains a word in lower case: names, IDs, address, zone, version, and tags (`key=value`). */
export function hasText(client: BackupClient, word: string): boolean {
  const contains = (text: string | undefined): boolean =>
    text !== undefined && text.toLowerCase().includes(word);
  return (
    contains(client.instanceName) ||
    contains(client.hostname) ||
    contains(client.instanceId) ||
    contains(client.clientId) ||
    contains(client.privateIpV4) ||
    contains(client.zoneId) ||
    contains(client.clientVersion) ||
    client.tags.some(({ key, value }) =>
      // Only a word with `=` can be in both.
      word.includes('=') ? contains(`${key}=${value}`) : contains(key) || contains(value),
    )
  );
}
