import { checkEndpoint, regionEndpoints } from '../endpoints';
import type { Translate } from '../localize';
import { ownValueOf, type InspectedSetting } from '../ownSetting';
import type { Endpoints } from '../ports';

/** Hosts that the user put in place of the region's own; each one passed `checkEndpoint`. */
export type EndpointOverrides = Partial<Endpoints>;

const services = ['hbr', 'ecs', 'sts'] as const satisfies readonly (keyof Endpoints)[];

/**
 * The overrides in the user's own settings. What a workspace or the settings file of a remote computer says is
 * left out: neither may send signed requests to another host. VS Code ignores both for a setting of `application`
 * scope; this is the second lock. `problems` has a sentence for each value that is not used.
 */
export function endpointOverridesOf(
  inspect: (service: keyof Endpoints) => InspectedSetting | undefined,
  t: Translate,
): { readonly overrides: EndpointOverrides; readonly problems: readonly string[] } {
  const overrides: { -readonly [Service in keyof Endpoints]?: string } = {};
  const problems: string[] = [];
  for (const service of services) {
    const value = ownValueOf(inspect(service));
    if (value === undefined || value === '') continue;
    const check = typeof value === 'string' ? checkEndpoint(value) : undefined;
    if (check?.ok) overrides[service] = check.endpoint;
    else problems.push(problemOf(service, check?.reason ?? 'not-an-address', t));
  }
  return { overrides, problems };
}

/** Hosts of a region with the overrides in their place. */
export function endpointsWith(overrides: EndpointOverrides, regionId: string): Endpoints {
  return { ...regionEndpoints(regionId), ...overrides };
}

function problemOf(
  service: keyof Endpoints,
  reason: 'not-an-address' | 'not-secure' | 'more-than-a-host',
  t: Translate,
): string {
  const setting = `cloudBackup.endpoints.${service}`;
  switch (reason) {
    case 'not-an-address':
      return t(
        'The setting {0} is not an address, so it is not used. Enter one such as https://example.com.',
        setting,
      );
    case 'not-secure':
      return t('The setting {0} is neither https nor on this computer, so it is not used.', setting);
    case 'more-than-a-host':
      return t(
        'The setting {0} has more than a host and a port, so it is not used. Leave out path and query.',
        setting,
      );
  }
}
