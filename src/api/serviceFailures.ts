import type { FailureKind } from './fates';

/** Codes that are known word for word (documented). */
const codesByKind: readonly (readonly [FailureKind, readonly string[]])[] = [
  [
    'key-rejected',
    [
      'InvalidAccessKeyId',
      'InvalidAccessKeyId.NotFound',
      'InvalidAccessKeyId.Inactive',
      'Forbidden.AccessKeyDisabled',
      'SignatureDoesNotMatch',
      'IncompleteSignature',
      'InvalidSignatureMethod',
    ],
  ],
  ['token-rejected', ['MissingSecurityToken', 'AuthenticationFail.OIDCToken.Expired']],
  ['time-rejected', ['InvalidTimeStamp.Expired', 'InvalidTimeStamp.Format', 'IllegalTimestamp']],
  ['nonce-used', ['SignatureNonceUsed']],
  ['denied', ['NoPermission', 'AuthenticationFail.NoPermission', 'Forbedden.NotSupportRAM']],
  [
    'account-blocked',
    [
      'ServiceNotActivated',
      'InDebt',
      'InDebtOverdue',
      'RiskControlProhibited',
      'Forbidden.RiskControl',
      'InsufficientBalance',
    ],
  ],
  [
    'role-missing',
    [
      'RoleNotExist',
      'AssumeRoleFail',
      'CrossAccountBackupSlrNotExist',
      'AccountNotEnableRdTrustedService',
      'BackupAccountNotInSpecifiedRd',
    ],
  ],
  [
    'wrong-place',
    [
      'InvalidRegion.NotFound',
      'InvalidRegionId.NotFound',
      'RegionId.ApiNotSupported',
      'InvalidProduct.NotFound',
      'InvalidApi.NotFound',
      'NoSuchVersion',
      'InvalidProtocol.NeedSsl',
    ],
  ],
  [
    'not-found',
    [
      'TaskNotFound',
      'ResourceNotFound',
      'InvalidResourceId.NotFound',
      'VaultNotExist',
      'InstanceNotExists',
      'InvalidInstance.NotFound',
      'InvalidInstanceId.NotFound',
      'EntityNotExist.Role',
    ],
  ],
  ['machine-not-ready', ['InstanceNotRunning', 'CloudAssistNotRunningOnInstance']],
  ['server-fault', ['ServiceUnavailable', 'UnknownError', 'EcsClientError']],
  // Its status is 500, yet another attempt would get the same answer (documented).
  ['bad-request', ['TaskTypeNotSupported']],
];
const kindByCode: ReadonlyMap<string, FailureKind> = new Map(
  codesByKind.flatMap(([kind, codes]) => codes.map((code) => [code.toLowerCase(), kind] as const)),
);

/** Families of codes, tried in this order after the known codes. */
const families: readonly (readonly [FailureKind, RegExp])[] = [
  ['throttled', /throttling/i],
  ['token-rejected', /^InvalidSecurityToken(\.|$)/i],
  ['key-rejected', /^AuthenticationFail\.OIDCToken(\.|$)/i],
  ['denied', /^Forbidden(\.|$)|AccessDenied/i],
  ['server-fault', /^InternalError(\.|$)/i],
];

/** The parts of a failure response that say what happened. */
export interface FailureAnswer {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  /** Whether the gateway says how long to wait before the next attempt. */
  readonly slowDown: boolean;
}

/**
 * What a failure answer means. The code decides, because the service sends the same code with different statuses
 * (documented and seen); gateway and status are asked only about unknown codes.
 */
export function kindOfServiceFailure({ code, message, status, slowDown }: FailureAnswer): FailureKind {
  const known = kindByCode.get(code.toLowerCase()) ?? families.find(([, family]) => family.test(code))?.[0];
  if (known !== undefined) return known;
  // How older ECS answers say that a token has expired.
  if (code === 'InvalidParameter' && message.includes('SecurityToken.Expired')) return 'token-rejected';
  // The gateway sends calls away under codes of many products; beyond 499 the call may have got further.
  if (slowDown && status < 500) return 'throttled';
  return kindOfStatus(status);
}

/** What a status means where no code says more: 5xx may pass, anything else is final. */
export function kindOfStatus(status: number): FailureKind {
  if (status === 429) return 'throttled';
  if (status >= 500) return 'server-fault';
  if (status === 403) return 'denied';
  return status === 404 ? 'not-found' : 'bad-request';
}
