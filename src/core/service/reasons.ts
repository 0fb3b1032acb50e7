import { t } from '@vscode/l10n';
import { isFailureCode, type FailureCode } from './errors';
import { plainText } from '../kernel/plainText';

type Wording = () => string;

/** What happened to a machine, a task or a role, and what to do next: codes of the services, then our own reasons. */
const machineReasons: Readonly<Partial<Record<string, Wording>>> = {
  InstanceNotExists: () =>
    t('This account has no such ECS instance in this region. Refresh the list and choose again.'),
  InstanceNotRunning: () => t('The ECS instance is not running. Start it, then try again.'),
  CloudAssistNotRunningOnInstance: () =>
    t('Cloud Assistant does not answer on the instance. Start its agent there, then try again.'),
  INSTALL_FAILED: () =>
    t('The install failed on the machine. Check its network and free disk space, then try again.'),
  UPGRADE_FAILED: () =>
    t('The upgrade failed on the machine. Check its network and free disk space, then try again.'),
  UNINSTALL_FAILED: () => t('The uninstall failed on the machine. Check that it is running, then try again.'),
  DEACTIVATED: () => t('The client is not activated. Install it again to repair it.'),
  STOPPED: () => t('The client is stopped on the machine. Start its service there.'),
  UNKNOWN: () => t('The client sends no heartbeat. Check that the machine is running and has network.'),
  expired: () =>
    t('The task passed the 15-minute limit of the service. Refresh the list to see what it did.'),
  cancelled: () => t('The task was cancelled at the service. Try again if that was not intended.'),
  'not-found': () => t('The service no longer knows this task. Refresh the list to see what it did.'),
  failed: () => t('The task failed at the service. Refresh the list to see which clients it reached.'),
  completed: () => t('The task ended and the list does not show its result yet. Refresh the list later.'),
  'no-heartbeat': () =>
    t('The list shows the version and no heartbeat since. Check that the client runs on the machine.'),
  'failure-limit': () =>
    t('Too many machines failed before its turn. Find out why, then start again for what is left.'),
  stopped: () => t('Sending was stopped before its turn. Start again for what is left.'),
  interrupted: () => t('VS Code closed before its turn. Start again for what is left.'),
  'not-run': () => t('The call did not reach the service. Try again.'),
  'watch-limit': () => t('Nothing was heard in time. Refresh the list to see its state.'),
  'task-denied': () =>
    t(
      "The task couldn't be checked: you don't have the {0} permission. Ask your RAM administrator to grant it, then refresh the list.",
      'hbr:DescribeTask',
    ),
  'list-denied': () =>
    t(
      "The result couldn't be verified: you don't have the {0} permission. Ask your RAM administrator to grant it, then refresh the list.",
      'hbr:DescribeBackupClients',
    ),
  'answer-lost': () => t('The answer was lost and the list does not tell. Refresh the list later.'),
  unreadable: () => t('The answer was lost and the list does not tell. Refresh the list later.'),
  'EntityNotExist.Role': () =>
    t('There is no such RAM role. Check the role ARN where this profile takes its key from.'),
  'InvalidParameter.RoleArn': () =>
    t('STS does not take the role ARN. Check it where this profile takes its key from.'),
  'InvalidParameter.DurationSeconds': () =>
    t(
      'The role does not allow a session this long. Set fewer seconds where this profile takes its key from.',
    ),
  'InvalidSecurityToken.MismatchWithAccessKey': () =>
    t("The session token doesn't belong to this access key. Sign in again with both from one session."),
  MissingSecurityToken: () =>
    t('This is a temporary key, which needs its session token. Sign in again with both.'),
  'not-listed': () =>
    t('The list no longer shows this client. Check in the console that its machine exists.'),
};

