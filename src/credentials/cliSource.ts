import { t } from '@vscode/l10n';
import { posix, win32 } from 'node:path';
import type { Event } from '../core/kernel/events';
import { sentences } from '../core/kernel/localize';
import { plainText } from '../core/kernel/plainText';
import { SourceUnusable, type SourceOffer } from '../core/profiles/keys/credentialSource';
import type { ConsoleSite } from '../core/service/consoleLinks';
import { decodeCliConfig, type CliConfig, type CliProfile } from './cliConfig';
import { cliConfigPath, notAbsolute } from './cliConfigPath';
import { networkOf } from './cliNetwork';
import { modeInWords, modeOf } from './cliModes';
import { resolveCliProfile, type CliKeyDeps, type CliCredentials } from './cliProfileKey';
import { regionOffered } from './regionOffered';
import { createCredentialFile, type NamedCredentials } from './credentialFile';

export interface CliSourceDeps extends CliKeyDeps {
  /** `cloudBackup.credentials.cliConfigPath`, as it is now; empty for the CLI's own place. */
  readonly configPath: () => string;
  readonly onDidChangePath: Event<void>;
  /** As `CredentialFileDeps.pollMs`. */
  readonly pollMs?: number;
}

/** The profiles of the Alibaba Cloud CLI. Without a name, the one that is current in the CLI is meant. */
export interface CliSource extends NamedCredentials {
  /**
   * Lets the program of a profile run, with the command line that `offers` last showed, so that nobody allows one that
   * they haven't seen. Throws SourceUnusable when it showed none, or the file has another one by now.
   */
  allowCommand(name: string | undefined): Promise<void>;
  /** The web console that a profile's account signs in to, if the file says. Never rejects. */
  consoleSiteOf(name: string | undefined): Promise<ConsoleSite | undefined>;
}

const profileVariables = ['ALIBABACLOUD_PROFILE', 'ALIBABA_CLOUD_PROFILE', 'ALICLOUD_PROFILE'];

