import * as vscode from 'vscode';
import type { WaveDefaults } from '../../core/change/changeClients';
import { keepDaysOf, waveDefaultsOf, type OperationSetting } from '../../core/change/waveSettings';
import type { InspectedSetting } from '../../core/kernel/ownSetting';

/** The rollout that the user's settings ask for now. */
export function readWaveSettings(): WaveDefaults {
  return waveDefaultsOf(inspect);
}

/** How many days the ledger keeps an operation that has ended, as the user's settings say now. */
export function readKeepDays(): number {
  return keepDaysOf(inspect);
}

function inspect(name: OperationSetting): InspectedSetting | undefined {
  return vscode.workspace.getConfiguration('cloudBackup.operations').inspect<unknown>(name);
}
