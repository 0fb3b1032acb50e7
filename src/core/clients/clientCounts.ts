import { stateOf, upgradeAvailable, type Judged } from './clientState';

/** What a row or the badge says of several clients. */
export interface ClientCounts {
  readonly total: number;
  readonly attention: number;
  /** Of those that need no attention. */
  readonly upgradeAvailable: number;
}

/** The one place that counts: groups, listings, and the badge show these numbers. */
export function countClients(nodes: Iterable<Judged>): ClientCounts {
  let total = 0;
  let attention = 0;
  let upgradable = 0;
  for (const node of nodes) {
    total += 1;
    if (node.attention) attention += 1;
    else if (stateOf(node) === upgradeAvailable) upgradable += 1;
  }
  return { total, attention, upgradeAvailable: upgradable };
}
