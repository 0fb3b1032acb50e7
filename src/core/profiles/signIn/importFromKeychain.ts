import { t } from '@vscode/l10n';
import { listOf, numberInWords, plural, sentences } from '../../kernel/localize';
import { CancelledError } from '../../kernel/cancelled';
import { isCancelled, toBackupError, type BackupError } from '../../service/errors';
import { failureNotice } from '../../interaction/failureNotice';
import type { Notices } from '../../interaction/interaction';
import type { AccessKey } from '../../service/model';
import { plainText } from '../../kernel/plainText';
import type { Profile } from '../profile';
import type { Waiting } from '../../kernel/waiting';
import { defaultKeychainService, keychainText } from '../keys/keychain';
import { identityIn, type VerifiedIdentity } from '../identity';
import { keepKey, signedInText } from './keepKey';
import type { Keeping } from '../profileStore';
import type { SignInDeps } from './signInDeps';
import { askRegion } from './askNameAndRegion';
import { isUntested } from './verifyKey';

/** A key that can be saved; without `identity` when the service couldn't be asked. */
interface Usable {
  readonly key: AccessKey;
  readonly identity?: VerifiedIdentity;
}

/** A key that can't be taken over, or couldn't be kept. */
interface Refused {
  readonly key: AccessKey;
  readonly error: BackupError;
}

/**
 * Takes keys over from the keychain of the operating system: asks for a service name, which of its accounts, and one
 * region for all of them. Each key is verified before any is kept; one that is refused doesn't stop the others. A
 * profile is called after the RAM user of its key, else after the end of the access key ID. Where VS Code can't keep
 * keys it offers to use them until this window closes. Tells once how all of it ended.
 *
 * Returns the new profiles, the first of which is active then; none when the user backed out. Throws BackupError
 * `keychain-unavailable`, and what refused the only key that was picked.
 */
export async function importFromKeychain(deps: SignInDeps): Promise<readonly Profile[]> {
  const { store, view, keys, questions, notices, log } = deps;
  const title = t('Import from System Keychain');
  const picked = await pickKeys(title, deps);
  if (picked.length === 0) return [];
  const regionId = await askRegion(questions, { title, step: { number: 3, of: 3 } });
  if (regionId === undefined) return [];
  const verified = await verifyAll(picked, regionId, deps);
  if (verified === undefined) return [];
  const refused = [...verified.refused];
  const added: Profile[] = [];
  for (const usable of verified.usable) {
    const profile = profileFor(usable, regionId, deps);
    const add = (keeping: Keeping): Promise<void> => store.add(profile, usable.key, keeping);
    try {
      // Who uses one key for this session only isn't asked about the others.
      if (added.some(({ id }) => keys.isForSession(id))) await add('session');
      else if (!(await keepKey(add, deps))) break;
      added.push(profile);
      log.write('info', `profile added: ${profile.id}, account: ${profile.accountId ?? 'not verified'}`);
    } catch (error) {
      refused.push({ key: usable.key, error: toBackupError(error) });
    }
  }
  for (const { error } of refused) log.write('warn', 'key of the keychain not taken over', error);
  const [only] = refused;
  if (only && picked.length === 1) throw only.error;
  const [first] = added;
  if (first) await view.setActive(first.id);
  if (first || only) showResult(added, refused, notices);
  return added;
}

async function pickKeys(title: string, deps: SignInDeps): Promise<readonly AccessKey[]> {
  const { keychain, questions, notices, redactor } = deps;
  let service = defaultKeychainService;
  let prompt = t(
    'Service name of the keychain entries. Each has an access key ID as its account and the secret as its password.',
  );
  for (;;) {
    const answer = await questions.text({
      title,
      prompt,
      value: service,
      step: { number: 1, of: 3 },
      validate: (text) => (text.trim() === '' ? t('Enter a service name.') : undefined),
    });
    if (answer === undefined) return [];
    service = answer.trim();
    const found = await notices.progress(
      t('Reading the system keychain'),
      'notification',
      (_report, waiting) => untilCancelled(keychain.entries(service), waiting),
    );
    const keys = new Map<string, AccessKey>();
    const unreadable: string[] = [];
    for (const { account, password } of found) {
      redactor.add(password);
      redactor.add(password.trim());
      const accessKeyId = keychainText(account);
      const accessKeySecret = keychainText(password);
      if (accessKeySecret) redactor.add(accessKeySecret);
      if (accessKeyId === undefined || accessKeySecret === undefined) unreadable.push(plainText(account));
      else if (accessKeyId && accessKeySecret) keys.set(accessKeyId, { accessKeyId, accessKeySecret });
    }
    if (unreadable.length > 0) {
      notices.warn(
        t(
          "These keychain entries don't contain an access key: {0}. Save each of them again as plain text.",
          listOf(unreadable),
        ),
      );
    }
    if (keys.size > 0) {
      const picked = await questions.many(
        { title, placeholder: t('Access keys to import'), step: { number: 2, of: 3 } },
        [...keys.values()].map((key) => ({
          label: plainText(key.accessKeyId),
          picked: keys.size === 1,
          value: key,
        })),
      );
      return picked ?? [];
    }
    prompt = t('Nothing was found for this service name, or the keychain is still locked. Try another name.');
  }
}

