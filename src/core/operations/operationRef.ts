/** How a command names an operation, or one client of it, when it isn't started on a row. */
export interface OperationRef {
  readonly operationId: string;
  /** Key of a client's machine in the operation. */
  readonly machineKey?: string;
}

export function isOperationRef(value: unknown): value is OperationRef {
  return (
    typeof value === 'object' &&
    value !== null &&
    'operationId' in value &&
    typeof value.operationId === 'string' &&
    (!('machineKey' in value) || typeof value.machineKey === 'string')
  );
}
