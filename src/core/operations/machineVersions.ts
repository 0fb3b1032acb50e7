import type { OperationAction } from '../service/actions';
import type { MachineProgress } from './operation';
import { isBusyOutcome } from './outcomes';

/** The version of the client on a machine, as far as it is known; undefined also where it was uninstalled. */
export function versionNow(
  { machine, outcome, clientVersion }: MachineProgress,
  action: OperationAction,
): string | undefined {
  if (outcome !== 'done' || action === 'settings') return clientVersion;
  return action === 'uninstall' ? undefined : (clientVersion ?? machine.targetVersion);
}

/**
 * What a column of versions says: `2.4.1 → 2.4.5` while the machine is on its way there, or once it got there; else
 * where it is. Empty where nothing is known.
 */
export function versionColumn(progress: MachineProgress, action: OperationAction): string {
  const { machine, outcome } = progress;
  const from = machine.fromVersion;
  if (action === 'uninstall' || action === 'settings') return from ?? '';
  const to = isBusyOutcome(outcome) ? machine.targetVersion : versionNow(progress, action);
  if (action === 'install') return to ?? '';
  return [from, to === from ? undefined : to].filter(Boolean).join(' → ');
}
