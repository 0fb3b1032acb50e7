import { t } from '@vscode/l10n';
import { isCancelled, toBackupError, type BackupError } from '../../service/errors';
import { exactText, plainText } from '../../kernel/plainText';
import type { Profile } from '../profile';
import { SourceUnusable, type OutsideSource, type SourceOffer } from '../keys/credentialSource';
import { showSignedIn } from './keepKey';
import { askName, askRegion, problemOfName } from './askNameAndRegion';
import { verifySource } from './verifyKey';
import type { SignInDeps } from './signInDeps';

/**
 * Makes a profile from a source outside VS Code, and shows it. Asks nothing when the source has a region and its name
 * is free. Returns undefined when the user backed out, or was shown that the credentials are rejected. Throws whatever
 * else keeps the source from being used.
 */
export async function addFromSource(offer: SourceOffer, deps: SignInDeps): Promise<Profile | undefined> {
  const { store, keys, view, questions, notices, log, newId } = deps;
  const title = t('Add Profile: {0}', plainText(offer.name));
  if (!(await allowCommandOf(offer, deps))) return undefined;

  const inUse = store.list().map(({ name }) => name);
  const suggested = plainText(offer.name);
  const name =
    problemOfName(suggested, inUse) === undefined
      ? suggested
      : await askName(questions, { title, value: suggested }, inUse);
  if (name === undefined) return undefined;
  const regionId = offer.regionId ?? (await askRegion(questions, { title }, offer.zoneId));
  if (regionId === undefined) return undefined;

  const { source, network } = offer;
  const draft: Profile = { id: newId(), name, regionId, source, ...(network && { network }) };
  const trial = keys.tryOut(draft);
  try {
    const verdict = await verifySource(draft, deps);
    if (verdict === undefined) return undefined;
    if (verdict.kind === 'refused') {
      showRefused(offer, verdict.error, deps);
      return undefined;
    }
    const identity = verdict.kind === 'verified' ? verdict.identity : undefined;
    const profile: Profile = { ...draft, ...identity };
    await store.add(profile);
    await view.setActive(profile.id);
    log.write('info', `profile added from ${source.kind}: ${profile.id}`);
    showSignedIn(name, identity, deps);
    if (offer.otherHost !== undefined) notices.info(otherHostInWords(offer.otherHost));
    return profile;
  } finally {
    trial.dispose();
  }
}

/** Names the source, because there's no profile yet to sign in to again. */
function showRefused(offer: SourceOffer, error: BackupError, deps: SignInDeps): void {
  const { notices } = deps;
  const tryAgain = async (): Promise<void> => {
    try {
      await addFromSource((await offerOf(offer.source, deps)) ?? offer, deps);
    } catch (failure) {
      if (!isCancelled(failure)) notices.failure(toBackupError(failure));
    }
  };
  notices.failure(refusedSource(offer, error), [
    { label: t({ message: 'Try Again', comment: ['Button.'] }), run: () => void tryAgain() },
  ]);
}

function refusedSource({ source, name }: SourceOffer, error: BackupError): BackupError {
  if (error instanceof SourceUnusable || error.code !== 'credentials-rejected') return error;
  const sentence =
    source.kind === 'cli'
      ? t({
          message:
            'The access key of the CLI profile “{profile}” was rejected. Correct it with “aliyun configure --profile {profile}”, then try again.',
          args: { profile: plainText(name) },
          comment: ['{profile}: its name. Leave the command as it is.'],
        })
      : t('The access key of “{0}” was rejected. Correct it, then try again.', plainText(name));
  const refused = new SourceUnusable(sentence, error.message, error);
  refused.profileId = error.profileId;
  return refused;
}

function otherHostInWords(host: string): string {
  return t({
    message:
      'The CLI sends all requests of this profile to {host}, which might not serve Cloud Backup. To use another host here, set {setting}.',
    args: { host: plainText(host), setting: 'cloudBackup.endpoints.hbr' },
    comment: ['{setting} is the ID of a setting.'],
  });
}

/**
 * Asks before a program of a CLI profile runs for the first time: shows its whole command line. Returns true when
 * there's nothing to ask, and false when the user doesn't want it to run.
 */
export async function allowCommandOf(
  { source, name, command }: SourceOffer,
  { outside, questions, log }: Pick<SignInDeps, 'outside' | 'questions' | 'log'>,
): Promise<boolean> {
  if (command === undefined) return true;
  const allow = t('Allow and Run');
  const chosen = await questions.confirm({
    message: t('Run a program to get the credentials of “{0}”?', plainText(name)),
    detail: [
      exactText(command),
      t(
        "The program runs on this computer for up to 60 seconds, whenever new credentials are needed. You'll be asked again if the command changes.",
      ),
    ].join('\n\n'),
    actions: [allow],
  });
  if (chosen !== allow) return false;
  await outside.allowCommand(source);
  log.write('info', `command allowed, source: ${source.kind}`);
  return true;
}

/** The offer of a source as it is now. */
export async function offerOf(
  source: OutsideSource,
  { outside }: Pick<SignInDeps, 'outside'>,
): Promise<SourceOffer | undefined> {
  const { offers } = await outside.offers();
  const same = JSON.stringify(source);
  return (
    offers.find((offer) => JSON.stringify(offer.source) === same) ??
    // A profile may follow what is current in the CLI without naming it.
    (source.kind === 'cli' && source.name === undefined
      ? offers.find((offer) => offer.source.kind === 'cli' && offer.current)
      : undefined)
  );
}