export function createCliSource(deps: CliSourceDeps): CliSource {
  const { env, consent, hide, platform, home } = deps;
  /** The command lines that were shown, by the name of their profile. */
  const shown = new Map<string, string>();
  const file = createCredentialFile({
    path: pathOf,
    onDidChangePath: deps.onDidChangePath,
    decode: (text) => decodeCliConfig(text, hide),
    unusable: (path, reason) =>
      new SourceUnusable(
        sentences(
          t("The Alibaba Cloud CLI profiles in {0} can't be used.", path),
          reason,
          t('Correct the file, then try again.'),
        ),
        `CLI configuration cannot be used: ${reason}`,
      ),
    clock: deps.clock,
    pollMs: deps.pollMs,
  });

  function pathOf(): string {
    const path = cliConfigPath({ platform, env, home, setting: deps.configPath() });
    if (path !== undefined) return path;
    throw new SourceUnusable(notAbsolute(), 'path of the CLI configuration is not absolute');
  }

  /** Which profile is current, and who says so: a variable, or undefined for the file. */
  function currentOf(config: CliConfig): { readonly name: string; readonly variable: string | undefined } {
    const variable = profileVariables.find((each) => env[each]);
    return { name: (variable && env[variable]) ?? config.current, variable };
  }

  async function find(name: string | undefined): Promise<{ profile: CliProfile; config: CliConfig }> {
    const config = await file.read();
    if (!config) {
      throw new SourceUnusable(
        t({
          message: 'The Alibaba Cloud CLI has no profiles in {file}. Run: {command}',
          args: { file: pathOf(), command: 'aliyun configure' },
          comment: ['{command} is a command line.'],
        }),
        'there is no CLI configuration',
      );
    }
    const current = currentOf(config);
    const wanted = name ?? current.name;
    const profile = config.profiles.find((each) => each.name === wanted);
    if (profile) return { profile, config };
    throw new SourceUnusable(
      name === undefined && current.variable !== undefined
        ? unknownInVariable(current.variable, wanted)
        : t({
            message:
              "There's no CLI profile “{name}” in {file}. Choose another one, or create it by running: {command}",
            args: { name: plainText(wanted), file: pathOf(), command: 'aliyun configure' },
            comment: ['{command} is a command line.'],
          }),
      'there is no such CLI profile',
    );
  }

  function unknownInVariable(variable: string, name: string): string {
    return t({
      message: "{variable} names the CLI profile “{name}”, which doesn't exist. Correct the variable.",
      args: { variable, name: plainText(name) },
      comment: ['{variable} is an environment variable.'],
    });
  }

  function offerOf(profile: CliProfile, config: CliConfig, current: string): SourceOffer {
    const { name, region_id: region } = profile;
    const found = tryResolve(profile, config);
    const command = 'read' in found ? commandToAllow(found) : undefined;
    if (command !== undefined) shown.set(name, command);
    return {
      source: { kind: 'cli', name },
      name,
      kindInWords: modeInWords(modeOf(profile)),
      ...regionOffered(region),
      ...networkOf(profile),
      current: name === current,
      ...('blocked' in found && { blocked: found.blocked }),
      ...(command !== undefined && { command }),
    };
  }

  function commandToAllow({ program }: CliCredentials): string | undefined {
    const allowed = !program || consent.isAllowed(program.profileName, program.commandLine);
    return allowed ? undefined : program.commandLine;
  }

  function tryResolve(profile: CliProfile, config: CliConfig): CliCredentials | { readonly blocked: string } {
    try {
      return resolveCliProfile(profile, config, deps);
    } catch (error) {
      if (error instanceof SourceUnusable) return { blocked: error.sentence };
      throw error;
    }
  }

  return {
    offers: () =>
      file.offersOf((config) => {
        if (config === undefined) return { offers: [], problems: [] };
        const { name: current, variable } = currentOf(config);
        const { profiles, problems } = config;
        shown.clear();
        return {
          offers: profiles.map((profile) => offerOf(profile, config, current)),
          problems:
            variable !== undefined && profiles.every(({ name }) => name !== current)
              ? [...problems, unknownInVariable(variable, current)]
              : problems,
        };
      }),
    async read(name, waiting) {
      const { profile, config } = await find(name);
      return await resolveCliProfile(profile, config, deps).read(waiting);
    },
    async allowCommand(name) {
      const { profile, config } = await find(name);
      const { program } = resolveCliProfile(profile, config, deps);
      if (!program || consent.isAllowed(program.profileName, program.commandLine)) return;
      if (shown.get(profile.name) !== program.commandLine) {
        throw new SourceUnusable(
          t('The command of the CLI profile “{0}” has changed. Review it again.', plainText(profile.name)),
          'command of a CLI profile changed',
        );
      }
      const fileName = (platform === 'win32' ? win32 : posix).basename(program.argv[0]);
      await consent.allow(program.profileName, program.commandLine, fileName);
    },
    async consoleSiteOf(name) {
      return await find(name).then(
        ({ profile }) => siteOf(profile),
        () => undefined,
      );
    },
    stampOf: (name) =>
      file.stampOf((config) => config && profilesBehind(name ?? currentOf(config).name, config)),
    isThere: () => file.isThere(),
    onDidChange: file.onDidChange,
    dispose: () => file.dispose(),
  };
}

/** The CLI writes `CN` or `INTL` where the user signed in through a browser. */
function siteOf({ oauth_site_type, site }: CliProfile): ConsoleSite | undefined {
  switch ((oauth_site_type || site).toUpperCase()) {
    case 'CN':
      return 'china';
    case 'INTL':
      return 'international';
    default:
      return undefined;
  }
}

/** The profile of a name, the one that it takes its key from, and so on; each once. */
function profilesBehind(name: string, { profiles }: CliConfig): readonly CliProfile[] {
  const behind: CliProfile[] = [];
  let next = profiles.find((profile) => profile.name === name);
  while (next && !behind.includes(next)) {
    behind.push(next);
    const { source_profile } = next;
    next = profiles.find((profile) => profile.name === source_profile);
  }
  return behind;
}
