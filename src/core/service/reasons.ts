import { t } from '@vscode/l10n';
import { sentences } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import type { FailureCode } from './errors';

type Wording = () => string;
type Wordings = Readonly<Record<string, Wording>>;

/** Codes with which Cloud Backup or ECS refuses one instance, and statuses in which a task leaves a client. */
const clientReasons = {
  InstanceNotExists: () =>
    t("The ECS instance doesn't exist in this account and region. Refresh, then select another one."),
  InstanceNotRunning: () => t("The ECS instance isn't running. Start it, then try again."),
  CloudAssistNotRunningOnInstance: () =>
    t("Cloud Assistant isn't responding on the ECS instance. Start its agent there, then try again."),
  INSTALL_FAILED: () =>
    t('The install failed on the instance. Check its network and free disk space, then try again.'),
  UPGRADE_FAILED: () =>
    t('The upgrade failed on the instance. Check its network and free disk space, then try again.'),
  UNINSTALL_FAILED: () => t("The uninstall failed on the instance. Check that it's running, then try again."),
  DEACTIVATED: () => t('The client is deactivated. Install it again to repair it.'),
  STOPPED: () => t('The client is stopped. Start its service on the instance.'),
  UNKNOWN: () =>
    t('The client is disconnected. Check that its instance is running and connected to the network.'),
} as const satisfies Wordings;

/** How a task of the service ends without saying what became of a client. */
const taskReasons = {
  expired: () => t('The task reached the 15-minute limit of Cloud Backup. Refresh to see its result.'),
  cancelled: () => t("The task was canceled in Cloud Backup. Try again if you didn't intend that."),
  'not-found': () => t('Cloud Backup no longer has this task. Refresh to see its result.'),
  failed: () => t('The task failed. Refresh to see which clients it changed.'),
  completed: () => t("The task completed, but the client list doesn't show its result yet. Refresh later."),
} as const satisfies Wordings;

/** Why an operation of ours didn't start a client, or couldn't verify it. */
const operationReasons = {
  'failure-limit': () => t('The failure limit was reached. Fix the cause, then retry the rest.'),
  'job-running': () =>
    t("A backup or restore wasn't seen to end before the time limit. Continue once it has ended."),
  stopped: () => t('You stopped the rollout before this client was started. Continue to start it.'),
  interrupted: () => t('VS Code was closed. Start again for the rest.'),
  'not-run': () => t("The request didn't reach Cloud Backup. Try again."),
  'no-heartbeat': () =>
    t(
      "The client list shows the new version, but the client hasn't sent a heartbeat since. Check that it's running on the instance.",
    ),
  'watch-limit': () => t("No result within the time limit. Refresh to see the client's status."),
  'not-listed': () =>
    t('The client list no longer shows this client. Check in the console that its instance exists.'),
  'answer-lost': () => responseLost(),
  unreadable: () => responseLost(),
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
} as const satisfies Wordings;

/** Codes with which STS refuses a RAM role or a token. */
const stsReasons = {
  'EntityNotExist.Role': () =>
    t("The RAM role doesn't exist. Check the role ARN where this profile's credentials are configured."),
  'InvalidParameter.RoleArn': () =>
    t("STS rejected the role ARN. Check it where this profile's credentials are configured."),
  'InvalidParameter.DurationSeconds': () =>
    t(
      "The role doesn't allow a session this long. Set fewer seconds where this profile's credentials are configured.",
    ),
  'InvalidSecurityToken.MismatchWithAccessKey': () =>
    t("The STS token doesn't belong to this access key. Sign in again with both from the same session."),
  MissingSecurityToken: () =>
    t('This access key is temporary, so it needs its STS token. Sign in again with both.'),
} as const satisfies Wordings;

