import type { FailureCode } from './errors';
import type { Translate } from './localize';
import type { CallFailure } from './operation';
import { plainText } from './plainText';

type Wording = (t: Translate) => string;

/** What happened to a machine or a task, and what to do next: one sentence each. Keys are the service's words. */
const machineReasons: Readonly<Partial<Record<string, Wording>>> = {
  InstanceNotExists: (t) =>
    t('This account has no such ECS instance in this region. Refresh the list and choose again.'),
  InstanceNotRunning: (t) => t('The ECS instance is not running. Start it, then try again.'),
  CloudAssistNotRunningOnInstance: (t) =>
    t('Cloud Assistant does not answer on the instance. Start its agent there, then try again.'),
  INSTALL_FAILED: (t) =>
    t('The install failed on the machine. Check its network and free disk space, then try again.'),
  UPGRADE_FAILED: (t) =>
    t('The upgrade failed on the machine. Check its network and free disk space, then try again.'),
  UNINSTALL_FAILED: (t) =>
    t('The uninstall failed on the machine. Check that it is running, then try again.'),
  DEACTIVATED: (t) => t('The client is not activated. Install it again to repair it.'),
  STOPPED: (t) => t('The client is stopped on the machine. Start its service there.'),
  UNKNOWN: (t) => t('The client sends no heartbeat. Check that the machine is running and has network.'),
  expired: (t) =>
    t('The task passed the 15-minute limit of the service. Refresh the list to see what it did.'),
  cancelled: (t) => t('The task was cancelled at the service. Try again if that was not intended.'),
  'not-found': (t) => t('The service no longer knows this task. Refresh the list to see what it did.'),
};

/** Why a call failed, and what to do next. Typed by {@link FailureCode}, so a new code needs its words here. */
const failureReasons: Readonly<Record<FailureCode, Wording>> = {
  'credentials-rejected': (t) => t('The service rejected the access key. Enter the key again.'),
  'credentials-expired': (t) => t('The temporary credentials have expired. Sign in again.'),
  'credentials-missing': (t) => t('No access key is kept for this profile. Enter the key again.'),
  'permission-denied': (t) =>
    t('The account lacks a permission. Ask its administrator to allow this action in RAM.'),
  'account-blocked': (t) =>
    t('The account may not use the service now. Check in the console that it is activated and paid for.'),
  'service-role-missing': (t) =>
    t('A role that the service needs is missing. Open Cloud Backup in the console once to create it.'),
  throttled: (t) => t('The service received too many calls. Try again in a minute.'),
  'service-failed': (t) => t('The service failed. Try again in a few minutes.'),
  unreachable: (t) => t('The service cannot be reached. Check the network and proxy settings.'),
  timeout: (t) => t('The service did not answer in time. Refresh the list to see what happened.'),
  'connection-lost': (t) => t('The connection broke off. Refresh the list to see what happened.'),
  'tls-failed': (t) => t('The connection is not secure. Check the certificates of the proxy.'),
  'clock-skew': (t) => t('The clock of this computer is wrong. Set it, then try again.'),
  'wrong-endpoint': (t) =>
    t('The service is not at this address. Check the region and the endpoint setting.'),
  'not-found': (t) => t('The service does not know what was asked for. Refresh the list and choose again.'),
  'machine-not-ready': (t) =>
    t('The machine is not ready. Start it and its Cloud Assistant, then try again.'),
  'bad-request': (t) => t('The service refused the call as wrong. See the log for its message.'),
  'invalid-input': (t) => t('The call was not valid and was not sent. See the log for the reason.'),
  'unexpected-reply': (t) => t('The answer of the service could not be read. See the log for details.'),
  'keychain-unavailable': (t) => t('The system keychain cannot be opened. Unlock it, then try again.'),
  'secret-storage-failed': (t) => t('VS Code could not keep or read the key. Enter the key again.'),
  'storage-failed': (t) => t('A record could not be written to the disk. Check free space and permissions.'),
  'busy-elsewhere': (t) => t('Another window is working on this. Go on there.'),
  internal: (t) => t('Something went wrong in this extension. See the log for details.'),
};

/**
 * Says a code of the service (`InstanceNotRunning`, `UPGRADE_FAILED`), or a task state (`expired`, `cancelled`,
 * `not-found`), in words with one next step. A code without words is shown as the service sent it, made safe.
 */
export function reasonInWords(code: string, t: Translate): string {
  return wordingOf(code)?.(t) ?? plainText(code);
}

/**
 * Says why a call failed, with one next step: the service's own code if there are words for it, else our code, and
 * that the service may have acted all the same where that is so.
 */
export function failureInWords(
  failure: Pick<CallFailure, 'code' | 'serviceCode' | 'ambiguous'>,
  t: Translate,
): string {
  const wording = wordingOf(failure.serviceCode ?? '') ?? failureReasons[failure.code];
  const words = wording(t);
  return failure.ambiguous ? t('{0} The call may have run all the same.', words) : words;
}

function wordingOf(code: string): Wording | undefined {
  return Object.hasOwn(machineReasons, code) ? machineReasons[code] : undefined;
}
