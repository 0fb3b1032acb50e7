import { t } from '@vscode/l10n';
import type { PickRow } from '../../interaction/interaction';
import { plainText } from '../../kernel/plainText';
import { pinsOf, type Pin, type Profile } from '../profile';
import { regionName } from '../../service/regions';
import type { AccountApi } from '../../service/api';
import type { CrossAccount, Scope } from '../../service/scope';
import { shortReason, type DeferredList } from './deferredList';
import { selectPins, type SelectPinsDeps } from './selectPins';

type RegionOfProfile = Pick<Scope, 'profileId' | 'regionId'>;

/**
 * Asks which accounts a region of a profile shows: its own, or those that are shared with it. Each of them gets a
 * listing of its own. Without a region it asks which one is meant, if there are several. Throws what `setPins` throws.
 */
export type SelectAccount = (at?: RegionOfProfile) => Promise<void>;

/** The value of a row. */
type Account = 'own' | CrossAccount;

export interface SelectAccountDeps extends SelectPinsDeps {
  readonly accounts: Pick<AccountApi, 'listCrossAccounts'>;
}

export function createSelectAccount(deps: SelectAccountDeps): SelectAccount {
  const { store, view, accounts, questions } = deps;

  async function askRegion(): Promise<RegionOfProfile | undefined> {
    const regions = view.shown.flatMap((profile) =>
      [...new Set(pinsOf(profile).map(({ regionId }) => regionId))].map((regionId) => ({
        label: labelOf(profile, regionId),
        description: regionName(regionId),
        value: { profileId: profile.id, regionId },
      })),
    );
    if (regions.length < 2) return regions[0]?.value;
    return await questions.one(
      {
        title: t({ message: 'Select Accounts', comment: ['Title of a dialog.'] }),
        placeholder: t('Profile and region'),
      },
      regions,
    );
  }

  return async (at) => {
    const { profileId, regionId } = at ?? (await askRegion()) ?? {};
    const profile = store.list().find(({ id }) => id === profileId);
    if (profile === undefined || regionId === undefined) return;
    const pins = pinsOf(profile);
    const here = pins
      .filter((pin) => pin.regionId === regionId)
      .map(({ crossAccount }) => crossAccount ?? 'own');
    await selectPins<CrossAccount, Account>(profile, deps, () => ({
      title: t('Select Accounts: {0}', labelOf(profile, regionId)),
      placeholder: t('Accounts to show in {0}', regionName(regionId)),
      list: (waiting) => accounts.listCrossAccounts(profile.id, regionId, waiting),
      failure: 'cross accounts not listed',
      rows: (listed) => accountRows(profile, here, listed),
      pins: (chosen) =>
        withAccounts(
          pins,
          regionId,
          chosen.flatMap((account) => {
            // One that stays keeps what narrows it, and may be there several times.
            const shown = pins.filter(
              (pin) => pin.regionId === regionId && idOf(pin.crossAccount ?? 'own') === idOf(account),
            );
            return (shown.length > 0 ? shown : [{ regionId }]).map((pin) =>
              account === 'own' ? pin : { ...pin, crossAccount: account },
            );
          }),
        ),
      noneChosen: t("Select at least one account. Your selection wasn't saved."),
    }));
  };
}

function labelOf(profile: Profile, regionId: string): string {
  return `${plainText(profile.name, 40)} · ${regionId}`;
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
    label: t({ message: 'This account', comment: ['The account of the profile itself.'] }),
    ...(profile.accountId !== undefined && { description: plainText(profile.accountId) }),
    picked: isHere(idOf('own')),
    value: 'own',
  };
  // One that is shown stays among the rows when the list doesn't come, or no longer has it.
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
      detail: accessInWords(account),
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
            label: t("Couldn't list other accounts"),
            description: shortReason(error),
          },
        ]
      : []),
  ];
}

/** How the clients of another account are reached. */
function accessInWords({ type, roleName }: CrossAccount): string {
  if (type === 'CROSS_ACCOUNT_BY_RD') return t('Through the resource directory');
  return roleName === undefined
    ? t('Through a RAM role')
    : t('Through the RAM role {0}', plainText(roleName, 64));
}

/** Identifies an account as scopes do: an alias is only shown. */
function idOf(account: Account): string {
  return account === 'own' ? account : JSON.stringify([account.type, account.userId, account.roleName ?? '']);
}
