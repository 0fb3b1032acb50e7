import * as vscode from 'vscode';
import {
  keepDaysOf,
  rolloutDefaultsOf,
  type OperationSetting,
  type RolloutDefaults,
} from '../../core/change/rolloutSettings';
import type { InspectedSetting } from '../../core/kernel/ownSetting';

/** The rollout that the user's settings ask for now. */
export function readRolloutDefaults(): RolloutDefaults {
  return rolloutDefaultsOf(inspect);
}

/** How many days the ledger keeps an operation that has ended, as the user's settings say now. */
export function readKeepDays(): number {
  return keepDaysOf(inspect);
}

function inspect(name: OperationSetting): InspectedSetting | undefined {
  return vscode.workspace.getConfiguration('cloudBackup.operations').inspect<unknown>(name);
}
