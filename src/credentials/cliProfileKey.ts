import { t } from '@vscode/l10n';
import { resolve } from 'node:path';
import { plainText } from '../core/kernel/plainText';
import type { Waiting } from '../core/kernel/waiting';
import { BackupError } from '../core/service/errors';
import type { AccessKey } from '../core/service/model';
import type { CommandConsent } from '../core/profiles/keys/commandConsent';
import { SourceUnusable, type TimedKey } from '../core/profiles/keys/credentialSource';
import { roleTroubleOf } from '../core/profiles/keys/roleTrouble';
import { tokenTroubleOf } from '../core/profiles/keys/tokenTrouble';
import type { CliConfig, CliProfile } from './cliConfig';
import { configureCommand } from './cliCommands';
import { cliModes, modeOf } from './cliModes';
import { fieldOf, roleOf } from './cliRole';
import { signedInKey } from './cliSignedIn';
import { checkCredentialsUri, credentialsUriKey, credentialsUriVariable } from './credentialsUri';
import {
  externalKey,
  externalProcessOff,
  externalProcessVariable,
  keyProgramOf,
  type KeyProgram,
} from './externalProcess';
import type { KeyDeps } from './keyDeps';
import { metadataKey } from './metadataService';
import { oidcKey } from './oidcKey';
import { accessKeyOf } from './sessionKey';
import { askSts } from './askSts';

/** What profiles of the CLI need besides. */
export interface CliKeyDeps extends KeyDeps {
  readonly consent: CommandConsent;
  readonly platform: NodeJS.Platform;
  /** The user's home: programs start there, and a relative path to a token begins there. */
  readonly home: string;
}

/** How a profile of the CLI comes to its key. */
export interface CliKeyWay {
  /** Asks for the key. Throws what `OutsideCredentials.read` tells. */
  readonly read: (waiting: Waiting) => Promise<TimedKey>;
  /** The program that runs for it, also when that is the source of a role. */
  readonly program?: KeyProgram;
}

/**
 * Looks at a profile without asking anybody. Throws SourceUnusable for one that can give no key, so that a list can
 * say why.
 */
export function wayToKey(profile: CliProfile, config: CliConfig, deps: CliKeyDeps): CliKeyWay {
  return wayOf(profile, [profile], config, deps);
}

function wayOf(
  profile: CliProfile,
  trail: readonly CliProfile[],
  config: CliConfig,
  deps: CliKeyDeps,
): CliKeyWay {
  const {} = deps;
  if (profile.problem !== undefined) throw unusable(profile.problem);
  const mode = modeOf(profile);
  switch (mode) {
    case 'AK':
      return known({ key: pairOf(profile) });
    case 'StsToken':
      fieldOf(profile, 'sts_token');
      return known(writtenKey(profile));
    case 'RamRoleArn':
      return roleWay(profile, known(writtenKey(profile)), deps);
    case 'ChainableRamRoleArn':
      return roleWay(profile, sourceWay(profile, trail, config, deps), deps);
    case 'EcsRamRole':
      return metadataWay(profile, deps);
    case 'RamRoleArnWithRoleName':
      return roleWay(profile, metadataWay(profile, deps), deps);
    case 'External':
      return programWay(profile, deps);
    case 'CredentialsURI': {
      const uri =
        profile.credentials_uri || deps.env[credentialsUriVariable] || fieldOf(profile, 'credentials_uri');
      checkCredentialsUri(uri, deps);
      return { read: (waiting) => credentialsUriKey(uri, deps, waiting) };
    }
    case 'OIDC': {
      const tokenFile = resolve(deps.home, fieldOf(profile, 'oidc_token_file'));
      const oidcProviderArn = fieldOf(profile, 'oidc_provider_arn');
      const { endpoint, role } = roleOf(profile, deps);
      const { roleArn, sessionName, durationSeconds } = role;
      const source = { endpoint, tokenFile, oidcProviderArn, roleArn, sessionName, durationSeconds };
      return { read: (waiting) => oidcKey(source, deps, waiting) };
    }
    case 'CloudSSO':
      return known(signedInKey(profile, profile.cloud_sso_access_token_expire, deps));
    case 'OAuth':
      return known(signedInKey(profile, profile.oauth_refresh_token_expire, deps));
    case 'RsaKeyPair':
    case 'BearerToken':
    case 'Anonymous':
    case undefined:
      throw unusable(reasonOf(profile, mode));
  }
}

function known(timed: TimedKey): CliKeyWay {
  return { read: () => Promise.resolve(timed) };
}

