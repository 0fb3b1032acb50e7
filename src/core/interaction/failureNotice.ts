import { t } from '@vscode/l10n';
import type { ConsolePlace } from '../service/consoleLinks';
import { BackupError, failures, type FailureTraits, type Remedy } from '../service/errors';
import { sentences } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import { failureInWords } from '../service/reasons';

/** A failure as a notification shows it. */
export interface FailureNotice {
  /** What happened, the next step, and the request ID; safe to show. */
  readonly message: string;
  readonly remedy: Remedy;
  /** The page of the web console where somebody can do something about it. */
  readonly console?: ConsolePlace;
  readonly requestId?: string;
  /** The profile that the remedy and the console are for; absent where it isn't known. */
  readonly profileId?: string;
}

/** Remedies for the credentials of one profile; they don't help another. */
const forOneProfile: ReadonlySet<Remedy> = new Set(['sign-in-again', 'review-command']);

/**
 * What happened and what to do next, the request ID, and what one press can do about it. A problem with the credentials
 * of a profile names that profile; there's no remedy for credentials that belong to no profile yet.
 *
 * @param nameOf the name of a profile, undefined for one that isn't stored
 */
export function failureNotice(
  error: BackupError,
  nameOf: (profileId: string) => string | undefined = () => undefined,
): FailureNotice {
  const notice = plainNotice(error);
  const { profileId } = error;
  if (profileId === undefined) return notice;
  if (!forOneProfile.has(notice.remedy)) return { ...notice, profileId };
  const name = nameOf(profileId);
  if (name === undefined) return { ...notice, remedy: 'none' };
  const message = t({
    message: 'Profile “{name}”: {problem}',
    args: { name: plainText(name), problem: notice.message },
    comment: 'The problem is whole sentences: what happened, and what to do about it',
  });
  return { ...notice, message, profileId };
}

function plainNotice(error: BackupError): FailureNotice {
  const { remedy, console }: FailureTraits = failures[error.code];
  const words =
    error.inWords() ?? failureInWords({ ...factsOf(error), ambiguous: error.fate === 'ambiguous' });
  const requestId = plainText(requestIdOf(error));
  const buttons = { remedy, ...(console !== undefined && { console }) };
  if (requestId === '') return { message: words, ...buttons };
  return { message: sentences(words, t('Request ID: {0}', requestId)), ...buttons, requestId };
}

/** Of the call that failed, also where another failure followed from it. */
function requestIdOf(error: BackupError): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    if (at instanceof BackupError && at.requestId) return at.requestId;
  }
  return '';
}

function factsOf({ code, serviceCode, ramAction }: BackupError) {
  return { code, serviceCode, ramAction };
}
