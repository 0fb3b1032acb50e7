import { t } from '@vscode/l10n';
import { isRegionId } from '../../service/endpoints';
import type { PickRow, Notices, Questions } from '../../interaction/interaction';
import { plainText } from '../../kernel/plainText';
import type { AccountApi } from '../../service/api';
import type { Log } from '../../kernel/log';
import { pinsOf, type Pin, type Profile } from '../profile';
import { readRegion, zoneInWords, regions as knownRegions, type Region } from '../../service/regions';
import { deferredList, shortReason, type DeferredList } from './deferredList';
import type { ProfileStore } from '../profileStore';
import type { ProfilesInView } from './profilesInView';

export interface SelectRegionsDeps {
  readonly store: Pick<ProfileStore, 'list' | 'setPins'>;
  readonly view: Pick<ProfilesInView, 'shown'>;
  readonly accounts: Pick<AccountApi, 'listRegions'>;
  readonly questions: Pick<Questions, 'one' | 'manyLive'>;
  readonly notices: Pick<Notices, 'info'>;
  readonly log: Log;
}

/**
 * Asks which regions of a profile are in view, and pins them. Without a profile it asks which of those in view is
 * meant, if there are several. Throws what `setPins` throws.
 */
export type SelectRegions = (profileId?: string) => Promise<void>;

export function createSelectRegions(deps: SelectRegionsDeps): SelectRegions {
  const { store, view, accounts, questions, notices, log } = deps;

  async function profileFor(profileId: string | undefined): Promise<Profile | undefined> {
    if (profileId !== undefined) return store.list().find(({ id }) => id === profileId);
    const { shown } = view;
    if (shown.length < 2) return shown[0];
    return await questions.one(
      { title: t('Select Regions'), placeholder: t('Profile') },
      shown.map((profile) => ({ label: plainText(profile.name), value: profile })),
    );
  }

  return async (profileId) => {
    const profile = await profileFor(profileId);
    if (profile === undefined) return;
    const pins = pinsOf(profile);
    const pinned = [...new Set(pins.map(({ regionId }) => regionId))];
    const listed = deferredList('regions not listed', log, (waiting) =>
      accounts.listRegions(profile.id, pins[0].regionId, waiting),
    );
    try {
      const chosen = await questions.manyLive<string>(
        {
          title: t('Select Regions: {0}', plainText(profile.name, 40)),
          placeholder: t('Regions to show, or type the ID of another one'),
          textRow: (typed) => textRow(typed, regionsKnown(pinned, listed.items)),
        },
        {
          rows: () => regionRows(pinned, listed),
          running: () => listed.phase === 'loading',
          onDidChange: listed.onDidChange,
        },
      );
      if (chosen === undefined) return;
      if (chosen.length === 0) {
        notices.info(t('At least one region stays in view, so nothing was changed.'));
        return;
      }
      const next = pinsFor(pins, chosen);
      if (!isSame(pins, next)) await store.setPins(profile.id, next);
    } finally {
      listed.dispose();
    }
  };
}

/** Regions that stay keep their accounts and their order; a new one shows the profile's own account. */
function pinsFor(pins: readonly Pin[], chosen: readonly string[]): readonly Pin[] {
  const added = chosen.filter((id) => pins.every(({ regionId }) => regionId !== id));
  return [
    ...pins.filter(({ regionId }) => chosen.includes(regionId)),
    ...added.map((regionId) => ({ regionId })),
  ];
}

function isSame(pins: readonly Pin[], next: readonly Pin[]): boolean {
  return pins.length === next.length && pins.every((pin, index) => pin === next[index]);
}

/** All regions there may be, pinned ones first, the others by name. A known name goes before that of the service. */
function regionsKnown(pinned: readonly string[], listed: readonly Region[]): readonly Region[] {
  const names = new Map(pinned.map((id) => [id, id]));
  // What is to stand in a host name is looked at, whoever says it.
  for (const { id, name } of listed) if (isRegionId(id)) names.set(id, plainText(name) || id);
  for (const { id, name } of knownRegions) names.set(id, name);
  const all = [...names].map(([id, name]) => ({ id, name }));
  const others = all.filter(({ id }) => !pinned.includes(id));
  return [
    ...pinned.flatMap((id) => all.find((region) => region.id === id) ?? []),
    ...others.sort((one, other) => one.name.localeCompare(other.name)),
  ];
}

function regionRows(
  pinned: readonly string[],
  { items, error }: DeferredList<Region>,
): readonly PickRow<string>[] {
  const rows = regionsKnown(pinned, items).map(({ id, name }): PickRow<string> => ({
    kind: 'choice',
    id,
    label: name,
    ...(name !== id && { description: id }),
    picked: pinned.includes(id),
    value: id,
  }));
  const more = error ? t('More regions, those known here: {0}', shortReason(error)) : t('More regions');
  return [
    { kind: 'heading', label: t('In view') },
    ...rows.slice(0, pinned.length),
    { kind: 'heading', label: more },
    ...rows.slice(pinned.length),
  ];
}

/** A text that no region matches is an id that is not known yet, or none at all. */
function textRow(typed: string, known: readonly Region[]): PickRow<string> | undefined {
  const text = typed.trim().toLowerCase();
  if (text === '' || known.some(({ id, name }) => id.includes(text) || name.toLowerCase().includes(text))) {
    return undefined;
  }
  const written = readRegion(text);
  if (written.kind === 'zone') {
    const { regionId } = written;
    return { kind: 'blocked', id: 'typed', label: zoneInWords(written), description: regionId };
  }
  // Every region id has a hyphen; without one it is a word that was looked for.
  if (isRegionId(text) && /^[a-z]+-/.test(text)) {
    return { kind: 'choice', id: text, label: text, description: t('Add this region ID'), value: text };
  }
  return {
    kind: 'blocked',
    id: 'typed',
    label: t('No region matches'),
    description: t('A region ID looks like cn-hangzhou'),
  };
}
