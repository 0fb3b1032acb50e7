import type { BackupApi } from '../core/service/api';
import type { Calls, ApiOperation } from './call';
import { decodeClientPage, decodeSubmission, decodeTask } from './decode';
import { readPages } from './readPages';
import { clientQueryFields, installFields, machineFields, taskFields } from './requestFields';

const hbr = { service: 'hbr', version: '2017-09-08' } as const;
const operations = {
  describeBackupClients: { ...hbr, action: 'DescribeBackupClients', kind: 'read' },
  installBackupClients: { ...hbr, action: 'InstallBackupClients', kind: 'write' },
  upgradeBackupClients: { ...hbr, action: 'UpgradeBackupClients', kind: 'write' },
  uninstallBackupClients: { ...hbr, action: 'UninstallBackupClients', kind: 'write' },
  describeTask: { ...hbr, action: 'DescribeTask', kind: 'read' },
} as const satisfies Readonly<Record<string, ApiOperation>>;

/** Clients and their tasks. */
export function createBackupApi({
  call,
  timeScale,
  clockOffsetMs,
}: Pick<Calls, 'call' | 'timeScale' | 'clockOffsetMs'>): BackupApi {
  return {
    async *listClients(scope, query, waiting) {
      const fieldsOfPage = clientQueryFields(scope, query);
      // Whoever asks by id asks for a page at a time.
      const fewRows = query.instanceIds !== undefined || query.clientIds !== undefined;
      return yield* readPages(
        async (pageNumber, pace, pageWaiting) => {
          const fields = fieldsOfPage(pageNumber);
          return decodeClientPage(
            await call(scope, operations.describeBackupClients, fields, pageWaiting, pace),
          );
        },
        waiting,
        fewRows,
      );
    },
    async installClients(scope, instanceIds, waiting) {
      const fields = installFields(scope, instanceIds);
      return decodeSubmission(await call(scope, operations.installBackupClients, fields, waiting));
    },
    async upgradeClients(scope, machines, waiting) {
      const fields = machineFields(scope, 'upgrade', machines);
      return decodeSubmission(await call(scope, operations.upgradeBackupClients, fields, waiting));
    },
    async uninstallClients(scope, machines, waiting) {
      const fields = machineFields(scope, 'uninstall', machines);
      return decodeSubmission(await call(scope, operations.uninstallBackupClients, fields, waiting));
    },
    async getTask(scope, taskId, waiting) {
      return decodeTask(await call(scope, operations.describeTask, taskFields(taskId), waiting), taskId);
    },
    timeScale,
    clockOffsetMs,
  };
}