/** Asks STS about each key, and the user once for all those about which STS couldn't be asked. */
async function verifyAll(
  keys: readonly AccessKey[],
  regionId: string,
  deps: SignInDeps,
): Promise<{ readonly usable: readonly Usable[]; readonly refused: readonly Refused[] } | undefined> {
  const { questions, notices } = deps;
  const known = new Map<AccessKey, Usable>();
  const refused: Refused[] = [];
  const usable = (): readonly Usable[] =>
    keys.map((key) => known.get(key)).filter((found) => found !== undefined);
  let open: readonly AccessKey[] = keys;
  for (;;) {
    const unanswered: Refused[] = [];
    const total = open.length;
    try {
      await notices.progress(
        plural(total, {
          one: () => t('Verifying the access key'),
          other: (count) => t('Verifying {0} access keys', count),
        }),
        'notification',
        async (report, waiting) => {
          for (const [index, key] of open.entries()) {
            if (total > 1) report(progressInWords(index + 1, total), (index / total) * 100);
            try {
              known.set(key, { key, identity: await deps.keys.ownerOf(key, { regionId }, waiting) });
            } catch (error) {
              if (isCancelled(error)) throw error;
              const failure = toBackupError(error);
              (isUntested(failure) ? unanswered : refused).push({ key, error: failure });
            }
          }
        },
      );
    } catch (error) {
      if (isCancelled(error)) return undefined;
      throw error;
    }
    const [first] = unanswered;
    if (!first) return { usable: usable(), refused };
    open = unanswered.map(({ key }) => key);
    const tryAgain = t({ message: 'Try Again', comment: ['Button.'] });
    const saveUnverified = t({
      message: 'Save Unverified',
      comment: ['Button: saves an access key that could not be verified.'],
    });
    const chosen = await questions.confirm({
      message: plural(open.length, {
        one: () => t("Couldn't verify the access key {0}.", plainText(first.key.accessKeyId)),
        other: (count) => t("Couldn't verify {0} access keys.", count),
      }),
      detail: [
        failureNotice(first.error).message,
        t("You can save the access keys now. Each is verified when it's first used."),
      ].join('\n\n'),
      actions: [tryAgain, saveUnverified],
    });
    if (chosen === saveUnverified) {
      for (const key of open) known.set(key, { key });
      return { usable: usable(), refused };
    }
    if (chosen !== tryAgain) return undefined;
  }
}

function profileFor({ key, identity }: Usable, regionId: string, { store, newId }: SignInDeps): Profile {
  const inUse = new Set(store.list().map(({ name }) => name.toLowerCase()));
  const name = nameOf(key, identity).find((candidate) => !inUse.has(candidate.toLowerCase()));
  const id = newId();
  return { id, name: name ?? id, regionId, ...identity };
}

/** What a profile may be called, best first; the last is the access key ID, which no two profiles need to share. */
function nameOf(key: AccessKey, identity: VerifiedIdentity | undefined): readonly string[] {
  const end = key.accessKeyId.slice(-4);
  const user = /^user\/(.+)$/.exec(identity?.identity ?? '')?.[1];
  return [
    ...(user === undefined
      ? []
      : [
          user,
          t({
            message: '{user} (access key …{end})',
            args: { user, end },
            comment: ['Name of a profile. {end} is the last four characters of an access key ID.'],
          }),
        ]),
    t('Access key …{0}', end),
    key.accessKeyId,
  ].filter((name) => Array.from(name).length <= 64);
}

function showResult(added: readonly Profile[], refused: readonly Refused[], notices: Notices): void {
  const [only, second] = added;
  if (refused.length === 0 && only && !second) {
    notices.info(signedInText(only.name, identityIn(only)));
    return;
  }
  const names = listOf(added.map(({ name }) => plainText(name)));
  const addedText =
    added.length === 0
      ? t('No profiles were added.')
      : plural(added.length, {
          one: () => t('Added the profile “{0}”.', names),
          other: (count) =>
            t({
              message: 'Added {count} profiles: {names}.',
              args: { count, names },
              comment: ['{names} is a list.'],
            }),
        });
  if (refused.length === 0) {
    notices.info(addedText);
    return;
  }
  const refusedText = plural(refused.length, {
    one: (count) => t('{0} access key was rejected.', count),
    other: (count) => t('{0} access keys were rejected.', count),
  });
  const reasons = refused.map(({ key, error }) =>
    t({
      message: '{accessKey}: {reason}',
      args: { accessKey: plainText(key.accessKeyId), reason: failureNotice(error).message },
      comment: ['{accessKey} is an access key ID, {reason} one or more sentences.'],
    }),
  );
  notices.warn(sentences(addedText, refusedText, ...reasons));
}

function progressInWords(number: number, total: number): string {
  return t({
    message: '{number} of {total}',
    args: { number: numberInWords(number), total: numberInWords(total) },
    comment: ['Progress: which of several access keys is being verified.'],
  });
}

/** Waits no longer than the user does: the operating system may prompt for the keychain. */
function untilCancelled<T>(work: Promise<T>, { signal }: Waiting): Promise<T> {
  const cancelled = new Promise<never>((_resolve, reject) => {
    const stop = (): void => reject(new CancelledError());
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([cancelled, work]);
}
