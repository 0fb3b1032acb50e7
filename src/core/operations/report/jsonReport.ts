import { countsOf, type Operation } from '../operation';
import { requestIdsOfCall } from '../operationFacts';
import { standingOf } from '../words';
import { reportRows, safe } from './reportRows';

/** For programs: codes instead of words, and times in ISO 8601. Within a version, only new fields are added. */
export function jsonReport(operation: Operation): string {
  const { id, action, settings, scope, strategy, waves, calls } = operation;
  const report = {
    report: 'alibaba-cloud-backup-operation',
    version: 1,
    id,
    action,
    tracked: operation.foreign === true,
    ...(operation.retryOf !== undefined && { retryOf: operation.retryOf }),
    demo: operation.demo,
    profile: safe(operation.profileName),
    // Of the clients. If that is another account, the requesting one is below.
    accountId: safe(scope.crossAccount?.userId ?? scope.accountId),
    ...(scope.crossAccount && {
      crossAccount: {
        type: scope.crossAccount.type,
        ...(scope.crossAccount.roleName !== undefined && { roleName: safe(scope.crossAccount.roleName) }),
        ...(scope.crossAccount.alias !== undefined && { alias: safe(scope.crossAccount.alias) }),
        managedFrom: safe(scope.accountId),
      },
    }),
    regionId: safe(scope.regionId),
    clientType: scope.clientType,
    // What the list was limited to when the operation was started.
    ...(scope.filter && { filter: scope.filter }),
    startedAt: new Date(operation.startedAt).toISOString(),
    ...(operation.endedAt !== undefined && { endedAt: new Date(operation.endedAt).toISOString() }),
    ...(settings && {
      settings: {
        values: settings.values,
        ...(settings.proxyPasswordChanged && { proxyPassword: 'changed' }),
      },
    }),
    state: standingOf(operation),
    strategy,
    counts: countsOf(operation),
    waves: waves.map(({ number, state, machineKeys }) => ({ number, state, machines: machineKeys.length })),
    calls: calls.map((call) => ({
      state: call.state,
      sentAt: new Date(call.intentAt).toISOString(),
      ...(call.taskId !== undefined && { taskId: safe(call.taskId) }),
      ...(call.task && { task: { state: safe(call.task.state), progress: call.task.progress } }),
      ...(call.failure && {
        failure: {
          code: call.failure.code,
          ...(call.failure.serviceCode !== undefined && { serviceCode: safe(call.failure.serviceCode) }),
          message: safe(call.failure.message),
          ambiguous: call.failure.ambiguous,
        },
      }),
      machines: call.machineKeys.length,
      requestIds: requestIdsOfCall(call),
    })),
    machines: reportRows(operation),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
