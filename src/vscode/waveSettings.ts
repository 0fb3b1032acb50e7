import * as vscode from 'vscode';
import type { WaveDefaults } from '../core/operations/changeClients';
import type { Strategy } from '../core/operations/operation';

/** The order that the settings ask for; what they cannot mean counts as their default. */
export function readWaveSettings(): WaveDefaults {
  const settings = vscode.workspace.getConfiguration('cloudBackup.operations');
  const batchSize = wholeNumber(settings.get<unknown>('batchSize'), 1) ?? 20;
  return {
    strategy: strategyOf(settings.get<unknown>('strategy'), batchSize),
    batchSize,
    maxFailures: wholeNumber(settings.get<unknown>('maxFailures'), 0) ?? 1,
  };
}

function strategyOf(value: unknown, batchSize: number): Strategy {
  if (value === 'canary' || value === 'zones') return { kind: value };
  return value === 'batches' ? { kind: 'batches', size: batchSize } : { kind: 'all' };
}

function wholeNumber(value: unknown, least: number): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= least ? value : undefined;
}

/** How many days the ledger keeps an operation that has ended, as the user's settings say now. */
export function readKeepDays(): number {
  const days = vscode.workspace.getConfiguration('cloudBackup.operations').get<unknown>('keepDays');
  return wholeNumber(days, 1) ?? 90;
}
