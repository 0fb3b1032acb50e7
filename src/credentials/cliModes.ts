import { t } from '@vscode/l10n';
import type { CliProfile } from './cliConfig';

/** The modes of CLI profiles, as their file spells them. */
export const cliModes = [
  'AK',
  'StsToken',
  'RamRoleArn',
  'ChainableRamRoleArn',
  'EcsRamRole',
  'RamRoleArnWithRoleName',
  'External',
  'CredentialsURI',
  'OIDC',
  'CloudSSO',
  'OAuth',
  'RsaKeyPair',
  'BearerToken',
  'Anonymous',
] as const;
export type CliMode = (typeof cliModes)[number];

/**
 * The mode of a profile, inferred from what is filled in where it names none, in the order of the CLI. Undefined for
 * a mode that isn't known here, and for a profile with nothing in it.
 */
export function modeOf(profile: CliProfile): CliMode | undefined {
  const { mode } = profile;
  return mode === '' ? inferredMode(profile) : cliModes.find((known) => known === mode);
}

function inferredMode(profile: CliProfile): CliMode | undefined {
  if (profile.access_key_id && profile.access_key_secret) {
    if (profile.sts_token) return 'StsToken';
    return profile.ram_role_arn ? 'RamRoleArn' : 'AK';
  }
  if (profile.private_key && profile.key_pair_name) return 'RsaKeyPair';
  if (profile.ram_role_name) return 'EcsRamRole';
  if (profile.process_command) return 'External';
  if (profile.oidc_provider_arn && profile.oidc_token_file && profile.ram_role_arn) return 'OIDC';
  if (profile.cloud_sso_sign_in_url) return 'CloudSSO';
  return profile.bearer_token ? 'BearerToken' : undefined;
}

/** What kind of credentials a mode gives, in a few words. */
export function modeInWords(mode: CliMode | undefined): string {
  switch (mode) {
    case 'AK':
      return t({ message: 'Access key', comment: ['A kind of credentials.'] });
    case 'StsToken':
      return t({ message: 'Temporary credentials', comment: ['A kind of credentials.'] });
    case 'RamRoleArn':
      return t({ message: 'RAM role', comment: ['A kind of credentials.'] });
    case 'ChainableRamRoleArn':
      return t('RAM role through another profile');
    case 'EcsRamRole':
      return t('RAM role of this ECS instance');
    case 'RamRoleArnWithRoleName':
      return t('RAM role through this ECS instance');
    case 'External':
      return t({ message: 'External program', comment: ['A kind of credentials.'] });
    case 'CredentialsURI':
      return t({ message: 'Credentials URI', comment: ['A kind of credentials.'] });
    case 'OIDC':
      return t('RAM role with an OIDC token');
    case 'CloudSSO':
      return t({ message: 'CloudSSO sign-in', comment: ['A kind of credentials.'] });
    case 'OAuth':
      return t({ message: 'OAuth sign-in', comment: ['A kind of credentials.'] });
    case 'RsaKeyPair':
      return t({ message: 'RSA key pair', comment: ['A kind of credentials.'] });
    case 'BearerToken':
      return t({ message: 'Bearer token', comment: ['A kind of credentials.'] });
    case 'Anonymous':
      return t({ message: 'No credentials', comment: ['In place of a kind of credentials.'] });
    case undefined:
      return t({
        message: 'Unknown mode',
        comment: ['In place of a kind of credentials: the mode of a CLI profile is unknown.'],
      });
  }
}
