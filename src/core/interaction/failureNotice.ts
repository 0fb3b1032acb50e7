import { t } from '@vscode/l10n';
import { BackupError, failures, type Remedy } from '../service/errors';
import { plainText } from '../kernel/plainText';
import { failureInWords } from '../service/reasons';

/** A failure as a notification shows it. */
export interface FailureNotice {
  /** What happened, the next step, and the RequestId; safe to show. */
  readonly message: string;
  readonly remedy: Remedy;
  readonly requestId?: string;
  /** Whom the remedy is for; absent where that is not known. */
  readonly profileId?: string;
}

/** Remedies that mend a key: they are for one profile, and of no use for another. */
const mendsKey: ReadonlySet<Remedy> = new Set(['sign-in-again', 'review-command']);

/**
 * Says in words what happened and what to do next, names the RequestId, and knows what one press can do about it. Where
 * it is about the key of a profile it names the profile; a key that belongs to no profile yet has no remedy.
 *
 * @param nameOf the name of a profile, undefined for one that is not kept
 */
export function failureNotice(
  error: BackupError,
  nameOf: (profileId: string) => string | undefined = () => undefined,
): FailureNotice {
  const notice = plainNotice(error);
  const { profileId } = error;
  if (profileId === undefined || !mendsKey.has(notice.remedy)) return notice;
  const name = nameOf(profileId);
  if (name === undefined) return { ...notice, remedy: 'none' };
  return { ...notice, message: t('Profile “{0}”: {1}', plainText(name), notice.message), profileId };
}

function plainNotice(error: BackupError): FailureNotice {
  const { remedy } = failures[error.code];
  const words =
    error.inWords() ?? failureInWords({ ...factsOf(error), ambiguous: error.fate === 'ambiguous' });
  const requestId = plainText(requestIdOf(error));
  if (requestId === '') return { message: words, remedy };
  return { message: t('{0} RequestId: {1}', words, requestId), remedy, requestId };
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
