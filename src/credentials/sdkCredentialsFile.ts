import { t } from '@vscode/l10n';
import { join } from 'node:path';
import { sentences } from '../core/kernel/localize';
import { plainText } from '../core/kernel/plainText';
import { SourceUnusable, type SourceOffer } from '../core/profiles/keys/credentialSource';
import { createCredentialFile, type NamedCredentials } from './credentialFile';
import { parseIni, type IniSection } from './sdkIni';
import { regionOffered } from './regionOffered';
import { sdkTypeInWords, secretsOfSection, sdkKeyReader, type SdkKeyDeps } from './sdkSectionKey';
import { BrokenFile } from './smallFile';

export interface SdkCredentialsFileDeps extends SdkKeyDeps {
  /** As `CredentialFileDeps.pollMs`. */
  readonly pollMs?: number;
}

const fileVariable = 'ALIBABA_CLOUD_CREDENTIALS_FILE';
const sectionVariable = 'ALIBABA_CLOUD_PROFILE';

/**
 * The credentials file of the SDKs: `~/.alibabacloud/credentials`, or what `ALIBABA_CLOUD_CREDENTIALS_FILE` names.
 * Without a name, the section of `ALIBABA_CLOUD_PROFILE` is meant, else `default`.
 */
export function createSdkCredentialsFile(deps: SdkCredentialsFileDeps): NamedCredentials {
  const { env, home, hide } = deps;
  const given = env[fileVariable]?.trim() ?? '';
  const path = given === '' ? join(home, '.alibabacloud', 'credentials') : given;
  const file = plainText(path, 400);
  const currentSection = env[sectionVariable] || 'default';
  const content = createCredentialFile({
    path: () => path,
    decode,
    unusable: (_path, reason) =>
      new SourceUnusable(
        sentences(
          t("The credentials file {0} can't be used.", file),
          reason,
          t('Correct the file, then try again.'),
        ),
        `credentials file of the SDKs cannot be used: ${reason}`,
      ),
    clock: deps.clock,
    pollMs: deps.pollMs,
  });

  function decode(text: string): ReadonlyMap<string, IniSection> {
    // What can't be UTF-8 was replaced; zeros are UTF-16.
    if (/[\0\uFFFD]/.test(text)) throw new BrokenFile(t("It isn't UTF-8 text."));
    const sections = parseIni(text);
    for (const values of sections.values()) for (const secret of secretsOfSection(values)) hide(secret);
    return sections;
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
      sdkKeyReader({ name, values, file }, deps);
      return undefined;
    } catch (error) {
      if (error instanceof SourceUnusable) return error.sentence;
      throw error;
    }
  }

  return {
    offers: () =>
      content.offersOf((sections) => ({
        offers: [...(sections ?? [])].map(([name, values]) => offerOf(name, values)),
        // Without the variable, the file doesn't have to exist.
        problems: sections === undefined && given !== '' ? [missing().sentence] : [],
      })),
    async read(name = currentSection, waiting) {
      const sections = await content.read();
      if (sections === undefined) throw missing();
      const values = sections.get(name);
      if (values !== undefined) return await sdkKeyReader({ name, values, file }, deps)(waiting);
      throw new SourceUnusable(
        t({
          message: "There's no section “{name}” in {file}. Add it, or choose another source.",
          args: { name: plainText(name), file },
          comment: ['{name} is a section of an INI file.'],
        }),
        'there is no such section in the credentials file',
      );
    },
    stampOf: (name = currentSection) =>
      content.stampOf((sections) => {
        const values = sections?.get(name);
        return values && [...values];
      }),
    isThere: async () => given !== '' || (await content.isThere()),
    onDidChange: content.onDidChange,
    dispose: () => content.dispose(),
  };

  function missing(): SourceUnusable {
    return new SourceUnusable(
      given === ''
        ? t("There's no credentials file {0}. Create it, or choose another source.", file)
        : t({
            message: "{variable} names {file}, which doesn't exist. Correct the variable.",
            args: { variable: fileVariable, file },
            comment: ['{variable} is an environment variable.'],
          }),
      'there is no credentials file',
    );
  }
}
