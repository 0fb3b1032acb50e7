import { t } from '@vscode/l10n';
import { checkEndpoint } from '../core/service/endpoints';
import { plainText } from '../core/kernel/plainText';
import { SourceUnusable, type RoleRequest } from '../core/profiles/keys/credentialSource';
import { readRegion, zoneInWords } from '../core/service/regions';
import { checkedRole } from './checkedRole';
import type { CliProfile, TextField } from './cliConfig';
import { configureCommand } from './cliCommands';
import { networkOf } from './cliNetwork';
import type { KeyDeps } from './keyDeps';
import { stsEndpointOf } from './stsEndpoint';

/** A role that a profile of the CLI assumes, and the STS that it asks. */
export interface CliRole {
  readonly endpoint: string;
  readonly role: RoleRequest;
}

/**
 * Reads the role of a profile. STS is the profile's `sts_endpoint`, else that of its `sts_region`, else as
 * `stsEndpointOf` says for its `region_id`; a session lasts an hour unless told otherwise. Throws SourceUnusable for what STS could never
 * take, and for an endpoint that a signed request may not go to.
 */
export function roleOf(profile: CliProfile, deps: Pick<KeyDeps, 'env' | 'overrides'>): CliRole {
  const {} = deps;
  const name = plainText(profile.name);
  const place = t('the CLI profile “{0}”', name);
  const role = checkedRole(
    {
      roleArn: fieldOf(profile, 'ram_role_arn'),
      roleArnField: 'ram_role_arn',
      sessionName: profile.ram_session_name,
      sessionNameField: 'ram_session_name',
    },
    place,
    deps,
  );
  const durationSeconds = profile.expired_seconds || role.durationSeconds;
  if (durationSeconds < 900) {
    throw unusable(
      t('{0} of the CLI profile “{1}” is less than 900. Run: {2}', 'expired_seconds', name, fix(profile)),
    );
  }
  const externalId = profile.external_id;
  return {
    endpoint: endpointOf(profile, deps),
    role: { ...role, durationSeconds, ...(externalId && { externalId }) },
  };
}

/** A field that the mode of a profile needs. Throws SourceUnusable when it is empty. */
export function fieldOf(profile: CliProfile, field: TextField): string {
  const value = profile[field];
  if (value !== '') return value;
  throw unusable(
    t('The CLI profile “{0}” has no {1}. Run: {2}', plainText(profile.name), field, fix(profile)),
  );
}

function endpointOf(profile: CliProfile, deps: Pick<KeyDeps, 'env' | 'overrides'>): string {
  const {} = deps;
  const name = plainText(profile.name);
  if (profile.sts_endpoint !== '') {
    const check = checkEndpoint(profile.sts_endpoint);
    if (check.ok) return check.endpoint;
    throw unusable(
      t(
        '{0} of the CLI profile “{1}” is not an https address of a host, so it is not used. Correct it in the file.',
        'sts_endpoint',
        name,
      ),
    );
  }
  const region = readRegion(profile.sts_region);
  if (profile.sts_region === '' || region.kind === 'region') {
    const { network } = networkOf(profile);
    return stsEndpointOf({ region: profile.sts_region, home: profile.region_id, network }, deps);
  }
  throw unusable(
    region.kind === 'zone'
      ? t('{0} of the CLI profile “{1}”: {2}', 'sts_region', name, zoneInWords(region))
      : t('{0} of the CLI profile “{1}” is not a region. Run: {2}', 'sts_region', name, fix(profile)),
  );
}

function fix(profile: CliProfile): string {
  return configureCommand(profile.name);
}

function unusable(sentence: string): SourceUnusable {
  return new SourceUnusable(sentence, 'CLI profile is incomplete or wrong');
}
