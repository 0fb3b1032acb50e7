import { t } from '@vscode/l10n';
import type { PickRow, Questions } from '../interaction/interaction';
import { plainText } from '../kernel/plainText';
import { consoleDomains, consoleSites, type ConsoleSite } from '../service/consoleLinks';
import type { OutsideCredentials } from './keys/credentialSource';
import type { Profile } from './profile';
import type { ProfileStore } from './profileStore';

/** What finding the console of an account takes. */
export interface ConsoleSiteDeps {
  readonly questions: Pick<Questions, 'one'>;
  readonly store: Pick<ProfileStore, 'list' | 'setConsoleSite'>;
  readonly outside: Pick<OutsideCredentials, 'consoleSiteOf'>;
  /** The setting `cloudBackup.console.site`; `set` throws what VS Code throws. */
  readonly setting: {
    readonly current: ConsoleSite | undefined;
    set(site: ConsoleSite): Promise<void>;
  };
}

/** `profile`: the answer counts for this profile; `setting`: for all that don't say otherwise. */
interface Answer {
  readonly site: ConsoleSite;
  readonly keep: 'profile' | 'setting';
}

/**
 * Which console the account of a profile signs in to: what was chosen for the profile, else what its CLI profile says,
 * else the setting, else the user's answer, which is kept. It's never derived from a region: accounts of both sites use
 * all regions. Undefined when the user backed out.
 */
export async function consoleSiteOf(
  profile: Profile | undefined,
  deps: ConsoleSiteDeps,
): Promise<ConsoleSite | undefined> {
  const known = (profile && (await knownSite(profile, deps))) ?? deps.setting.current;
  if (known !== undefined) return known;
  const answer = await deps.questions.one<Answer>(
    {
      title: t({ message: 'Open in Console', comment: ['The title of a pick'] }),
      placeholder: t('Which console does your Alibaba Cloud account sign in to?'),
    },
    rows(profile),
  );
  if (answer === undefined) return undefined;
  const { site, keep } = answer;
  if (keep === 'profile' && profile) await deps.store.setConsoleSite(profile.id, site);
  else await deps.setting.set(site);
  return site;
}

async function knownSite(profile: Profile, { store, outside }: ConsoleSiteDeps) {
  const seen = new Set<string>();
  let next: Profile | undefined = profile;
  // A role is assumed with another profile's credentials, in the console of the same site.
  while (next && !seen.has(next.id)) {
    const { id, consoleSite, source }: Profile = next;
    seen.add(id);
    const site: ConsoleSite | undefined =
      consoleSite ?? (source?.kind === 'cli' ? await outside.consoleSiteOf(source) : undefined);
    if (site !== undefined) return site;
    next =
      source?.kind === 'role' ? store.list().find((one) => one.id === source.sourceProfileId) : undefined;
  }
  return undefined;
}

function rows(profile: Profile | undefined): readonly PickRow<Answer>[] {
  const both = (keep: Answer['keep']): readonly PickRow<Answer>[] =>
    consoleSites.map((site) => ({
      id: `${keep} ${site}`,
      label: siteInWords(site),
      description: `console.${consoleDomains[site]}`,
      value: { site, keep },
    }));
  return [
    ...(profile
      ? [
          {
            kind: 'heading',
            label: t({
              message: 'For profile “{0}”',
              args: [plainText(profile.name)],
              comment: ['A heading in a pick, above two web consoles'],
            }),
          } as const,
          ...both('profile'),
        ]
      : []),
    {
      kind: 'heading',
      label: t({ message: 'For all profiles', comment: ['A heading in a pick, above two web consoles'] }),
    },
    ...both('setting'),
  ];
}

function siteInWords(site: ConsoleSite): string {
  return site === 'china'
    ? t({ message: 'China site', comment: ["Alibaba Cloud's web console for accounts of its Chinese site"] })
    : t({
        message: 'International site',
        comment: ["Alibaba Cloud's web console for accounts of its international site"],
      });
}
