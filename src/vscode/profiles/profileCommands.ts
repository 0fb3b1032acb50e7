import { t } from '@vscode/l10n';
import { profileToSignIn } from '../../core/clients/profileToSignIn';
import { listingOfRow } from '../../core/clients/chosenClients';
import { pinOf } from '../../core/clients/listing';
import type { Session } from '../../core/clients/session';
import { ofRow, ofView, ofViewAndRow, type CommandHandler } from '../../core/interaction/commandHandler';
import type { Profiles } from '../../core/profiles/createProfiles';
import { createCopyRamPolicy } from '../../core/profiles/ramPolicy';
import type { CommandConsent } from '../../core/profiles/keys/commandConsent';
import { createManagePrograms } from '../../core/profiles/signIn/managePrograms';
import { createSignIn } from '../../core/profiles/signIn/signIn';
import type { SignInDeps } from '../../core/profiles/signIn/signInDeps';
import { createEditPinFilter } from '../../core/profiles/view/editPinFilter';
import { createSelectAccount } from '../../core/profiles/view/selectAccount';
import type { ClientTypesInView } from '../../core/profiles/view/clientTypesInView';
import { createSelectClientTypes } from '../../core/profiles/view/selectClientTypes';
import { createSelectRegions } from '../../core/profiles/view/selectRegions';
import type { AccountApi } from '../../core/service/api';
import { quickMenuRows } from '../../core/shell/quickMenu';
import { profileTrouble } from '../../core/shell/statusText';
import type { VscodeHost } from '../host';
import { showQuickMenu } from './vscodeQuickMenu';

/** What the commands about profiles work with. */
export interface ProfileCommandDeps
  extends
    Pick<VscodeHost, 'questions' | 'notices' | 'presence' | 'clipboard' | 'redactor' | 'log' | 'settings'>,
    Omit<Profiles, 'dispose'>,
    Pick<SignInDeps, 'outside' | 'keychain' | 'newId'> {
  readonly session: Session;
  readonly types: ClientTypesInView;
  readonly api: AccountApi;
  readonly consent: CommandConsent;
  readonly openDemo: () => Promise<void>;
  readonly openWalkthrough: () => Promise<void>;
}

/** Commands about profiles, and what they show. */
export function createProfileCommands(deps: ProfileCommandDeps) {
  const { session, store, keys, demo, notices, presence, clipboard, settings } = deps;
  const accounts = deps.api;
  const signIn = createSignIn({ ...deps, troubleOf: (id) => profileTrouble(session.listings, id) });
  const selectRegions = createSelectRegions({ ...deps, accounts });
  const editPinFilter = createEditPinFilter(deps);
  const selectAccount = createSelectAccount({ ...deps, accounts });
  const copyRamPolicy = createCopyRamPolicy({ ...deps, copy: (text) => clipboard.write(text) });

  const signInAgain: CommandHandler = async (item) => {
    const profile = profileToSignIn(item, store.list(), session);
    if (typeof profile === 'string') {
      notices.info(
        profile === 'removed'
          ? t('This profile was removed. Add it again.')
          : t('No profile is signed in. Add one first.'),
      );
      return;
    }
    await signIn.signInAgain(profile.id);
    if (keys.state(profile.id) !== 'kept') return;
    const own = session.listings.filter((listing) => listing.profile.id === profile.id);
    await Promise.all(own.map(({ key }) => session.refreshListing(key)));
  };
  const quickMenu = async (): Promise<void> => {
    const { readOnly } = settings.safety.current;
    const rows = quickMenuRows({ listings: session.listings, profiles: store.list(), readOnly });
    if (await presence.whenHere(t({ message: 'Cloud Backup', comment: ['The name of the product'] })))
      await showQuickMenu(rows);
  };
  return {
    'cloudBackup.addProfile': ofView(() => signIn.addProfile()),
    'cloudBackup.importFromKeychain': ofView(() => signIn.importFromKeychain()),
    'cloudBackup.switchProfile': ofView(() => signIn.switchProfile()),
    'cloudBackup.showProfiles': ofView(() => signIn.showProfiles()),
    'cloudBackup.removeProfile': ofView(() => signIn.removeProfile()),
    'cloudBackup.signInAgain': ofRow(signInAgain, notices),
    'cloudBackup.managePrograms': ofView(createManagePrograms(deps)),
    'cloudBackup.quickMenu': ofView(quickMenu),
    'cloudBackup.showLog': ofView(() => deps.log.show()),
    'cloudBackup.openDemo': ofView(deps.openDemo),
    'cloudBackup.openWalkthrough': ofView(deps.openWalkthrough),
    'cloudBackup.closeDemo': ofView(() => demo.disconnect()),
    ...ofViewAndRow(
      'cloudBackup.selectRegions',
      (item) => selectRegions(listingOfRow(session, item)?.profile.id),
      notices,
    ),
    ...ofViewAndRow(
      'cloudBackup.selectAccount',
      (item) => {
        const listing = listingOfRow(session, item);
        return selectAccount(listing && { profileId: listing.profile.id, regionId: listing.scope.regionId });
      },
      notices,
    ),
    ...ofViewAndRow(
      'cloudBackup.editPinFilter',
      (item) => {
        const listing = listingOfRow(session, item);
        const pin = listing && pinOf(listing);
        return editPinFilter(listing && pin && { profileId: listing.profile.id, pin });
      },
      notices,
    ),
    'cloudBackup.selectClientTypes': ofView(createSelectClientTypes(deps)),
    ...ofViewAndRow(
      'cloudBackup.copyRamPolicy',
      (item) => copyRamPolicy(typeof item === 'string' ? item : listingOfRow(session, item)?.profile.id),
      notices,
    ),
  };
}
