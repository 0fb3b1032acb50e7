import type { ShownClient } from './shownClient';
import { withoutPasswords } from './withoutPasswords';

/**
 * A client as a JSON text with everything that's known of it, for a document. Times are ISO 8601, in UTC. Contains no
 * password and no secret that `redact` knows.
 */
export function clientJson({ listing, node }: ShownClient, redact: (text: string) => string): string {
  const { scope, profile, inventory } = listing;
  const { createdTime, updatedTime, lastHeartBeatTime, settings, ...client } = node.client;
  const { listedAt } = inventory.state;
  const known = {
    profile: profile.name,
    accountId: scope.accountId,
    regionId: scope.regionId,
    crossAccount: scope.crossAccount,
    listedAt: listedAt === undefined ? undefined : new Date(listedAt).toISOString(),
    attention: node.attention,
    client: {
      ...client,
      createdTime: isoTime(createdTime),
      updatedTime: isoTime(updatedTime),
      lastHeartBeatTime: isoTime(lastHeartBeatTime),
      settings: settings && withoutPasswords(settings),
    },
  };
  return `${redact(JSON.stringify(known, null, 2))}\n`;
}

/** @param seconds since 1970, which a broken reply can have out of range */
function isoTime(seconds: number | undefined): string | undefined {
  const date = new Date((seconds ?? Number.NaN) * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
