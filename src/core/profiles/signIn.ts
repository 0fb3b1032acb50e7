import { isCancelled, toBackupError } from '../errors';
import type { Choice, Notices, Questions } from '../interaction';
import { importFromKeychain } from './importFromKeychain';
import type { Keychain } from './keychain';
import type { Translate } from '../localize';
import type { AccessKey } from '../model';
import { plainText } from '../plainText';
import type { BackupApi, Log, Profile, Waiting } from '../ports';
import { demoProfileId } from './demo';
import { identityOf, type VerifiedIdentity } from './identity';
import type { Profiles } from './profiles';
import type { Redactor } from '../redact';
import { askKey, keySteps, troubleOfRefusal, type KeyTrouble } from './signInKey';
import { askName, askRegion } from './signInPlace';
import { verifyKey } from './signInVerify';

export interface SignInOptions {
  readonly profiles: Profiles;
  readonly api: Pick<BackupApi, 'getCallerIdentity'>;
  readonly keychain: Keychain;
  readonly questions: Questions;
  readonly notices: Notices;
  readonly redactor: Redactor;
  readonly log: Log;
  readonly t: Translate;
  /** A new profile id, unlike any other. */
  readonly newId: () => string;
}

/**
 * What the user does with profiles. Each one asks, acts, and tells how it ended, failures included: none of these
 * rejects.
 */
export interface SignIn {
  /** Answers the new profile, which is active then; undefined when there is none. */
  addProfile(): Promise<Profile | undefined>;
  /** Adds profiles with keys from the keychain of the operating system; answers those that were added. */
  importFromKeychain(): Promise<readonly Profile[]>;
  /** Replaces the key of a profile by another of the same account. */
  signInAgain(profileId: string): Promise<void>;
  /** Without an id it asks which, if there are several. Removing the demo disconnects it. */
  removeProfile(profileId?: string): Promise<void>;
  switchProfile(): Promise<void>;
  /**
   * Finds out whose key a profile has that was saved unverified, and keeps it. Answers the profile with its account.
   * Says nothing to the user: rejects with BackupError.
   */
  identify(profile: Profile, waiting: Waiting): Promise<Profile>;
}

