import type { Moment } from './elapsed';
import type { OperationCall } from './operation';
import type { ForeignRecord } from './operationRecord';

/** When a foreign task started, by both clocks if they can be compared. */
export function begunAt({ at, serviceAt, begunAt: begun }: Moment & Pick<ForeignRecord, 'begunAt'>): Moment {
  if (begun === undefined) return { at, serviceAt };
  return { at: begun + (serviceAt === undefined ? 0 : at - serviceAt), serviceAt: begun };
}

/** When the intent of a call was recorded. */
export function intentWhen({ at, serviceAt }: Moment): Pick<OperationCall, 'intentAt' | 'intentServiceAt'> {
  return { intentAt: at, ...(serviceAt !== undefined && { intentServiceAt: serviceAt }) };
}

/** When a call was answered. */
export function answeredWhen({
  at,
  serviceAt,
}: Moment): Pick<OperationCall, 'answeredAt' | 'answeredServiceAt'> {
  return { answeredAt: at, ...(serviceAt !== undefined && { answeredServiceAt: serviceAt }) };
}
