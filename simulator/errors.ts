interface CodeFacts {
  readonly status: number;
  readonly message: string;
}

// The documented texts, shortened; the status is the usual one, since the documents name several for some codes.
const codes = {
  BadRequest: { status: 400, message: 'The request has invalid parameters.' },
  MissingParameter: { status: 400, message: 'A required parameter is missing.' },
  'InvalidParameter.Format': {
    status: 400,
    message: 'A parameter is not encoded as the service expects it.',
  },
  UnsupportedHTTPMethod: { status: 405, message: 'This HTTP method is not supported.' },
  RequestTooLarge: { status: 413, message: 'The request body is too large.' },
  'InvalidApi.NotFound': {
    status: 404,
    message: 'Specified api is not found, please check your url and method.',
  },
  NoSuchVersion: { status: 400, message: 'Specified version does not exist.' },
  IncompleteSignature: {
    status: 400,
    message: 'The request signature does not conform to Alibaba Cloud standards.',
  },
  SignatureDoesNotMatch: { status: 400, message: 'Specified signature does not match our calculation.' },
  SignatureNonceUsed: { status: 400, message: 'Specified signature nonce was used already.' },
  MissingSignatureNonce: { status: 400, message: 'SignatureNonce is mandatory for this action.' },
  'InvalidTimeStamp.Expired': { status: 400, message: 'Specified time stamp or date value is expired.' },
  'InvalidTimeStamp.Format': {
    status: 400,
    message: 'Specified time stamp or date value is not well formatted.',
  },
  'InvalidAccessKeyId.NotFound': { status: 404, message: 'Specified access key is not found.' },
  'InvalidAccessKeyId.Inactive': { status: 400, message: 'Specified access key is disabled.' },
  MissingSecurityToken: { status: 400, message: 'SecurityToken is mandatory for this action.' },
  'InvalidSecurityToken.Expired': { status: 400, message: 'Specified SecurityToken is expired.' },
  'InvalidSecurityToken.Malformed': { status: 400, message: 'Specified SecurityToken is malformed.' },
  'InvalidSecurityToken.MismatchWithAccessKey': {
    status: 400,
    message: 'Specified SecurityToken mismatch with the AccessKey.',
  },
  NoPermission: { status: 403, message: 'User is not authorized to do this operation.' },
  'Forbidden.RAM': {
    status: 403,
    message: 'User not authorized to operate on the specified resource, or this API does not support RAM.',
  },
  'Throttling.User': { status: 400, message: 'Request was denied due to user flow control.' },
  ServiceUnavailable: {
    status: 503,
    message: 'The request has failed due to a temporary failure of the server.',
  },
  TaskNotFound: { status: 404, message: "The specified task doesn't exist." },
  ResourceNotFound: { status: 404, message: 'The specified resource is not found.' },
  InstanceNotExists: { status: 404, message: 'The specified instance does not exist.' },
  InstanceNotRunning: { status: 400, message: 'The specified instance is not running.' },
  CloudAssistNotRunningOnInstance: {
    status: 400,
    message: 'Cloud Assistant is not running on the specified instance.',
  },
  ClientIsBusy: { status: 400, message: 'Another task is working on this client.' },
  ClientAlreadyInstalled: { status: 400, message: 'The client is already installed on this instance.' },
  ClientNotInstalled: { status: 400, message: 'No client is installed on this instance.' },
  ClientVersionIsLatest: { status: 400, message: 'The client already has the latest version.' },
  RoleNotExist: { status: 404, message: 'The specified role does not exist.' },
  AssumeRoleFail: { status: 403, message: 'Failed to assume the role of the other account.' },
  BackupAccountNotInSpecifiedRd: {
    status: 403,
    message: 'The account is not a member of your resource directory.',
  },
  'InvalidRegionId.NotFound': { status: 404, message: 'The specified RegionId does not exist.' },
  'InvalidInstance.NotFound': { status: 404, message: 'The specified instances do not exist.' },
  'InstanceIds.ExceedLimit': { status: 403, message: 'Too many instances in one call.' },
  'InvalidParam.PageSize': { status: 400, message: 'The specified PageSize is invalid.' },
  'InvalidParam.PageNumber': { status: 400, message: 'The specified PageNumber is invalid.' },
  'InvalidParameter.MaxResults': { status: 400, message: 'The specified MaxResults is invalid.' },
  'InvalidParameter.NextToken': { status: 400, message: 'The specified NextToken is invalid.' },
  'InvalidParameter.DurationSeconds': {
    status: 400,
    message: 'The Min/Max value of DurationSeconds is 15min/1hr.',
  },
  'InvalidParameter.ExternalId': { status: 400, message: 'The parameter ExternalId is wrongly formed.' },
  'InvalidParameter.RoleArn': { status: 400, message: 'The parameter RoleArn is wrongly formed.' },
  'InvalidParameter.RoleSessionName': {
    status: 400,
    message: 'The parameter RoleSessionName is wrongly formed.',
  },
  'InvalidParameter.PolicyGrammar': {
    status: 400,
    message: 'The parameter Policy has not passed grammar check.',
  },
  'InvalidParameter.PolicySize': { status: 400, message: 'The size of Policy must be at most 2048.' },
  'AuthenticationFail.NoPermission': { status: 401, message: 'There is no permission.' },
  'AuthenticationFail.OIDCToken.Expired': { status: 401, message: 'This JsonWebToken is expired.' },
  'AuthenticationFail.OIDCToken.Invalid': {
    status: 401,
    message: 'The Jwt content is invalid that cannot be recognized.',
  },
  'EntityNotExist.Role': { status: 404, message: 'The specified Role not exists.' },
  InternalError: { status: 500, message: 'The request processing has failed due to some unknown error.' },
} satisfies Record<string, CodeFacts>;

export type ErrorCode = keyof typeof codes;

/** A refusal in the service's own terms: what the gateway answers instead of a result. */
export class ServiceError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(code: string, message: string, status: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** The error of a known code; `detail` is added to its usual message. */
export function refusal(code: ErrorCode, detail?: string): ServiceError {
  const { status, message } = codes[code];
  return new ServiceError(code, detail === undefined ? message : `${message} ${detail}`, status);
}

/** What a body of a refusal says, field by field as documented. */
export function errorBody(
  error: ServiceError,
  answer: { readonly requestId: string; readonly host: string; readonly accessDenied?: object },
): string {
  return JSON.stringify({
    RequestId: answer.requestId,
    HostId: answer.host,
    Code: error.code,
    Message: error.message,
    Recommend: `https://api.alibabacloud.com/troubleshoot?q=${encodeURIComponent(error.code)}`,
    ...(answer.accessDenied === undefined ? {} : { AccessDeniedDetail: answer.accessDenied }),
  });
}