/** Why a request failed. Typed by {@link FailureCode}: a new code doesn't compile without words here. */
const failureReasons: Readonly<Record<FailureCode, Wording>> = {
  'credentials-rejected': () => t('The credentials were rejected. Sign in again.'),
  'credentials-expired': () => t('The temporary credentials have expired. Sign in again.'),
  'credentials-missing': () => t('VS Code has no credentials for this profile. Sign in again.'),
  'profile-gone': () => t('The profile was removed. Add it again, then try again.'),
  'account-changed': () =>
    t(
      "This profile's credentials might be for another account now. Sign in again with credentials for the original account.",
    ),
  'source-unusable': () => t("This profile's credentials can't be read. See the log for the reason."),
  'command-not-allowed': () =>
    t('This profile runs a program to get its credentials. Review the command, then allow it.'),
  'permission-denied': () =>
    t("You don't have permission to do this. Ask your RAM administrator to grant it."),
  'account-blocked': () =>
    t(
      "Cloud Backup isn't available for this account. Check in the console that it's activated and has no overdue bill.",
    ),
  'service-role-missing': () =>
    t('A role that Cloud Backup needs is missing. Open Cloud Backup in the console once to create it.'),
  throttled: () => t('Alibaba Cloud is receiving too many requests. Try again in a minute.'),
  'service-failed': () => t('Alibaba Cloud had an internal error. Try again in a few minutes.'),
  unreachable: () => t("Can't reach Alibaba Cloud. Check your network and proxy settings."),
  timeout: () => t('The request timed out. Refresh to see what happened.'),
  'connection-lost': () => t('The connection was lost. Refresh to see what happened.'),
  'tls-failed': () => t("The connection isn't secure. Check the certificates of your proxy."),
  'proxy-refused': () =>
    t('The proxy rejected the connection. Check the user name and password in your proxy settings.'),
  'clock-skew': () => t("This computer's clock is wrong. Set it, then try again."),
  'wrong-endpoint': () =>
    t("This address isn't an endpoint of the service. Check the region and the endpoint setting."),
  'not-found': () => t("The requested item doesn't exist. Refresh, then select it again."),
  'machine-not-ready': () =>
    t("The ECS instance isn't ready. Start it and its Cloud Assistant agent, then try again."),
  'bad-request': () => t('Alibaba Cloud rejected the request as invalid. See the log for its message.'),
  'invalid-input': () => t("The request was invalid and wasn't sent. See the log for the reason."),
  'unexpected-reply': () => t("The response couldn't be read. See the log for details."),
  'keychain-unavailable': () => t("Can't open the system keychain. Unlock it, then try again."),
  'secret-storage-failed': () =>
    t("The system keychain didn't save or return the credentials. Unlock it, then enter them again."),
  'storage-failed': () =>
    t("Operation records on disk couldn't be read or written. Check free space and permissions."),
  'busy-elsewhere': () =>
    t('Another operation is being started in this region. Wait a few seconds, then try again.'),
  internal: () => t('Something went wrong in this extension. See the log for details.'),
};

const serviceReasons: Wordings = { ...clientReasons, ...stsReasons };
const allReasons: Wordings = { ...failureReasons, ...serviceReasons, ...operationReasons, ...taskReasons };

/** What is known of a failure: a `BackupError`, or what a record kept of one. */
export interface FailureFacts {
  readonly code: FailureCode;
  readonly serviceCode?: string | undefined;
  /** The RAM action that is missing. */
  readonly ramAction?: string | undefined;
  /** True when the service might have acted nevertheless. */
  readonly ambiguous?: boolean | undefined;
  /** What the client list showed about the request since. */
  readonly finding?: 'ran' | 'not-run' | 'unknown' | undefined;
}

/**
 * Why a client or a task didn't succeed, and one next step. `code` is a code of the service (`InstanceNotRunning`,
 * `UPGRADE_FAILED`), the end of a task (`expired`), a reason of an operation (`watch-limit`), or the code of a failure.
 * Undefined for any other code.
 */
export function knownReasonInWords(code: string): string | undefined {
  return wordsFor(allReasons, code);
}

/** As `knownReasonInWords`, for the end of a task and other codes of our own; an unknown one gets a sentence too. */
export function reasonInWords(code: string): string {
  return knownReasonInWords(code) ?? unknownResultInWords(code);
}

/** What a task reported about a client, in a code or text that has no words here, and a next step. */
export function unknownResultInWords(reported: string): string {
  return t(
    "The instance reported {0}, which this extension doesn't know. Check the client's log on the instance.",
    plainText(reported),
  );
}

/** As `unknownResultInWords`, for a client that the service rejected. */
export function unknownRefusalInWords(reported: string): string {
  return t(
    "Cloud Backup reported {0}, which this extension doesn't know. Give Alibaba Cloud support this code and the request ID.",
    plainText(reported),
  );
}

/** What to know about a client that the list shows as changed although its task reported `code`. */
export function remarkInWords(code: string): string {
  return t('Verified by the client list, although the task reported {0}.', plainText(code));
}

/**
 * Why a request failed, and one next step: by the service's own code if there are words for it, else by ours. Also says
 * whether the request ran nevertheless, as far as that's known.
 */
export function failureInWords(failure: FailureFacts): string {
  return sentences(causeInWords(failure), whetherItRan(failure));
}

function causeInWords({ code, serviceCode, ramAction }: FailureFacts): string {
  if (code === 'permission-denied' && ramAction) {
    return t(
      "You don't have the {0} permission. Ask your RAM administrator to grant it.",
      plainText(ramAction),
    );
  }
  return wordsFor(serviceReasons, serviceCode ?? '') ?? failureReasons[code]();
}

function whetherItRan({ finding, ambiguous }: FailureFacts): string | false {
  if (finding === 'not-run') return t("The client list shows that the request didn't run.");
  if (finding === 'ran') return t('The client list shows that the request ran.');
  return (
    ambiguous === true &&
    t("The request might still have gone through, so don't repeat it until you refresh.")
  );
}

function responseLost(): string {
  return t("Couldn't verify the result because the response was lost. Refresh later.");
}

function wordsFor(wordings: Wordings, code: string): string | undefined {
  return Object.hasOwn(wordings, code) ? wordings[code]?.() : undefined;
}
