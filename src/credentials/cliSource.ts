import { t } from '@vscode/l10n';
import { posix, win32 } from 'node:path';
import type { Disposable } from '../core/kernel/disposables';
import { DisposableStore } from '../core/kernel/disposables';
import { Emitter, type Event } from '../core/kernel/events';
import { plainText } from '../core/kernel/plainText';
import type { Waiting } from '../core/kernel/waiting';
import { SourceUnusable, type SourceOffer, type TimedKey } from '../core/profiles/keys/credentialSource';
import { BrokenCliConfig, decodeCliConfig, type CliConfig, type CliProfile } from './cliConfig';
import { cliConfigPath, largestFileMb, notAbsolute, watchFile } from './cliConfigFile';
import { networkOf } from './cliNetwork';
import { modeInWords, modeOf } from './cliModes';
import { wayToKey, type CliKeyDeps, type CliKeyWay } from './cliProfileKey';
import { regionOffered } from './regionOffered';
import { createFileReader, unreadableInWords } from './smallFile';
import { stamp } from './stamp';

export interface CliSourceDeps extends CliKeyDeps {
  /** `cloudBackup.credentials.cliConfigPath`, as it is now; empty for the CLI's own place. */
  readonly configPath: () => string;
  readonly onDidChangePath: Event<void>;
  /** How often the file is looked at where the file system sends no events; milliseconds. */
  readonly pollMs?: number;
}

/** The profiles of the Alibaba Cloud CLI. Its file is read when asked for, and watched from then on. */
export interface CliSource extends Disposable {
  /** Every profile of the file, those that cannot be used with their reason. Never rejects. */
  offers(): Promise<{ readonly offers: readonly SourceOffer[]; readonly problems: readonly string[] }>;
  /**
   * The key of a profile; without a name of the one that is current: that of `ALIBABACLOUD_PROFILE`,
   * `ALIBABA_CLOUD_PROFILE` or `ALICLOUD_PROFILE`, else the file's. Throws what `OutsideCredentials.read` tells.
   */
  read(name: string | undefined, waiting: Waiting): Promise<TimedKey>;
  /**
   * Lets the program of a profile run: with the command line that `offers` last told, so that nobody allows one that
   * was not seen. Throws SourceUnusable when it told none, or the file has another one by now.
   */
  allowCommand(name: string | undefined): Promise<void>;
  /** True when there is a file, whatever is in it. */
  isThere(): Promise<boolean>;
  /** As `OutsideCredentials.stampOf`: of a profile and of all those that it takes its key from. */
  stampOf(name: string | undefined): Promise<string>;
  readonly onDidChange: Event<void>;
}

const profileVariables = ['ALIBABACLOUD_PROFILE', 'ALIBABA_CLOUD_PROFILE', 'ALICLOUD_PROFILE'];

