import { t } from '@vscode/l10n';
import { listOf, sentences } from '../kernel/localize';
import { checkEndpoint, regionEndpoints, type EndpointNetwork, type Endpoints } from '../service/endpoints';
import { ownValueOf, type InspectedSetting } from '../kernel/ownSetting';
import { isRecord } from '../kernel/objects';
import { plainText } from '../kernel/plainText';
import { readRegion, zoneInWords } from '../service/regions';

/** Hosts that the user put in place of the region's own; each one passed `checkEndpoint`. */
export interface EndpointOverrides extends Partial<Endpoints> {
  /** Those of one region: they go before the ones above. */
  readonly regions?: ReadonlyMap<string, Partial<Endpoints>>;
}

/** Settings below `cloudBackup.endpoints`. */
export type EndpointSetting = keyof Endpoints | 'regions';

type Hosts = { -readonly [Service in keyof Endpoints]?: string };

const services = ['hbr', 'ecs', 'sts'] as const satisfies readonly (keyof Endpoints)[];

/**
 * The overrides in the user's own settings. What a workspace or the settings file of a remote computer says is
 * left out: neither may send signed requests to another host. VS Code ignores both for a setting of `application`
 * scope; this is the second lock. `problems` has a sentence for each value that isn't used; the others count.
 */
export function endpointOverridesOf(inspect: (setting: EndpointSetting) => InspectedSetting | undefined): {
  readonly overrides: EndpointOverrides;
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const general: Hosts = {};
  for (const service of services) {
    const host = readHost(ownValueOf(inspect(service)), service, problems);
    if (host !== undefined) general[service] = host;
  }
  const regions = readRegions(ownValueOf(inspect('regions')), problems);
  return { overrides: { ...general, ...(regions.size > 0 && { regions }) }, problems };
}

/** Hosts of a region: its own entry goes first, then the overrides for all regions, then the hosts of the network. */
export function endpointsWith(
  { regions, ...general }: EndpointOverrides,
  regionId: string,
  network?: EndpointNetwork,
): Endpoints {
  return { ...regionEndpoints(regionId, network), ...general, ...regions?.get(regionId) };
}

function readRegions(value: unknown, problems: string[]): ReadonlyMap<string, Partial<Endpoints>> {
  const regions = new Map<string, Partial<Endpoints>>();
  if (value === undefined) return regions;
  if (!isRecord(value)) {
    problems.push(ignored('regions', t('It must be an object with region IDs as keys.')));
    return regions;
  }
  for (const [key, entry] of Object.entries(value)) {
    const setting = `regions.${plainText(key, 64)}`;
    const written = readRegion(key);
    if (written.kind === 'zone') {
      problems.push(ignored(setting, zoneInWords(written)));
    } else if (written.kind === 'neither') {
      problems.push(ignored(setting, t('Use a region ID such as cn-hangzhou.')));
    } else if (entry === 'vpc') regions.set(written.regionId, regionEndpoints(written.regionId, 'vpc'));
    else if (isRecord(entry)) regions.set(written.regionId, readHosts(entry, setting, problems));
    else {
      problems.push(ignored(setting, t('It must be "vpc" or an object of endpoints.')));
    }
  }
  return regions;
}

function readHosts(
  entry: Readonly<Record<string, unknown>>,
  setting: string,
  problems: string[],
): Partial<Endpoints> {
  const hosts: Hosts = {};
  for (const [key, value] of Object.entries(entry)) {
    const name = `${setting}.${plainText(key, 64)}`;
    const service = services.find((known) => known === key);
    if (service === undefined) {
      problems.push(ignored(name, t('The services are {0}.', listOf(services))));
      continue;
    }
    const host = readHost(value, name, problems);
    if (host !== undefined) hosts[service] = host;
  }
  return hosts;
}

/** An address that may be used; an empty one is none. */
function readHost(value: unknown, setting: string, problems: string[]): string | undefined {
  if (value === undefined || value === '') return undefined;
  const check = typeof value === 'string' ? checkEndpoint(value) : undefined;
  if (check?.ok) return check.endpoint;
  problems.push(problemOf(setting, check?.reason ?? 'not-an-address'));
  return undefined;
}

/** A setting that isn't used, and why: a whole sentence. */
function ignored(setting: string, reason: string): string {
  return sentences(t('{0} is ignored.', `cloudBackup.endpoints.${setting}`), reason);
}

function problemOf(setting: string, reason: 'not-an-address' | 'not-secure' | 'more-than-a-host'): string {
  switch (reason) {
    case 'not-an-address':
      return ignored(setting, t('Enter an address such as https://example.com.'));
    case 'not-secure':
      return ignored(setting, t('Use https, or http for this computer only.'));
    case 'more-than-a-host':
      return ignored(setting, t('Enter only a host, and a port if needed.'));
  }
}
