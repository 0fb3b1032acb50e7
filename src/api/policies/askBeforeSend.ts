import { isCancelled, toBackupError } from '../../core/errors';
import { notRun } from '../notRun';
import type { Policy } from '../pipeline';

/** Asks the caller right before each attempt whether it may go out. */
export function askBeforeSend(): Policy {
  return (next) => async (request, waiting) => {
    try {
      await request.beforeSend?.();
    } catch (error) {
      throw isCancelled(error) ? error : notRun(request.action, toBackupError(error));
    }
    return next(request, waiting);
  };
}
