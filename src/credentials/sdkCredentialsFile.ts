import { t } from '@vscode/l10n';
import { join } from 'node:path';
import { DisposableStore, type Disposable } from '../core/kernel/disposables';
import { Emitter, type Event } from '../core/kernel/events';
import { plainText } from '../core/kernel/plainText';
import type { Waiting } from '../core/kernel/waiting';
import {
  SourceUnusable,
  type SourceOffer,
  type SourceOffers,
  type TimedKey,
} from '../core/profiles/keys/credentialSource';
import { largestFileMb, watchFile } from './cliConfigFile';
import { BrokenIni, parseIni, type IniProblem, type IniSection } from './sdkIni';
import { regionOffered } from './regionOffered';
import { sdkTypeInWords, secretsOfSection, wayToSdkKey, type SdkKeyDeps } from './sdkSectionKey';
import { createFileReader, unreadableInWords } from './smallFile';
import { stamp } from './stamp';

export interface SdkCredentialsFileDeps extends SdkKeyDeps {
  /** How often the file is looked at where the file system sends no events; milliseconds. */
  readonly pollMs?: number;
}

/**
 * The credentials file of the SDKs: `~/.alibabacloud/credentials`, or what `ALIBABA_CLOUD_CREDENTIALS_FILE` names. It
 * is read when asked for, watched from then on, and never written.
 */
export interface SdkCredentialsFile extends Disposable {
  /** The section that the SDKs take by themselves: that of `ALIBABA_CLOUD_PROFILE`, else `default`. */
  readonly currentSection: string;
  /** Every section, those that cannot be used with their reason. Never rejects. */
  offers(): Promise<SourceOffers>;
  /** The key of a section. Throws what `OutsideCredentials.read` tells. */
  read(section: string, waiting: Waiting): Promise<TimedKey>;
  /** True when there is a file, whatever is in it, or one was asked for by name. */
  isThere(): Promise<boolean>;
  /** As `OutsideCredentials.stampOf`. */
  stampOf(section: string): Promise<string>;
  readonly onDidChange: Event<void>;
}

const fileVariable = 'ALIBABA_CLOUD_CREDENTIALS_FILE';
const sectionVariable = 'ALIBABA_CLOUD_PROFILE';

export function createSdkCredentialsFile(deps: SdkCredentialsFileDeps): SdkCredentialsFile {
  const { env, home, hide } = deps;
  const owned = new DisposableStore();
  const changes = owned.add(new Emitter<void>());
  const given = env[fileVariable]?.trim() ?? '';
  const path = given === '' ? join(home, '.alibabacloud', 'credentials') : given;
  const file = plainText(path, 400);
  const currentSection = env[sectionVariable] || 'default';
  const readFile = createFileReader(largestFileMb, decode, deps.clock);
  let watched = false;

  /** Undefined when there is no file. Throws SourceUnusable for one that cannot be used. */
  async function load(): Promise<ReadonlyMap<string, IniSection> | undefined> {
    if (!watched && !owned.disposed) {
      watched = true;
      owned.add(watchFile(path, deps.pollMs ?? 5000, () => changes.fire()));
    }
    const content = await readFile(path);
    if (typeof content === 'string') throw broken(unreadableInWords(content, largestFileMb));
    return content?.value;
  }

  function decode(text: string): ReadonlyMap<string, IniSection> {
    // What cannot be UTF-8 was replaced; zeros are UTF-16.
    if (/[\0\uFFFD]/.test(text)) throw broken(t('it is not UTF-8 text'));
    let sections: ReadonlyMap<string, IniSection>;
    try {
      sections = parseIni(text);
    } catch (error) {
      throw error instanceof BrokenIni ? broken(problemInWords(error.problem)) : error;
    }
    for (const values of sections.values()) for (const secret of secretsOfSection(values)) hide(secret);
    return sections;
  }

  function broken(what: string): SourceUnusable {
    return new SourceUnusable(
      t('The credentials file {0} cannot be used: {1}. Correct the file, then try again.', file, what),
      `credentials file of the SDKs cannot be used: ${what}`,
    );
  }

  function problemInWords({ kind, line }: IniProblem): string {
    switch (kind) {
      case 'section-not-closed':
        return t('line {0} begins like a section and is none such as [default]', line);
      case 'before-first-section':
        return t('line {0} stands before the first section', line);
      case 'not-a-setting':
        return t('line {0} is neither a section nor a name with a value behind “=”', line);
    }
  }

  function offerOf(name: string, values: IniSection): SourceOffer {
    const blocked = reasonAgainst(name, values);
    const region = values.get('region_id') ?? '';
    return {
      source: { kind: 'sdkFile', section: name },
      name,
      kindInWords: sdkTypeInWords(values),
      ...regionOffered(region),
      current: name === currentSection,
      ...(blocked !== undefined && { blocked }),
    };
  }

  function reasonAgainst(name: string, values: IniSection): string | undefined {
    try {
      wayToSdkKey({ name, values, file }, deps);
      return undefined;
    } catch (error) {
      if (error instanceof SourceUnusable) return error.sentence;
      throw error;
    }
  }

  return {
    currentSection,
    async offers() {
      try {
        const sections = await load();
        if (sections !== undefined) {
          return { offers: [...sections].map(([name, values]) => offerOf(name, values)), problems: [] };
        }
        // A file that nobody asked for need not exist.
        return { offers: [], problems: given === '' ? [] : [missing().sentence] };
      } catch (error) {
        if (error instanceof SourceUnusable) return { offers: [], problems: [error.sentence] };
        throw error;
      }
    },
    async read(name, waiting) {
      const sections = await load();
      if (sections === undefined) throw missing();
      const values = sections.get(name);
      if (values !== undefined) return await wayToSdkKey({ name, values, file }, deps)(waiting);
      throw new SourceUnusable(
        t('There is no section “{0}” in {1}. Add it, or choose another source.', plainText(name), file),
        'there is no such section in the credentials file',
      );
    },
    async stampOf(name) {
      try {
        const values = (await load())?.get(name);
        return stamp(values && [...values]);
      } catch (error) {
        if (error instanceof SourceUnusable) return stamp(error.sentence);
        throw error;
      }
    },
    async isThere() {
      try {
        return given !== '' || (await load()) !== undefined;
      } catch (error) {
        if (error instanceof SourceUnusable) return true;
        throw error;
      }
    },
    onDidChange: changes.event,
    dispose: () => owned.dispose(),
  };

  function missing(): SourceUnusable {
    return new SourceUnusable(
      given === ''
        ? t('There is no credentials file {0}. Write one, or choose another source.', file)
        : t(
            'The environment variable {0} names {1}, which does not exist. Correct the variable.',
            fileVariable,
            file,
          ),
      'there is no credentials file',
    );
  }
}
