import { t } from '@vscode/l10n';
import type { PickRow, Questions } from '../../interaction/interaction';
import { listOf } from '../../kernel/localize';
import { filterInWords, scopeInRow } from '../../service/scopeLabel';
import { normalFilter, type ServiceFilter } from '../../service/serviceFilter';
import { pinKey, pinsOf, type Pin, type Profile } from '../profile';
import type { ProfileStore } from '../profileStore';
import { readClusterId, readFilteredInstances, readTags, writeTags, type ReadText } from './pinFilterText';
import type { ProfilesInView } from './profilesInView';

/** A pin, and the profile that it belongs to. */
export interface PinOfProfile {
  readonly profileId: string;
  readonly pin: Pin;
}

/**
 * Asks to what the list of a pin is limited: tags, instances, a container cluster. Without a pin it asks which one is
 * meant, if there are several. Throws what `setPins` throws.
 */
export type EditPinFilter = (at?: PinOfProfile) => Promise<void>;

export interface EditPinFilterDeps {
  readonly store: Pick<ProfileStore, 'list' | 'setPins'>;
  readonly view: Pick<ProfilesInView, 'shown'>;
  readonly questions: Pick<Questions, 'one' | 'text'>;
}

/** What can be done with the filter of a pin. */
type Step = keyof ServiceFilter | 'another' | 'clear';

export function createEditPinFilter({ store, view, questions }: EditPinFilterDeps): EditPinFilter {
  async function askPin(): Promise<PinOfProfile | undefined> {
    const pins = view.shown.flatMap((profile) =>
      pinsOf(profile).map((pin) => ({
        label: pinInRow(profile, pin),
        value: { profileId: profile.id, pin },
      })),
    );
    if (pins.length < 2) return pins[0]?.value;
    return await questions.one({ title: limitTitle(), placeholder: t('Select the list to limit') }, pins);
  }

  /** The new filter (undefined for none), or 'back' where the user backed out. */
  async function askPart(
    part: keyof ServiceFilter,
    filter: ServiceFilter,
    title: string,
  ): Promise<ServiceFilter | 'back' | undefined> {
    const { prompt, placeholder, write, read } = parts[part];
    const text = await questions.text({
      title,
      prompt: prompt(),
      placeholder,
      value: write(filter),
      validate: (typed) => read(typed).problem,
    });
    if (text === undefined) return 'back';
    const answer = read(text);
    if (answer.problem !== undefined) return 'back';
    return normalFilter({ ...filter, ...answer.value });
  }

  return async (at) => {
    const { profileId, pin } = at ?? (await askPin()) ?? {};
    const profile = store.list().find(({ id }) => id === profileId);
    if (!profile || !pin) return;
    const title = t('Limit List: {0}', pinInRow(profile, pin));
    const placeholder = t('Select what to limit the list to');
    const step = await questions.one<Step>({ title, placeholder }, [
      ...partRows(pin.filter),
      { kind: 'choice', label: t('Add Another List of This Region…'), icon: 'add', value: 'another' },
      ...(pin.filter
        ? [{ kind: 'choice', label: t('List All Clients'), icon: 'clear-all', value: 'clear' } as const]
        : []),
    ]);
    if (!step) return;
    const added = step === 'another';
    const part = added ? await questions.one({ title, placeholder }, partRows(undefined)) : step;
    if (!part) return;
    const next = part === 'clear' ? undefined : await askPart(part, added ? {} : (pin.filter ?? {}), title);
    if (next === 'back' || (added && !next)) return;
    const { regionId, crossAccount } = pin;
    const changed = { regionId, ...(crossAccount && { crossAccount }), ...(next && { filter: next }) };
    // The list of pins may have changed while the questions were open.
    const now = store.list().find(({ id }) => id === profileId);
    if (!now) return;
    const pins = pinsOf(now).flatMap((one) =>
      pinKey(one) === pinKey(pin) ? (added ? [one, changed] : [changed]) : [one],
    );
    await store.setPins(now.id, [...new Map(pins.map((one) => [pinKey(one), one])).values()]);
  };
}

interface FilterPart {
  readonly label: () => string;
  readonly icon: string;
  readonly prompt: () => string;
  readonly placeholder: string;
  readonly only: (filter: ServiceFilter) => ServiceFilter;
  readonly write: (filter: ServiceFilter) => string;
  readonly read: (text: string) => ReadText<ServiceFilter>;
}

const parts: Readonly<Record<keyof ServiceFilter, FilterPart>> = {
  tags: {
    label: () => t({ message: 'Tags', comment: ['What a list is limited to'] }),
    icon: 'tag',
    prompt: () => t('Clients that have all of these tags. A key alone means any value. Empty for any tags.'),
    placeholder: 'env=prod, team=shop',
    only: ({ tags }) => (tags ? { tags } : {}),
    write: ({ tags }) => writeTags(tags),
    read: (text) => mapped(readTags(text), (tags) => ({ tags })),
  },
  instanceIds: {
    label: () => t({ message: 'Instance IDs', comment: ['What a list is limited to'] }),
    icon: 'server',
    prompt: () => t('Clients on these ECS instances. Any separator works. Empty for any instance.'),
    placeholder: 'i-bp1…, i-bp1…',
    only: ({ instanceIds }) => (instanceIds ? { instanceIds } : {}),
    write: ({ instanceIds = [] }) => instanceIds.join(', '),
    read: (text) => mapped(readFilteredInstances(text), (instanceIds) => ({ instanceIds })),
  },
  clusterId: {
    label: () => t({ message: 'Container cluster', comment: ['What a list is limited to'] }),
    icon: 'package',
    prompt: () => t('Container clients of this cluster, and no other clients. Empty for no limit.'),
    placeholder: 'cl-000…',
    only: ({ clusterId }) => (clusterId === undefined ? {} : { clusterId }),
    write: ({ clusterId = '' }) => clusterId,
    read: (text) => mapped(readClusterId(text), (clusterId) => ({ clusterId })),
  },
};

function partRows(filter: ServiceFilter = {}): readonly PickRow<keyof ServiceFilter>[] {
  return (['tags', 'instanceIds', 'clusterId'] as const).map((part) => {
    const { label, icon, only } = parts[part];
    const now = listOf(filterInWords(only(filter)));
    return { kind: 'choice', label: label(), icon, ...(now !== '' && { description: now }), value: part };
  });
}

function pinInRow(profile: Profile, { regionId, crossAccount, filter }: Pin): string {
  const scope = {
    ...{ profileId: profile.id, accountId: profile.accountId ?? '', regionId },
    ...(crossAccount && { crossAccount }),
    ...(filter && { filter }),
    clientType: 'ECS_CLIENT',
  } as const;
  return scopeInRow({ scope, profileName: profile.name, demo: profile.demo === true });
}

function limitTitle(): string {
  return t({ message: 'Limit to Tags or Instances', comment: ['Title of a dialog.'] });
}

function mapped<A, B>(read: ReadText<A>, to: (value: A) => B): ReadText<B> {
  return read.problem === undefined ? { value: to(read.value) } : read;
}
