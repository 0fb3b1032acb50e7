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
import { fieldInWords, fieldOf, roleOf } from './cliRole';
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

/** What CLI profiles need in addition. */
export interface CliKeyDeps extends KeyDeps {
  readonly consent: CommandConsent;
  readonly platform: NodeJS.Platform;
  /** The user's home: programs start there, and a relative path to a token begins there. */
  readonly home: string;
}

/** Where the credentials of a CLI profile come from. */
export interface CliCredentials {
  /** Gets the key. Throws what `OutsideCredentials.read` throws. */
  readonly read: (waiting: Waiting) => Promise<TimedKey>;
  /** The program that runs for it, also when that is the source of a role. */
  readonly program?: KeyProgram;
}

/**
 * Finds where the credentials of a profile come from, without getting them. Throws SourceUnusable for a profile that
 * can't give any, so that a list can show why.
 */
export function resolveCliProfile(profile: CliProfile, config: CliConfig, deps: CliKeyDeps): CliCredentials {
  return credentialsOf(profile, [profile], config, deps);
}

function credentialsOf(
  profile: CliProfile,
  trail: readonly CliProfile[],
  config: CliConfig,
  deps: CliKeyDeps,
): CliCredentials {
  const {} = deps;
  if (profile.problem !== undefined) throw unusable(profile.problem);
  const mode = modeOf(profile);
  switch (mode) {
    case 'AK':
      return constant({ key: pairOf(profile) });
    case 'StsToken':
      fieldOf(profile, 'sts_token');
      return constant(writtenKey(profile));
    case 'RamRoleArn':
      return assumedRole(profile, constant(writtenKey(profile)), deps);
    case 'ChainableRamRoleArn':
      return assumedRole(profile, credentialsOfSource(profile, trail, config, deps), deps);
    case 'EcsRamRole':
      return instanceRole(profile, deps);
    case 'RamRoleArnWithRoleName':
      return assumedRole(profile, instanceRole(profile, deps), deps);
    case 'External':
      return programOutput(profile, deps);
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
      return constant(signedInKey(profile, profile.cloud_sso_access_token_expire, deps));
    case 'OAuth':
      return constant(signedInKey(profile, profile.oauth_refresh_token_expire, deps));
    case 'RsaKeyPair':
    case 'BearerToken':
    case 'Anonymous':
    case undefined:
      throw unusable(reasonOf(profile, mode));
  }
}

function constant(timed: TimedKey): CliCredentials {
  return { read: () => Promise.resolve(timed) };
}

function pairOf(profile: CliProfile, token?: string): AccessKey {
  return accessKeyOf(fieldOf(profile, 'access_key_id'), fieldOf(profile, 'access_key_secret'), token);
}

/** The pair of a profile with the token beside it. */
function writtenKey(profile: CliProfile): TimedKey {
  const key = pairOf(profile, profile.sts_token);
  if (profile.sts_token === '') return { key };
  const tokenName = fieldInWords('sts_token', profile);
  return { key, tokenName };
}

function instanceRole(profile: CliProfile, deps: CliKeyDeps): CliCredentials {
  return { read: (waiting) => metadataKey(profile.ram_role_name || undefined, deps, waiting) };
}

function assumedRole(profile: CliProfile, from: CliCredentials, deps: CliKeyDeps): CliCredentials {
  const { sts } = deps;
  const { endpoint, role } = roleOf(profile, deps);
  const setting = fieldInWords('sts_region', profile);
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

function credentialsOfSource(
  profile: CliProfile,
  trail: readonly CliProfile[],
  config: CliConfig,
  deps: CliKeyDeps,
): CliCredentials {
  const {} = deps;
  const sourceName = fieldOf(profile, 'source_profile');
  const source = config.profiles.find(({ name }) => name === sourceName);
  if (!source) {
    throw unusable(
      t({
        message:
          "The source profile of the CLI profile “{name}” is “{source}”, which doesn't exist. Run: {command}",
        args: {
          name: plainText(profile.name),
          source: plainText(sourceName),
          command: configureCommand(profile.name),
        },
        comment: ['{name} and {source} are names of profiles.'],
      }),
    );
  }
  if (trail.includes(source)) {
    const circle = [...trail.slice(trail.indexOf(source)), source];
    throw unusable(
      t(
        'These CLI profiles are source profiles of each other: {0}. Change source_profile in one of them.',
        circle.map(({ name }) => plainText(name)).join(' → '),
      ),
    );
  }
  return credentialsOf(source, [...trail, source], config, deps);
}

function programOutput(profile: CliProfile, deps: CliKeyDeps): CliCredentials {
  const { env, consent, platform, home } = deps;
  if (externalProcessOff(env)) {
    throw unusable(
      t(
        '{0} blocks running programs. Remove the variable, or choose another profile.',
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
      return t("RSA key pairs aren't supported. To set up other credentials, run: {0}", command);
    case 'BearerToken':
      return t("Bearer tokens aren't supported. To set up other credentials, run: {0}", command);
    case 'Anonymous':
      return t({
        message: 'The CLI profile “{name}” has no credentials. To set them up, run: {command}',
        args: { name, command },
        comment: ['{command} is a command line.'],
      });
    case undefined:
      break;
  }
  if (profile.mode === '')
    return t({
      message: 'The CLI profile “{name}” is empty. To set it up, run: {command}',
      args: { name, command },
      comment: ['{command} is a command line.'],
    });
  const meant = cliModes.find((known) => known.toLowerCase() === profile.mode.toLowerCase());
  const given = plainText(profile.mode);
  return meant === undefined
    ? t({
        message: "The CLI profile “{name}” has the mode “{mode}”, which this extension doesn't know.",
        args: { name, mode: given },
        comment: ['{mode} is a value in a file.'],
      })
    : t({
        message: 'The CLI profile “{name}” has the mode “{mode}”. Correct it to “{meant}” in the file.',
        args: { name, mode: given, meant },
        comment: ['{mode} and {meant} are values in a file, such as “ak” and “AK”.'],
      });
}

function unusable(sentence: string): SourceUnusable {
  return new SourceUnusable(sentence, 'CLI profile cannot give a key');
}
