import { t } from '@vscode/l10n';
import { failures, toBackupError, type BackupError } from '../../service/errors';
import type { AccessKey } from '../../service/model';
import { plainText } from '../../kernel/plainText';
import type { Profile } from '../profile';
import { allowCommandOf, offerOf } from './addFromSource';
import { keepKey, showSignedIn } from './keepKey';
import { askKey, troubleOfRefusal, type KeyTrouble } from './askKey';
import { verifyKey } from './verifyKey';
import type { SignInDeps } from './signInDeps';
import { rootSourceOf, sourceOf } from '../keys/sourceChain';

/**
 * Makes a profile usable again. A stored key is asked for. Any other is read again, after the program that it needs was
 * allowed; where a role depends on a stored key that can't be used, that key is asked for. Shows the result; throws what
 * kept it from working.
 */
export async function signInAgain(profile: Profile, deps: SignInDeps): Promise<void> {
  const { store, keys } = deps;
  const root = rootSourceOf(profile, store.list());
  const rootIsStored = root !== undefined && sourceOf(root).kind === 'stored';
  if (rootIsStored && (root.id === profile.id || keys.state(root.id) === 'not-kept')) {
    await enterKey(root, deps);
    return;
  }
  try {
    await readAgain(profile, root, deps);
  } catch (error) {
    const failure = toBackupError(error);
    if (!rootIsStored || !needsKey(failure)) throw failure;
    await enterKey(root, deps);
  }
}

/** Replaces the key of a stored profile by another of the same account. */
async function enterKey(profile: Profile, deps: SignInDeps): Promise<void> {
  const { store, questions, log } = deps;
  const title = t('Sign In Again: {0}', plainText(profile.name));
  let typed: AccessKey | undefined;
  let trouble: KeyTrouble | undefined;
  for (;;) {
    const key = await askKey(questions, { title, stepsBefore: 0, stepsAfter: 0, typed, trouble });
    if (key === undefined) return;
    typed = key;
    const verdict = await verifyKey(key, profile.regionId, deps);
    if (verdict === undefined) return;
    if (verdict.kind === 'refused') {
      trouble = troubleOfRefusal(verdict.error, key);
      continue;
    }
    const identity = verdict.kind === 'verified' ? verdict.identity : undefined;
    // As it is now: while the key was typed, another one may have been identified.
    const { accountId } = store.list().find(({ id }) => id === profile.id) ?? profile;
    if (identity && accountId !== undefined && identity.accountId !== accountId) {
      // What is known of a profile, such as its running tasks, belongs to its account.
      trouble = {
        at: 'id',
        sentence: t({
          message:
            'This access key belongs to account {other}, but the profile belongs to account {account}. Enter another access key, or add a profile for it.',
          args: { other: plainText(identity.accountId), account: plainText(accountId) },
          comment: ['{other} and {account} are account IDs.'],
        }),
      };
      continue;
    }
    const kept = await keepKey((keeping) => store.replaceKey(profile.id, key, identity, keeping), deps);
    if (!kept) return;
    log.write('info', `key replaced, profile: ${profile.id}`);
    showSignedIn(profile.name, identity, deps);
    return;
  }
}

async function readAgain(profile: Profile, root: Profile | undefined, deps: SignInDeps): Promise<void> {
  const { keys, notices, log } = deps;
  for (let mayAsk = true; ; mayAsk = false) {
    // Every profile that depends on the same source has to read it again.
    keys.readAgain(root?.id ?? profile.id);
    try {
      const identity = await notices.progress(
        t('Signing in to “{0}”', plainText(profile.name)),
        'notification',
        (_report, waiting) => keys.identify(profile.id, waiting),
      );
      log.write('info', `signed in again, profile: ${profile.id}`);
      showSignedIn(profile.name, identity, deps);
      return;
    } catch (error) {
      if (!mayAsk || toBackupError(error).code !== 'command-not-allowed' || !root) throw error;
      const allowed = await allowProgramOf(root, deps);
      if (allowed === 'unknown') throw error;
      if (allowed === 'no') return;
    }
  }
}

async function allowProgramOf(root: Profile, deps: SignInDeps): Promise<'yes' | 'no' | 'unknown'> {
  const source = sourceOf(root);
  if (source.kind === 'stored' || source.kind === 'role') return 'unknown';
  const offer = await offerOf(source, deps);
  if (offer?.command === undefined) return 'unknown';
  return (await allowCommandOf({ ...offer, source }, deps)) ? 'yes' : 'no';
}

/** True when another key is what helps. */
function needsKey({ code }: BackupError): boolean {
  const { keyVerdict } = failures[code];
  return keyVerdict === 'refused' || keyVerdict === 'missing';
}