export function createCliSource(deps: CliSourceDeps): CliSource {
  const { env, consent, hide, platform, home } = deps;
  const owned = new DisposableStore();
  const changes = owned.add(new Emitter<void>());
  /** Command lines that were told, by the name of the profile that was offered. */
  const told = new Map<string, string>();
  const readFile = createFileReader(largestFileMb, (text) => decodeCliConfig(text, hide), deps.clock);
  let watching: { readonly path: string; readonly watch: Disposable } | undefined;

  owned.add(
    deps.onDidChangePath(() => {
      if (watching === undefined) return;
      unwatch();
      changes.fire();
    }),
  );
  owned.add({ dispose: () => unwatch() });

  function unwatch(): void {
    watching?.watch.dispose();
    watching = undefined;
  }

  /** Undefined when there is no file. Throws SourceUnusable for one that cannot be used. */
  async function load(): Promise<{ readonly path: string; readonly config: CliConfig | undefined }> {
    const path = cliConfigPath({ platform, env, home, setting: deps.configPath() });
    if (path === undefined) {
      throw new SourceUnusable(notAbsolute(), 'path of the CLI configuration is not absolute');
    }
    if (watching?.path !== path && !owned.disposed) {
      unwatch();
      watching = { path, watch: watchFile(path, deps.pollMs ?? 5000, () => changes.fire()) };
    }
    const broken = (what: string): SourceUnusable =>
      new SourceUnusable(
        t(
          'The profiles of the Alibaba Cloud CLI cannot be used: {0}. Correct the file {1}, then try again.',
          what,
          path,
        ),
        `CLI configuration cannot be used: ${what}`,
      );
    try {
      const file = await readFile(path);
      if (typeof file === 'string') throw broken(unreadableInWords(file, largestFileMb));
      return { path, config: file?.value };
    } catch (error) {
      throw error instanceof BrokenCliConfig ? broken(error.message) : error;
    }
  }

  /** Which profile is current, and who says so: a variable, or undefined for the file. */
  function currentOf(config: CliConfig): { readonly name: string; readonly variable: string | undefined } {
    const variable = profileVariables.find((each) => env[each]);
    return { name: (variable && env[variable]) ?? config.current, variable };
  }

  async function find(name: string | undefined): Promise<{ profile: CliProfile; config: CliConfig }> {
    const { path, config } = await load();
    if (!config) {
      throw new SourceUnusable(
        t('The Alibaba Cloud CLI has no profiles in {0}. Run: {1}', path, 'aliyun configure'),
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
        : t(
            'There is no CLI profile “{0}” in {1}. Choose another one, or set it up with: {2}',
            plainText(wanted),
            path,
            'aliyun configure',
          ),
      'there is no such CLI profile',
    );
  }

  function unknownInVariable(variable: string, name: string): string {
    return t(
      'The environment variable {0} names the CLI profile “{1}”, which does not exist. Correct the variable.',
      variable,
      plainText(name),
    );
  }

  function offerOf(profile: CliProfile, config: CliConfig, current: string): SourceOffer {
    const { name, region_id: region } = profile;
    const way = tryWay(profile, config);
    const command = 'read' in way ? commandToAllow(way) : undefined;
    if (command !== undefined) told.set(name, command);
    return {
      source: { kind: 'cli', name },
      name,
      kindInWords: modeInWords(modeOf(profile)),
      ...regionOffered(region),
      ...networkOf(profile),
      current: name === current,
      ...('blocked' in way && { blocked: way.blocked }),
      ...(command !== undefined && { command }),
    };
  }

  function commandToAllow({ program }: CliKeyWay): string | undefined {
    const allowed = !program || consent.isAllowed(program.profileName, program.commandLine);
    return allowed ? undefined : program.commandLine;
  }

  function tryWay(profile: CliProfile, config: CliConfig): CliKeyWay | { readonly blocked: string } {
    try {
      return wayToKey(profile, config, deps);
    } catch (error) {
      if (error instanceof SourceUnusable) return { blocked: error.sentence };
      throw error;
    }
  }

  return {
    async offers() {
      let config: CliConfig | undefined;
      try {
        ({ config } = await load());
      } catch (error) {
        if (error instanceof SourceUnusable) return { offers: [], problems: [error.sentence] };
        throw error;
      }
      if (config === undefined) return { offers: [], problems: [] };
      const { name: current, variable } = currentOf(config);
      const { profiles, problems } = config;
      told.clear();
      return {
        offers: profiles.map((profile) => offerOf(profile, config, current)),
        problems:
          variable !== undefined && profiles.every(({ name }) => name !== current)
            ? [...problems, unknownInVariable(variable, current)]
            : problems,
      };
    },
    async read(name, waiting) {
      const { profile, config } = await find(name);
      return await wayToKey(profile, config, deps).read(waiting);
    },
    async allowCommand(name) {
      const { profile, config } = await find(name);
      const { program } = wayToKey(profile, config, deps);
      if (!program || consent.isAllowed(program.profileName, program.commandLine)) return;
      if (told.get(profile.name) !== program.commandLine) {
        throw new SourceUnusable(
          t('The command of the CLI profile “{0}” changed. Look at it again.', plainText(profile.name)),
          'command of a CLI profile changed',
        );
      }
      const fileName = (platform === 'win32' ? win32 : posix).basename(program.argv[0]);
      await consent.allow(program.profileName, program.commandLine, fileName);
    },
    async stampOf(name) {
      try {
        const { config } = await load();
        return stamp(config && profilesBehind(name ?? currentOf(config).name, config));
      } catch (error) {
        if (error instanceof SourceUnusable) return stamp(error.sentence);
        throw error;
      }
    },
    async isThere() {
      try {
        return (await load()).config !== undefined;
      } catch (error) {
        if (error instanceof SourceUnusable) return true;
        throw error;
      }
    },
    onDidChange: changes.event,
    dispose: () => owned.dispose(),
  };
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
