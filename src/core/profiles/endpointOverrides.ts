import { t } from '@vscode/l10n';
import { checkEndpoint, regionEndpoints, type EndpointNetwork, type Endpoints } from '../service/endpoints';
import { ownValueOf, type InspectedSetting } from '../kernel/ownSetting';
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
 * scope; this is the second lock. `problems` has a sentence for each value that is not used; the others count.
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
  if (!isObject(value)) {
    problems.push(t('The setting {0} is not an object of regions, so it is not used.', nameOf('regions')));
    return regions;
  }
  for (const [key, entry] of Object.entries(value)) {
    const setting = `regions.${plainText(key, 64)}`;
    const written = readRegion(key);
    if (written.kind === 'zone') {
      problems.push(t('The setting {0} is not used: {1}', nameOf(setting), zoneInWords(written)));
    } else if (written.kind === 'neither') {
      problems.push(
        t(
          'The setting {0} is not used: a region ID has letters, digits and hyphens, such as cn-hangzhou.',
          nameOf(setting),
        ),
      );
    } else if (entry === 'vpc') regions.set(written.regionId, regionEndpoints(written.regionId, 'vpc'));
    else if (isObject(entry)) regions.set(written.regionId, readHosts(entry, setting, problems));
    else {
      problems.push(
        t('The setting {0} is neither "vpc" nor an object of addresses, so it is not used.', nameOf(setting)),
      );
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
      problems.push(
        t('The setting {0} is not used: the services are {1}.', nameOf(name), services.join(', ')),
      );
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

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(setting: string): string {
  return `cloudBackup.endpoints.${setting}`;
}

function problemOf(setting: string, reason: 'not-an-address' | 'not-secure' | 'more-than-a-host'): string {
  const name = nameOf(setting);
  switch (reason) {
    case 'not-an-address':
      return t(
        'The setting {0} is not an address, so it is not used. Enter one such as https://example.com.',
        name,
      );
    case 'not-secure':
      return t('The setting {0} is neither https nor on this computer, so it is not used.', name);
    case 'more-than-a-host':
      return t(
        'The setting {0} has more than a host and a port, so it is not used. Leave out path and query.',
        name,
      );
  }
}
