import { BackupError } from '../core/service/errors';

/** The same failure, of something that had to be done before `action` could be sent: that call did not run. */
export function notRun(action: string, error: BackupError): BackupError {
  const { serviceCode, requestId, httpStatus, ramAction } = error;
  return new BackupError(error.code, error.message, {
    ...{ serviceCode, requestId, httpStatus, ramAction },
    fate: 'not-run',
    action: error.action ?? action,
    cause: error,
  });
}
