import { t } from '@vscode/l10n';
import { checkEndpoint } from '../core/service/endpoints';
import { sentences } from '../core/kernel/localize';
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
 * `stsEndpointOf` says for its `region_id`; a session lasts an hour by default. Throws SourceUnusable for
 * what STS would never accept, and for an endpoint that isn't safe for a signed request.
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
      t({
        message: 'The value of {field} in the CLI profile “{name}” is less than 900. Run: {command}',
        args: { field: 'expired_seconds', name, command: configureCommand(profile.name) },
        comment: ['{command} is a command line.'],
      }),
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
    t({
      message: 'The CLI profile “{name}” has no {field}. Run: {command}',
      args: { name: plainText(profile.name), field, command: configureCommand(profile.name) },
      comment: ['{field} is the name of a field in a file, {command} a command line.'],
    }),
  );
}

function endpointOf(profile: CliProfile, deps: Pick<KeyDeps, 'env' | 'overrides'>): string {
  const {} = deps;
  const name = plainText(profile.name);
  if (profile.sts_endpoint !== '') {
    const check = checkEndpoint(profile.sts_endpoint);
    if (check.ok) return check.endpoint;
    throw unusable(
      t({
        message:
          "{field} of the CLI profile “{name}” isn't an https address of a host. Correct it in the file.",
        args: { field: 'sts_endpoint', name },
        comment: ['{field} is the name of a field in a file.'],
      }),
    );
  }
  const region = readRegion(profile.sts_region);
  if (profile.sts_region === '' || region.kind === 'region') {
    const { network } = networkOf(profile);
    return stsEndpointOf({ region: profile.sts_region, home: profile.region_id, network }, deps);
  }
  throw unusable(
    region.kind === 'zone'
      ? sentences(
          t({
            message: "{field} of the CLI profile “{name}” isn't a region.",
            args: { field: 'sts_region', name },
            comment: ['{field} is the name of a field in a file.'],
          }),
          zoneInWords(region),
        )
      : t({
          message: "{field} of the CLI profile “{name}” isn't a region. Run: {command}",
          args: { field: 'sts_region', name, command: configureCommand(profile.name) },
          comment: ['{field} is the name of a field in a file, {command} a command line.'],
        }),
  );
}

/** A field and its place, as part of a sentence. */
export function fieldInWords(field: TextField, { name }: CliProfile): string {
  return t({
    message: '{field} in the CLI profile “{name}”',
    args: { field, name: plainText(name) },
    comment: ['Part of a sentence. {field} is the name of a field in a file.'],
  });
}

function unusable(sentence: string): SourceUnusable {
  return new SourceUnusable(sentence, 'CLI profile is incomplete or wrong');
}
