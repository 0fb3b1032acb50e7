import { ownValueOf, type InspectedSetting } from '../kernel/ownSetting';
import { defaultHoldLimitMs, type Strategy } from '../operations/operation';
import type { Rollout } from './draft';

/** Settings below `cloudBackup.operations`. */
export type OperationSetting =
  'rolloutOrder' | 'batchSize' | 'maxFailures' | 'waitForBackupsMinutes' | 'keepDays';

/** How clients are rolled out unless the user chooses otherwise. */
export interface RolloutDefaults extends Rollout {
  /** Clients per batch, whatever the default order is. */
  readonly batchSize: number;
  /** Milliseconds: how long a client is waited for at most while a backup or restore runs on it. */
  readonly holdLimitMs: number;
}

type Inspect = (name: OperationSetting) => InspectedSetting | undefined;

/**
 * The rollout in the user's own settings. What a folder or the settings file of a remote computer says doesn't count:
 * neither can change more clients at once, continue after failures, or wait for longer. A value that makes no sense counts as the
 * default.
 */
export function rolloutDefaultsOf(inspect: Inspect): RolloutDefaults {
  const batchSize = wholeNumber(inspect, 'batchSize', 1) ?? 20;
  const holdMinutes = wholeNumber(inspect, 'waitForBackupsMinutes', 5, 24 * 60);
  return {
    order: orderOf(ownValueOf(inspect('rolloutOrder')), batchSize),
    batchSize,
    maxFailures: wholeNumber(inspect, 'maxFailures', 0) ?? 1,
    holdLimitMs: holdMinutes === undefined ? defaultHoldLimitMs : holdMinutes * 60_000,
  };
}

/** The number of days that an operation is kept after it has ended. */
export function keepDaysOf(inspect: Inspect): number {
  return wholeNumber(inspect, 'keepDays', 1) ?? 90;
}

function orderOf(value: unknown, batchSize: number): Strategy {
  if (value === 'canary' || value === 'zones') return { kind: value };
  return value === 'batches' ? { kind: 'batches', size: batchSize } : { kind: 'all' };
}

function wholeNumber(
  inspect: Inspect,
  name: OperationSetting,
  least: number,
  most = Infinity,
): number | undefined {
  const value = ownValueOf(inspect(name));
  const fits = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
  return fits ? value : undefined;
}