function pairOf(profile: CliProfile, token?: string): AccessKey {
  return accessKeyOf(fieldOf(profile, 'access_key_id'), fieldOf(profile, 'access_key_secret'), token);
}

/** The pair of a profile with the token beside it. */
function writtenKey(profile: CliProfile): TimedKey {
  const key = pairOf(profile, profile.sts_token);
  if (profile.sts_token === '') return { key };
  const tokenName = t('{0} in the CLI profile “{1}”', 'sts_token', plainText(profile.name));
  return { key, tokenName };
}

function metadataWay(profile: CliProfile, deps: CliKeyDeps): CliKeyWay {
  return { read: (waiting) => metadataKey(profile.ram_role_name || undefined, deps, waiting) };
}

function roleWay(profile: CliProfile, from: CliKeyWay, deps: CliKeyDeps): CliKeyWay {
  const { sts } = deps;
  const { endpoint, role } = roleOf(profile, deps);
  const setting = t('{0} in the CLI profile “{1}”', 'sts_region', plainText(profile.name));
  return {
    ...from,
    read: async (waiting) => {
      const { key, tokenName } = await from.read(waiting);
      try {
        return await askSts(endpoint, setting, () => sts.assumeRole(endpoint, key, role, waiting));
      } catch (error) {
        const ofToken = tokenTroubleOf(error, tokenName);
        if (ofToken) throw ofToken;
        const trouble = roleTroubleOf(error, profile.source_profile || profile.name);
        throw trouble
          ? new SourceUnusable(trouble.sentence, 'role of a CLI profile is not assumed', error)
          : error;
      }
    },
  };
}

function sourceWay(
  profile: CliProfile,
  trail: readonly CliProfile[],
  config: CliConfig,
  deps: CliKeyDeps,
): CliKeyWay {
  const {} = deps;
  const sourceName = fieldOf(profile, 'source_profile');
  const source = config.profiles.find(({ name }) => name === sourceName);
  if (!source) {
    throw unusable(
      t(
        'The CLI profile “{0}” takes its key from “{1}”, which does not exist. Run: {2}',
        plainText(profile.name),
        plainText(sourceName),
        configureCommand(profile.name),
      ),
    );
  }
  if (trail.includes(source)) {
    const circle = [...trail.slice(trail.indexOf(source)), source];
    throw unusable(
      t(
        'These CLI profiles take their keys from each other: {0}. Change source_profile of one of them.',
        circle.map(({ name }) => plainText(name)).join(' → '),
      ),
    );
  }
  return wayOf(source, [...trail, source], config, deps);
}

function programWay(profile: CliProfile, deps: CliKeyDeps): CliKeyWay {
  const { env, consent, platform, home } = deps;
  if (externalProcessOff(env)) {
    throw unusable(
      t(
        'The environment variable {0} forbids to run programs. Remove it, or choose another profile.',
        externalProcessVariable,
      ),
    );
  }
  const commandLine = fieldOf(profile, 'process_command');
  const program = keyProgramOf({ profileName: profile.name, commandLine, platform, folder: home });
  return {
    program,
    read: async (waiting) => {
      if (consent.isAllowed(program.profileName, commandLine))
        return await externalKey(program, deps, waiting);
      throw new BackupError('command-not-allowed', 'command of a CLI profile is not allowed');
    },
  };
}

function reasonOf(profile: CliProfile, mode: 'RsaKeyPair' | 'BearerToken' | 'Anonymous' | undefined): string {
  const name = plainText(profile.name);
  const command = configureCommand(profile.name);
  switch (mode) {
    case 'RsaKeyPair':
      return t('RSA key pairs are not supported. Set another kind of key up: {0}', command);
    case 'BearerToken':
      return t('Bearer tokens are not supported. Set another kind of key up: {0}', command);
    case 'Anonymous':
      return t('The CLI profile “{0}” has no key. Set one up: {1}', name, command);
    case undefined:
      break;
  }
  if (profile.mode === '') return t('The CLI profile “{0}” is empty. Set it up: {1}', name, command);
  const meant = cliModes.find((known) => known.toLowerCase() === profile.mode.toLowerCase());
  return meant === undefined
    ? t('The CLI profile “{0}” has the mode “{1}”, which is not known here.', name, plainText(profile.mode))
    : t(
        'The CLI profile “{0}” has the mode “{1}”; it has to be spelled “{2}”. Correct it in the file.',
        name,
        plainText(profile.mode),
        meant,
      );
}

function unusable(sentence: string): SourceUnusable {
  return new SourceUnusable(sentence, 'CLI profile cannot give a key');
}
