import { t } from '@vscode/l10n';
import { listOf } from '../../kernel/localize';
import type { LastBackups } from './lastBackups';

/** Which permissions are missing; empty where none is. */
export function deniedInWords(denied: LastBackups['denied']): string {
  if (denied.length === 0) return '';
  const actions = listOf(denied, 'and');
  const isOne = denied.length === 1;
  if (denied.includes('hbr:DescribeBackupJobs2')) {
    return isOne
      ? t("Couldn't tell when clients were last backed up: you don't have the {0} permission.", actions)
      : t("Couldn't tell when clients were last backed up: you don't have the {0} permissions.", actions);
  }
  return isOne
    ? t("Couldn't tell how often clients are backed up: you don't have the {0} permission.", actions)
    : t("Couldn't tell how often clients are backed up: you don't have the {0} permissions.", actions);
}
