import { nameOf } from '../service/clientFacts';
import type { BackupClient } from '../service/model';

/**
 * Clients in the order of the tree: by name, web-2 before Web-3 before web-10, and by key where names are equal. A pick
 * of what was selected in the tree has the same order.
 */
export function sortByName<K extends { readonly key: string; readonly client: BackupClient }>(
  clients: readonly K[],
): readonly K[] {
  return clients
    .map((keyed) => ({ keyed, name: sortKeyOf(nameOf(keyed.client)) }))
    .sort((a, b) => compareTexts(a.name, b.name) || compareTexts(a.keyed.key, b.keyed.key))
    .map(({ keyed }) => keyed);
}

/** By code unit, which is fast and the same everywhere. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What a name is compared by. A collator does the same ten times slower. */
export function sortKeyOf(name: string): string {
  return name.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(12, '0'));
}
