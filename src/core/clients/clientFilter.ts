import type { BackupClient } from '../service/model';

/**
 * A test for the clients that a filter shows: each of its words is contained, in any case, in one of the client's names,
 * IDs, address, zone, version, or tags (`key=value`). An empty filter shows all clients.
 */
export function createClientFilter(text: string): (client: BackupClient) => boolean {
  const words = text.toLowerCase().split(/\s+/u).filter(Boolean);
  if (words.length === 0) return () => true;
  return (client) => {
    const texts = textsOf(client);
    return words.every((word) => texts.some((one) => one.includes(word)));
  };
}

function textsOf(client: BackupClient): readonly string[] {
  const { instanceName, hostname, instanceId, clientId, privateIpV4, zoneId, clientVersion, tags } = client;
  const fields = [instanceName, hostname, instanceId, clientId, privateIpV4, zoneId, clientVersion];
  return [...fields, ...tags.map(({ key, value }) => `${key}=${value}`)].flatMap(
    (field) => field?.toLowerCase() ?? [],
  );
}
