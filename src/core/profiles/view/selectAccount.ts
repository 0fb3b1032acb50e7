import { t } from '@vscode/l10n';
import type { PickRow, Notices, Questions } from '../../interaction/interaction';
import { plainText } from '../../kernel/plainText';
import type { AccountApi } from '../../service/api';
import type { Log } from '../../kernel/log';
import { pinsOf, type Pin, type Profile } from '../profile';
import { regionName } from '../../service/regions';
import type { CrossAccount } from '../../service/scope';
import { deferredList, shortReason, type DeferredList } from './deferredList';
import type { ProfileStore } from '../profileStore';
import type { ProfilesInView } from './profilesInView';

export interface SelectAccountDeps {
  readonly store: Pick<ProfileStore, 'list' | 'setPins'>;
  readonly view: Pick<ProfilesInView, 'shown'>;
  readonly accounts: Pick<AccountApi, 'listCrossAccounts'>;
  readonly questions: Pick<Questions, 'one' | 'manyLive'>;
  readonly notices: Pick<Notices, 'info'>;
  readonly log: Log;
}

/** A region of a profile. */
export interface Place {
  readonly profileId: string;
  readonly regionId: string;
}

/**
 * Asks whose machines a region of a profile shows: those of its own account, or of accounts that are shared with it;
 * each account that is chosen is in view by itself. Without a place it asks which one is meant, if there are several.
 * Throws what `setPins` throws.
 */
export type SelectAccount = (place?: Place) => Promise<void>;

interface Target {
  readonly profile: Profile;
  readonly regionId: string;
}

/** What a row stands for. */
type Account = 'own' | CrossAccount;

export function createSelectAccount(deps: SelectAccountDeps): SelectAccount {
  const { store, view, accounts, questions, notices, log } = deps;

  async function targetFor(place: Place | undefined): Promise<Target | undefined> {
    if (place) {
      const profile = store.list().find(({ id }) => id === place.profileId);
      return profile && { profile, regionId: place.regionId };
    }
    const targets = view.shown.flatMap((profile) =>
      [...new Set(pinsOf(profile).map(({ regionId }) => regionId))].map((regionId) => ({
        profile,
        regionId,
      })),
    );
    if (targets.length < 2) return targets[0];
    return await questions.one(
      { title: t('Select Accounts'), placeholder: t('Profile and region') },
      targets.map((target) => ({
        label: `${plainText(target.profile.name, 40)} · ${target.regionId}`,
        description: regionName(target.regionId),
        value: target,
      })),
    );
  }

  return async (place) => {
    const target = await targetFor(place);
    if (target === undefined) return;
    const { profile, regionId } = target;
    const pins = pinsOf(profile);
    const here = pins.filter((pin) => pin.regionId === regionId).map(accountOf);
    const listed = deferredList('cross accounts not listed', log, (waiting) =>
      accounts.listCrossAccounts(profile.id, regionId, waiting),
    );
    try {
      const chosen = await questions.manyLive<Account>(
        {
          title: t('Select Accounts: {0}', `${plainText(profile.name, 40)} · ${regionId}`),
          placeholder: t('Whose machines to show in {0}', regionName(regionId)),
        },
        {
          rows: () => accountRows(profile, here, listed),
          running: () => listed.phase === 'loading',
          onDidChange: listed.onDidChange,
        },
      );
      if (chosen === undefined) return;
      if (chosen.length === 0) {
        notices.info(t('At least one account stays in view, so nothing was changed.'));
        return;
      }
      const next = chosen.map((account) =>
        account === 'own' ? { regionId } : { regionId, crossAccount: account },
      );
      if (!isSame(here, chosen)) await store.setPins(profile.id, withAccounts(pins, regionId, next));
    } finally {
      listed.dispose();
    }
  };
}

/** The accounts of a region take the place of those that it showed before. */
function withAccounts(pins: readonly Pin[], regionId: string, next: readonly Pin[]): readonly Pin[] {
  const first = pins.findIndex((pin) => pin.regionId === regionId);
  const rest = (some: readonly Pin[]) => some.filter((pin) => pin.regionId !== regionId);
  return first < 0
    ? [...pins, ...next]
    : [...rest(pins.slice(0, first)), ...next, ...rest(pins.slice(first))];
}

function accountRows(
  profile: Profile,
  here: readonly Account[],
  { items, phase, error }: DeferredList<CrossAccount>,
): readonly PickRow<Account>[] {
  const isHere = (id: string): boolean => here.some((account) => idOf(account) === id);
  const own: PickRow<Account> = {
    kind: 'choice',
    id: idOf('own'),
    label: t('Own account'),
    ...(profile.accountId !== undefined && { description: plainText(profile.accountId) }),
    picked: isHere(idOf('own')),
    value: 'own',
  };
  // One that is in view stays on offer when the list does not come, or no longer has it.
  const known = new Map<string, CrossAccount>();
  for (const account of here) if (account !== 'own') known.set(idOf(account), account);
  for (const account of items) known.set(idOf(account), account);
  const others = [...known].map(([id, account]): PickRow<Account> => {
    const userId = plainText(account.userId);
    const alias = plainText(account.alias ?? '', 40);
    return {
      kind: 'choice',
      id,
      label: alias || userId,
      ...(alias !== '' && { description: userId }),
      detail: wayInWords(account),
      picked: isHere(id),
      value: account,
    };
  });
  const none = phase === 'listed' && others.length === 0;
  return [
    own,
    {
      kind: 'heading',
      label: none ? t('No other account is shared with this one') : t('Shared with this account'),
    },
    ...others,
    ...(error
      ? [
          {
            kind: 'blocked' as const,
            id: 'failed',
            label: t('Other accounts were not listed'),
            description: shortReason(error),
          },
        ]
      : []),
  ];
}

/** How the machines of another account are reached. */
export function wayInWords({ type, roleName }: CrossAccount): string {
  if (type === 'CROSS_ACCOUNT_BY_RD') return t('Through the resource directory');
  return roleName === undefined
    ? t('Through a RAM role')
    : t('Through the RAM role {0}', plainText(roleName, 64));
}

function accountOf({ crossAccount }: Pin): Account {
  return crossAccount ?? 'own';
}

/** Tells accounts from each other as scopes do: an alias is only shown. */
function idOf(account: Account): string {
  return account === 'own' ? account : JSON.stringify([account.type, account.userId, account.roleName ?? '']);
}

function isSame(here: readonly Account[], chosen: readonly Account[]): boolean {
  const text = (account: Account): string =>
    account === 'own' ? account : `${idOf(account)} ${account.alias ?? ''}`;
  return (
    here.length === chosen.length &&
    here.every((account, index) => chosen[index] !== undefined && text(account) === text(chosen[index]))
  );
}