export function createSignIn(options: SignInOptions): SignIn {
  const { profiles, api, questions, notices, log, t, newId } = options;

  /** A cancel ends quietly, everything else is told. */
  async function told<T>(flow: () => Promise<T>): Promise<T | undefined> {
    try {
      return await flow();
    } catch (error) {
      if (!isCancelled(error)) notices.failure(toBackupError(error));
      return undefined;
    }
  }

  const namesInUse = (): readonly string[] => profiles.list().map(({ name }) => name);

  async function keep(
    name: string,
    regionId: string,
    key: AccessKey,
    identity: VerifiedIdentity | undefined,
  ): Promise<Profile> {
    const profile: Profile = { id: newId(), name, regionId, ...identity };
    await profiles.add(profile, key);
    log.write('info', `profile added: ${profile.id}, account: ${profile.accountId ?? 'not verified'}`);
    tellSignedIn(name, identity);
    return profile;
  }

  function tellSignedIn(name: string, identity: VerifiedIdentity | undefined): void {
    notices.info(
      identity
        ? t('Signed in as {0}, account {1}.', plainText(identity.identity), plainText(identity.accountId))
        : t('“{0}” is saved. Its key is not verified yet.', plainText(name)),
    );
  }

  async function addProfile(): Promise<Profile | undefined> {
    const title = t('Add Profile');
    const name = await askName(questions, t, { title, step: { number: 1, of: 4 } }, namesInUse());
    if (name === undefined) return undefined;
    let regionId: string | undefined;
    let typed: AccessKey | undefined;
    let trouble: KeyTrouble | undefined;
    for (;;) {
      const key = await askKey(questions, t, { title, stepsBefore: 1, stepsAfter: 1, typed, trouble });
      if (key === undefined) return undefined;
      if (regionId === undefined) {
        const steps = keySteps(key.accessKeyId) + 2;
        regionId = await askRegion(questions, t, { title, step: { number: steps, of: steps } });
        if (regionId === undefined) return undefined;
      }
      const verdict = await verifyKey(key, regionId, options);
      if (verdict === undefined) return undefined;
      if (verdict.kind !== 'refused') {
        return await keep(name, regionId, key, verdict.kind === 'verified' ? verdict.identity : undefined);
      }
      trouble = troubleOfRefusal(verdict.error, key, t);
      typed = key;
    }
  }

  async function signInAgain(profileId: string): Promise<void> {
    const profile = profiles.list().find(({ id }) => id === profileId);
    if (profile === undefined || profile.demo) return;
    const title = t('Sign In Again: {0}', plainText(profile.name));
    let typed: AccessKey | undefined;
    let trouble: KeyTrouble | undefined;
    for (;;) {
      const key = await askKey(questions, t, { title, stepsBefore: 0, stepsAfter: 0, typed, trouble });
      if (key === undefined) return;
      typed = key;
      const verdict = await verifyKey(key, profile.regionId, options);
      if (verdict === undefined) return;
      if (verdict.kind === 'refused') {
        trouble = troubleOfRefusal(verdict.error, key, t);
        continue;
      }
      const identity = verdict.kind === 'verified' ? verdict.identity : undefined;
      if (identity && profile.accountId !== undefined && identity.accountId !== profile.accountId) {
        // What is known of a profile, such as its running tasks, belongs to its account.
        trouble = {
          at: 'id',
          sentence: t(
            'This key is of account {0}, the profile of account {1}. Enter another key, or add a profile for it.',
            plainText(identity.accountId),
            plainText(profile.accountId),
          ),
        };
        continue;
      }
      await profiles.replaceKey(profileId, key, identity);
      log.write('info', `key replaced, profile: ${profileId}`);
      tellSignedIn(profile.name, identity);
      return;
    }
  }

  async function removeProfile(profileId?: string): Promise<void> {
    const listed = profiles.list();
    const profile =
      profileId !== undefined || listed.length < 2
        ? listed.find(({ id }) => profileId === undefined || id === profileId)
        : await questions.one(
            { title: t('Remove Profile'), placeholder: t('Profile to remove') },
            listed.map(choiceOf),
          );
    if (listed.length === 0) notices.info(t('There is no profile to remove.'));
    if (profile === undefined) return;
    const remove = profile.demo ? t('Leave Demo') : t('Remove');
    const chosen = await questions.confirm({
      message: profile.demo ? t('Leave the demo?') : t('Remove the profile “{0}”?', plainText(profile.name)),
      detail: profile.demo
        ? t('The demo data is thrown away.')
        : [
            describe(profile),
            t(
              'Its access key is erased from VS Code. Nothing changes in Alibaba Cloud, and running tasks go on.',
            ),
          ].join('\n\n'),
      actions: [remove],
    });
    if (chosen !== remove) return;
    if (profile.demo) profiles.disconnectDemo();
    else await profiles.remove(profile.id);
    log.write('info', `profile removed: ${profile.id}`);
  }

  async function switchProfile(): Promise<void> {
    const add = Symbol('add');
    const choices: readonly Choice<Profile | typeof add>[] = [
      ...profiles.list().map(choiceOf),
      { label: t('Add Profile…'), value: add },
    ];
    const chosen = await questions.one(
      { title: t('Switch Profile'), placeholder: t('Profile to work with') },
      choices,
    );
    if (chosen === undefined) return;
    if (typeof chosen === 'symbol') await addProfile();
    else await profiles.setActive(chosen.id);
  }

  const describe = (profile: Profile): string =>
    [
      profile.accountId === undefined ? t('not verified') : t('Account {0}', plainText(profile.accountId)),
      profile.identity,
      profile.regionId,
    ]
      .filter((part) => part !== undefined)
      .map((part) => plainText(part))
      .join(' · ');

  const choiceOf = (profile: Profile): Choice<Profile> => {
    const detail =
      profiles.keyState(profile.id) === 'not-kept' ? t('VS Code did not keep this key.') : undefined;
    return {
      label: plainText(profile.name),
      description: describe(profile),
      ...(detail !== undefined && { detail }),
      picked: profile.id === profiles.active?.id,
      value: profile,
    };
  };

  return {
    addProfile: () => told(addProfile),
    importFromKeychain: async () => (await told(() => importFromKeychain(options))) ?? [],
    signInAgain: (profileId) => told(() => signInAgain(profileId)),
    removeProfile: (profileId) => told(() => removeProfile(profileId)),
    switchProfile: () => told(switchProfile),
    async identify(profile, waiting) {
      if (profile.accountId !== undefined || profile.id === demoProfileId) return profile;
      const identity = identityOf(await api.getCallerIdentity(profile.id, profile.regionId, waiting));
      await profiles.identify(profile.id, identity);
      return { ...profile, ...identity };
    },
  };
}
