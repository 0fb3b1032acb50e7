import { t } from '@vscode/l10n';
import { isRegionId } from '../../service/endpoints';
import type { PickRow } from '../../interaction/interaction';
import type { AccountApi } from '../../service/api';
import { plainText } from '../../kernel/plainText';
import { pinsOf, type Pin, type Profile } from '../profile';
import { readRegion, zoneInWords, regions as knownRegions, type Region } from '../../service/regions';
import { shortReason, type DeferredList } from './deferredList';
import { selectPins, type SelectPinsDeps } from './selectPins';

/**
 * Asks which regions a profile shows, and pins them. Without a profile it asks which of those that are shown is
 * meant, if there are several. Throws what `setPins` throws.
 */
export type SelectRegions = (profileId?: string) => Promise<void>;

export interface SelectRegionsDeps extends SelectPinsDeps {
  readonly accounts: Pick<AccountApi, 'listRegions'>;
}

export function createSelectRegions(deps: SelectRegionsDeps): SelectRegions {
  const { store, view, accounts, questions } = deps;

  async function profileFor(profileId: string | undefined): Promise<Profile | undefined> {
    if (profileId !== undefined) return store.list().find(({ id }) => id === profileId);
    const { shown } = view;
    if (shown.length < 2) return shown[0];
    return await questions.one(
      {
        title: t({ message: 'Select Regions', comment: ['Title of a dialog.'] }),
        placeholder: t('Select a profile'),
      },
      shown.map((profile) => ({ label: plainText(profile.name), value: profile })),
    );
  }

  return async (profileId) => {
    const profile = await profileFor(profileId);
    if (profile === undefined) return;
    const pins = pinsOf(profile);
    const pinned = [...new Set(pins.map(({ regionId }) => regionId))];
    await selectPins<Region, string>(profile, deps, (listed) => ({
      title: t('Select Regions: {0}', plainText(profile.name, 40)),
      placeholder: t('Select regions to show, or enter another region ID'),
      textRow: (typed) => textRow(typed, regionsKnown(pinned, listed())),
      list: (waiting) => accounts.listRegions(profile.id, pins[0].regionId, waiting),
      failure: 'regions not listed',
      rows: (regions) => regionRows(pinned, regions),
      pins: (chosen) => pinsFor(pins, chosen),
      noneChosen: t("Select at least one region. Your selection wasn't saved."),
    }));
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

/** All known regions, pinned ones first, the others by name. Our name for a region replaces that of the service. */
function regionsKnown(pinned: readonly string[], listed: readonly Region[]): readonly Region[] {
  const names = new Map(pinned.map((id) => [id, id]));
  // An ID becomes part of a host name, so it's checked, wherever it comes from.
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
  return [
    {
      kind: 'heading',
      label: t({ message: 'Shown', comment: ['Heading over the regions that are shown.'] }),
    },
    ...rows.slice(0, pinned.length),
    {
      kind: 'heading',
      label: t({ message: 'More regions', comment: ['Heading over the regions that are not shown.'] }),
    },
    ...rows.slice(pinned.length),
    ...(error
      ? [
          {
            kind: 'blocked' as const,
            id: 'failed',
            label: t("Couldn't list all regions"),
            description: shortReason(error),
          },
        ]
      : []),
  ];
}

/** The row for a text that no region matches: a region ID that isn't known yet, or why it's none. */
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
  // Every region ID has a hyphen; without one it's a word that was searched for.
  if (isRegionId(text) && /^[a-z]+-/.test(text)) {
    return { kind: 'choice', id: text, label: text, description: t('Add this region ID'), value: text };
  }
  return {
    kind: 'blocked',
    id: 'typed',
    label: t('No matching region'),
    description: t('Enter a region ID such as cn-hangzhou'),
  };
}
