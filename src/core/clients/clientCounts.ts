import type { AttentionReason } from './attention';
import { upgradeAvailable } from './clientState';

/** What a row or the badge says of several clients. */
export interface ClientCounts {
  readonly total: number;
  readonly attention: number;
  /** Of those that need no attention. */
  readonly upgradeAvailable: number;
}

/** What a client is counted by; `state` is that of `stateOf`. */
export interface Counted {
  readonly attention: AttentionReason | undefined;
  readonly state: string;
}

/** The one place that counts: groups, listings, and the badge show these numbers. */
export function countClients(nodes: Iterable<Counted>): ClientCounts {
  let total = 0;
  let attention = 0;
  let upgradable = 0;
  for (const node of nodes) {
    total += 1;
    if (node.attention) attention += 1;
    else if (node.state === upgradeAvailable) upgradable += 1;
  }
  return { total, attention, upgradeAvailable: upgradable };
}
