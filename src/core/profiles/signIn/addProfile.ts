import { t } from '@vscode/l10n';
import type { PickRow } from '../../interaction/interaction';
import type { AccessKey } from '../../service/model';
import type { Profile } from '../profile';
import { addFromSource } from './addFromSource';
import { addRole } from './addRole';
import type { SourceOffer } from '../keys/credentialSource';
import { importFromKeychain } from './importFromKeychain';
import { keepKey, showSignedIn } from './keepKey';
import { askKey, keySteps, troubleOfRefusal, type KeyTrouble } from './askKey';
import { askName, askRegion } from './askNameAndRegion';
import { verifyKey } from './verifyKey';
import type { SignInDeps } from './signInDeps';
import { sourceRows } from './sourceRows';

type Source = 'key' | 'role' | 'keychain' | SourceOffer;

/** Asks for a credential source, and adds a profile from it. Returns undefined when the user backed out. */
export async function addProfile(deps: SignInDeps): Promise<Profile | undefined> {
  const { store, outside, questions } = deps;
  const listed = store.list();
  const role: PickRow<Source> = listed.some(({ demo }) => !demo)
    ? {
        label: t({ message: 'RAM role', comment: ['A kind of credentials.'] }),
        description: t("Assume a role with another profile's credentials"),
        value: 'role',
      }
    : {
        kind: 'blocked',
        label: t({ message: 'RAM role', comment: ['A kind of credentials.'] }),
        description: t('Add another profile first. Its credentials are used to assume the role.'),
      };
  const source = await questions.one<Source>(
    {
      title: t({ message: 'Add Profile', comment: ['Title of a dialog.'] }),
      placeholder: t('Select a credential source'),
    },
    [
      {
        label: t({ message: 'Access key', comment: ['A kind of credentials.'] }),
        description: t('Enter an access key and save it in VS Code secret storage'),
        value: 'key',
      },
      role,
      ...sourceRows(await outside.offers(), listed),
      { kind: 'heading', label: '' },
      {
        label: t({
          message: 'System keychain…',
          comment: ['Row: imports access keys from the credential store of the operating system.'],
        }),
        value: 'keychain',
      },
    ],
  );
  if (source === undefined) return undefined;
  switch (source) {
    case 'key':
      return await addKey(deps);
    case 'role':
      return await addRole(deps);
    case 'keychain':
      return (await importFromKeychain(deps))[0];
    default:
      return await addFromSource(source, deps);
  }
}

/** Asks for a name, a key and a region; verifies the key before it is kept. */
async function addKey(deps: SignInDeps): Promise<Profile | undefined> {
  const { store, view, questions, log, newId } = deps;
  const title = t({ message: 'Add Profile', comment: ['Title of a dialog.'] });
  const inUse = store.list().map(({ name }) => name);
  const name = await askName(questions, { title, step: { number: 1, of: 4 } }, inUse);
  if (name === undefined) return undefined;
  let regionId: string | undefined;
  let typed: AccessKey | undefined;
  let trouble: KeyTrouble | undefined;
  for (;;) {
    const key = await askKey(questions, { title, stepsBefore: 1, stepsAfter: 1, typed, trouble });
    if (key === undefined) return undefined;
    if (regionId === undefined) {
      const steps = keySteps(key.accessKeyId) + 2;
      regionId = await askRegion(questions, { title, step: { number: steps, of: steps } });
      if (regionId === undefined) return undefined;
    }
    const verdict = await verifyKey(key, regionId, deps);
    if (verdict === undefined) return undefined;
    if (verdict.kind === 'refused') {
      trouble = troubleOfRefusal(verdict.error, key);
      typed = key;
      continue;
    }
    const identity = verdict.kind === 'verified' ? verdict.identity : undefined;
    const profile: Profile = { id: newId(), name, regionId, ...identity };
    if (!(await keepKey((keeping) => store.add(profile, key, keeping), deps))) return undefined;
    await view.setActive(profile.id);
    log.write('info', `profile added: ${profile.id}, account: ${profile.accountId ?? 'not verified'}`);
    showSignedIn(name, identity, deps);
    return profile;
  }
}
