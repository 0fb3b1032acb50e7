import { t } from '@vscode/l10n';
import type { ConsolePlace } from '../service/consoleLinks';
import { BackupError, failures, type FailureCode, type FailureTraits, type Remedy } from '../service/errors';
import { plainText } from '../kernel/plainText';
import { failureInWords } from '../service/reasons';

/** A failure as a notification shows it. */
export interface FailureNotice {
  /** What happened and the next step; safe to show. No ID is in it: those are in `details`. */
  readonly message: string;
  /** What helps, the best first. A notification has room for two. */
  readonly remedies: readonly NoticeRemedy[];
  /** The page of the web console that `console` opens. */
  readonly console?: ConsolePlace;
  /** The profile that the remedies are for; absent where it isn't known. */
  readonly profileId?: string;
  /** For a ticket, one fact per line: the message, the codes, and the request ID. */
  readonly details: string;
}

/** What one button of the notification of a failure does. */
export type NoticeRemedy = Exclude<Remedy, 'none'> | 'console' | 'show-log' | 'copy-details';

/** Remedies for the credentials of one profile; they don't help another. */
const forOneProfile: ReadonlySet<Remedy> = new Set(['sign-in-again', 'review-command']);

/** Failures whose words lead to the log. */
const inTheLog: ReadonlySet<FailureCode> = new Set([
  'source-unusable',
  'bad-request',
  'invalid-input',
  'unexpected-reply',
  'storage-failed',
  'internal',
]);

/**
 * What happened, what to do next, and what one press can do about it. It names the profile whose credentials are the
 * trouble, and where there are several profiles, the one that failed. A remedy for credentials is only offered where it's
 * known which profile they belong to: another one must not be signed in instead.
 *
 * @param profiles the stored profiles
 */
export function failureNotice(
  error: BackupError,
  profiles: readonly { readonly id: string; readonly name: string }[] = [],
): FailureNotice {
  const { remedy, console }: FailureTraits = failures[error.code];
  const [only] = profiles.length === 1 && error.profileId === undefined ? profiles : [];
  const profile = only ?? profiles.find(({ id }) => id === error.profileId);
  const isForProfile = forOneProfile.has(remedy);
  const words =
    error.inWords() ?? failureInWords({ ...factsOf(error), ambiguous: error.fate === 'ambiguous' });
  const message =
    profile && (isForProfile || profiles.length > 1)
      ? t({
          message: 'Profile “{name}”: {problem}',
          args: { name: plainText(profile.name), problem: words },
          comment: 'The problem is whole sentences: what happened, and what to do about it',
        })
      : words;
  const details = detailsOf(error, message);
  const helps = remedy === 'none' || (isForProfile && !profile) ? [] : [remedy];
  return {
    message,
    remedies: [
      ...helps,
      ...(console === undefined ? [] : (['console'] as const)),
      ...(inTheLog.has(error.code) ? (['show-log'] as const) : []),
      'copy-details',
    ],
    details,
    ...(console !== undefined && { console }),
    ...(profile && { profileId: profile.id }),
  };
}

function detailsOf(error: BackupError, message: string): string {
  const { code, action, serviceCode, httpStatus } = causeOf(error);
  const facts: readonly (readonly [string, string | number | undefined])[] = [
    [t({ message: 'Error code', comment: ['Label of a fact about a failure.'] }), code],
    [
      t({ message: 'API', comment: ['Label of a fact about a failure: the name of an API operation.'] }),
      action,
    ],
    [t({ message: 'Code of the service', comment: ['Label of a fact about a failure.'] }), serviceCode],
    [t({ message: 'HTTP status', comment: ['Label of a fact about a failure.'] }), httpStatus],
    [t({ message: 'Request ID', comment: ['Label of a fact about a failure.'] }), requestIdOf(error)],
  ];
  const known = facts.flatMap(([label, value]) =>
    value === undefined || value === '' ? [] : `${label}: ${plainText(String(value))}`,
  );
  return [message, ...known].join('\n');
}

/** The failure of the call behind an error, which knows its codes; the error itself where no call failed. */
function causeOf(error: BackupError): BackupError {
  return chainOf(error).find(({ serviceCode, requestId }) => serviceCode ?? requestId) ?? error;
}

/** Of the call that failed, also where another failure followed from it. */
function requestIdOf(error: BackupError): string {
  return chainOf(error).find(({ requestId }) => requestId)?.requestId ?? '';
}

function chainOf(error: BackupError): readonly BackupError[] {
  const chain: BackupError[] = [];
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    if (at instanceof BackupError) chain.push(at);
  }
  return chain;
}

function factsOf({ code, serviceCode, ramAction }: BackupError) {
  return { code, serviceCode, ramAction };
}
