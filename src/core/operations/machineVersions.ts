import type { OperationAction } from '../service/actions';
import type { MachineProgress } from './operation';
import { isBusyOutcome } from './outcomes';

/** The version of a client, if known; undefined after an uninstall. */
export function versionNow(
  { machine, outcome, clientVersion }: MachineProgress,
  action: OperationAction,
): string | undefined {
  if (outcome !== 'done' || action === 'settings') return clientVersion;
  return action === 'uninstall' ? undefined : (clientVersion ?? machine.targetVersion);
}

/**
 * Text for a column of versions: `2.4.1 → 2.4.5` while a client is being upgraded or after it was, otherwise its
 * version. Empty if nothing is known.
 */
export function versionColumn(progress: MachineProgress, action: OperationAction): string {
  const { machine, outcome } = progress;
  const from = machine.fromVersion;
  if (action === 'uninstall' || action === 'settings') return from ?? '';
  const to = isBusyOutcome(outcome) ? machine.targetVersion : versionNow(progress, action);
  if (action === 'install') return to ?? '';
  return [from, to === from ? undefined : to].filter(Boolean).join(' → ');
}