/** Why a call failed, and what to do next. Typed by {@link FailureCode}, so a new code needs its words here. */
const failureReasons: Readonly<Record<FailureCode, Wording>> = {
  'credentials-rejected': () => t('The access key was refused. Sign in again.'),
  'credentials-expired': () => t('The temporary key has expired. Sign in again.'),
  'credentials-missing': () => t('VS Code did not keep the key of this profile. Sign in again.'),
  'profile-gone': () => t('The profile was removed. Add it again, then start anew.'),
  'account-changed': () =>
    t('The profile may have a key of another account now. Sign in again with a key of the first account.'),
  'source-unusable': () => t('The key of this profile cannot be read. See the log for the reason.'),
  'command-not-allowed': () =>
    t('This profile runs a program to get its key. Review the command, then allow it.'),
  'permission-denied': () =>
    t('The account lacks a permission. Ask its administrator to allow this action in RAM.'),
  'account-blocked': () =>
    t('The account may not use the service now. Check in the console that it is activated and paid for.'),
  'service-role-missing': () =>
    t('A role that the service needs is missing. Open Cloud Backup in the console once to create it.'),
  throttled: () => t('The service received too many calls. Try again in a minute.'),
  'service-failed': () => t('The service failed. Try again in a few minutes.'),
  unreachable: () => t('The service cannot be reached. Check the network and proxy settings.'),
  timeout: () => t('The service did not answer in time. Refresh the list to see what happened.'),
  'connection-lost': () => t('The connection broke off. Refresh the list to see what happened.'),
  'tls-failed': () => t('The connection is not secure. Check the certificates of the proxy.'),
  'proxy-refused': () =>
    t('The proxy refused the connection. Check the user name and password in the proxy settings.'),
  'clock-skew': () => t('The clock of this computer is wrong. Set it, then try again.'),
  'wrong-endpoint': () => t('The service is not at this address. Check the region and the endpoint setting.'),
  'not-found': () => t('The service does not know what was asked for. Refresh the list and choose again.'),
  'machine-not-ready': () => t('The machine is not ready. Start it and its Cloud Assistant, then try again.'),
  'bad-request': () => t('The service refused the call as wrong. See the log for its message.'),
  'invalid-input': () => t('The call was not valid and was not sent. See the log for the reason.'),
  'unexpected-reply': () => t('The answer of the service could not be read. See the log for details.'),
  'keychain-unavailable': () => t('The system keychain cannot be opened. Unlock it, then try again.'),
  'secret-storage-failed': () =>
    t('The keyring of this computer did not keep or give the key. Unlock it, then enter the key again.'),
  'storage-failed': () =>
    t('Operation records on disk could not be read or written. Check free space and permissions.'),
  'busy-elsewhere': () =>
    t('Another operation is being started in this region. Wait a few seconds, then try again.'),
  internal: () => t('Something went wrong in this extension. See the log for details.'),
};

/** What is known of a failure: a `BackupError`, or what a record kept of one. */
export interface FailureFacts {
  readonly code: FailureCode;
  readonly serviceCode?: string | undefined;
  /** The RAM action that is missing. */
  readonly ramAction?: string | undefined;
  /** True when the service may have acted all the same. */
  readonly ambiguous?: boolean | undefined;
  /** What reading the list told about the call since. */
  readonly finding?: 'ran' | 'not-run' | 'unknown' | undefined;
}

/**
 * Says in words, with one next step, why a machine or a task did not get there: a code of the service
 * (`InstanceNotRunning`, `UPGRADE_FAILED`, `expired`), a reason of an operation (`watch-limit`), or the code of a
 * failure. A code without words is shown as the service sent it, made safe.
 */
export function reasonInWords(code: string): string {
  const wording = machineReasonOf(code) ?? (isFailureCode(code) ? failureReasons[code] : undefined);
  return wording?.() ?? plainText(code);
}

/** What to know about a client that the list shows as done although its task said otherwise. */
export function remarkInWords(code: string): string {
  return t('Verified by the client list, although the task reported {0}.', plainText(code));
}

/**
 * Says why a call failed, with one next step: the service's own code if there are words for it, else our code; and
 * whether the service acted nevertheless, as far as that is known.
 */
export function failureInWords(failure: FailureFacts): string {
  const words = causeInWords(failure);
  if (failure.finding === 'not-run')
    return t("{0} The client list shows that the request didn't run.", words);
  if (failure.finding === 'ran') return t('{0} The client list shows that the request ran.', words);
  return failure.ambiguous ? t('{0} The call may have run all the same.', words) : words;
}

function causeInWords({ code, serviceCode, ramAction }: FailureFacts): string {
  if (code === 'permission-denied' && ramAction) {
    return t(
      'The account lacks the permission {0}. Ask its administrator to allow it in RAM.',
      plainText(ramAction),
    );
  }
  return (machineReasonOf(serviceCode ?? '') ?? failureReasons[code])();
}

function machineReasonOf(code: string): Wording | undefined {
  return Object.hasOwn(machineReasons, code) ? machineReasons[code] : undefined;
}
