import { t } from '@vscode/l10n';
import type { PickRow } from '../../interaction/interaction';
import { plainText } from '../../kernel/plainText';
import type { Profile } from '../profile';
import type { CredentialSource, OutsideSource, SourceOffer, SourceOffers } from '../keys/credentialSource';
import { sourceOf } from '../keys/sourceChain';

const kinds = ['cli', 'sdkFile', 'default'] as const satisfies readonly OutsideSource['kind'][];

/**
 * Rows for sources outside VS Code, with a heading for each kind. What its own tool uses now comes first, what can't be
 * used comes last with the reason, and after all of them come the files that couldn't be read.
 */
export function sourceRows(
  { offers, problems }: SourceOffers,
  profiles: readonly Profile[],
): readonly PickRow<SourceOffer>[] {
  const rows = kinds.flatMap((kind) => {
    const group = offers.filter(({ source }) => source.kind === kind).sort((a, b) => rankOf(a) - rankOf(b));
    return group.length === 0
      ? []
      : [{ kind: 'heading', label: headingOf(kind) } as const, ...group.map((o) => rowOf(o, profiles))];
  });
  if (problems.length === 0) return rows;
  const broken = problems.map(
    (problem) => ({ kind: 'blocked', label: t("Can't be read"), detail: problem }) as const,
  );
  return [
    ...rows,
    {
      kind: 'heading',
      label: t({ message: 'Problems', comment: ["Heading over files that can't be read."] }),
    },
    ...broken,
  ];
}

/** The profile that was made from a source. */
export function profileFrom(source: OutsideSource, profiles: readonly Profile[]): Profile | undefined {
  return profiles.find((profile) => isSameSource(sourceOf(profile), source));
}

/** What kind of key a profile has, in words. */
export function kindInWords(profile: Profile): string {
  if (profile.demo) return t({ message: 'Demo', comment: ['In place of the kind of credentials.'] });
  const source = sourceOf(profile);
  switch (source.kind) {
    case 'stored':
      return t({ message: 'Access key', comment: ['A kind of credentials.'] });
    case 'role':
      return t({ message: 'RAM role', comment: ['A kind of credentials.'] });
    default:
      return headingOf(source.kind);
  }
}

function rowOf(offer: SourceOffer, profiles: readonly Profile[]): PickRow<SourceOffer> {
  const label = plainText(offer.name);
  const facts = [
    offer.kindInWords,
    offer.current ? currentInWords(offer.source) : undefined,
    offer.regionId,
  ].filter((fact) => fact !== undefined);
  const added = profileFrom(offer.source, profiles);
  const description = facts.join(' · ');
  // A line of its own: what to do is at its end, and would be cut off first.
  const detail = added ? t('Already added as “{0}”', plainText(added.name)) : offer.blocked;
  return detail === undefined
    ? { label, description, value: offer }
    : { kind: 'blocked', label, description, detail };
}

function rankOf({ blocked, current }: SourceOffer): number {
  if (blocked !== undefined) return 2;
  return current ? 0 : 1;
}

function currentInWords({ kind }: OutsideSource): string {
  return kind === 'cli'
    ? t('current in the CLI')
    : t({ message: 'current', comment: ['Of a credential source: the one that its own tool uses now.'] });
}

function headingOf(kind: OutsideSource['kind']): string {
  switch (kind) {
    case 'cli':
      return t('Alibaba Cloud CLI');
    case 'sdkFile':
      return t('SDK credentials file');
    case 'default':
      return t('Default credential chain');
  }
}

function isSameSource(one: CredentialSource, other: OutsideSource): boolean {
  if (one.kind === 'cli' && other.kind === 'cli') return one.name === other.name;
  if (one.kind === 'sdkFile' && other.kind === 'sdkFile') return one.section === other.section;
  return one.kind === 'default' && other.kind === 'default';
}
