import { t } from '@vscode/l10n';
import { failures, type BackupError, type FailureCode } from '../service/errors';
import { plainText } from '../kernel/plainText';
import { SourceUnusable } from '../profiles/keys/credentialSource';
import { failureInWords } from '../service/reasons';

/** What is queried about an operation. */
export type Query = 'task' | 'list';

/**
 * Why queries fail until the user does something. Known only in the window that follows the operation; not recorded.
 */
export interface Trouble {
  readonly code: FailureCode;
  readonly serviceCode?: string | undefined;
  /** The RAM action that is missing. */
  readonly ramAction?: string | undefined;
  /** The own text of the failure, if it has one. */
  readonly sentence?: string;
}

/** The trouble behind a failed query; undefined if trying again might be enough. */
export function troubleOf(failure: BackupError): Trouble | undefined {
  if (!failures[failure.code].lasting) return undefined;
  const { code, serviceCode, ramAction } = failure;
  return {
    ...{ code, serviceCode, ramAction },
    ...(failure instanceof SourceUnusable && { sentence: failure.sentence }),
  };
}

/** The reason of a client without a result, if the trouble lasted to the end. */
export function reasonOfTrouble({ code, ramAction }: Trouble): string {
  if (code !== 'permission-denied') return code;
  return ramAction === taskAction ? 'task-denied' : 'list-denied';
}

const taskAction = 'hbr:DescribeTask';

/** What an operation waits for and what to do, as a sentence; undefined if it does not wait. */
export function troubleInWords({
  trouble,
  profileName,
}: {
  readonly trouble?: Trouble | undefined;
  readonly profileName: string;
}): string | undefined {
  if (!trouble) return undefined;
  const { code, ramAction, sentence } = trouble;
  const profile = plainText(profileName);
  if (sentence !== undefined) return waitingBecause(sentence);
  switch (code) {
    case 'credentials-expired':
      return t('Waiting: the credentials of profile “{0}” have expired. Sign in again.', profile);
    case 'credentials-rejected':
      return t('Waiting: the credentials of profile “{0}” were rejected. Sign in again.', profile);
    case 'credentials-missing':
      return t('Waiting: VS Code has no credentials for profile “{0}”. Sign in again.', profile);
    case 'permission-denied':
      return ramAction === taskAction
        ? t("You don't have the {0} permission, so only the client list is checked.", taskAction)
        : t(
            "Waiting: you don't have the {0} permission. Ask your RAM administrator to grant it.",
            plainText(ramAction ?? 'hbr:DescribeBackupClients'),
          );
    default:
      return waitingBecause(failureInWords(trouble));
  }
}

function waitingBecause(sentence: string): string {
  return t({
    message: 'Waiting: {0}',
    args: [sentence],
    comment: ['State of an operation. {0} is a sentence that says why it waits.'],
  });
}
