import { operationsOf } from '../../operations/operationFacts';
import type { Operation } from '../../operations/operation';
import { operationTitle } from '../../operations/words';
import type { BackupClient } from '../../service/model';
import type { Scope } from '../../service/scope';
import { detailsOf, stateOf } from '../operation/clientTable';
import type { StateInWords } from '../page';

/** An operation with this client, as its page lists it. */
export interface ClientOperation {
  readonly operationId: string;
  readonly title: string;
  /** Of this client in the operation. */
  readonly state: StateInWords;
  /** Why; empty if there's nothing to say. */
  readonly details: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** Operations with this client, the newest first. */
export function clientOperations(
  operations: readonly Operation[],
  scope: Scope,
  client: BackupClient,
): readonly ClientOperation[] {
  return operationsOf(operations, scope, client).map(({ operation, progress }) => ({
    operationId: operation.id,
    title: operationTitle(operation),
    state: stateOf(progress),
    details: detailsOf(progress, operation),
    startedAt: operation.startedAt,
  }));
}
