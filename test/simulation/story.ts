import type { Strategy } from '../../src/core/operations/operation';
import type { OperationAction } from '../../src/core/service/actions';
import type { DiskFault, DiskHabits } from './disk';
import type { NetworkFault, NetworkHabits } from './network';
import type { ServiceFault } from './service';
import type { TaskFate } from './tasks';

/** A machine as the story begins. `twins`: two clients on its instance, the first of them silent and unprotected. */
export type MachineKind = 'outdated' | 'bare' | 'twins';

export const profileIds = ['own', 'second', 'across', 'unverified'] as const;
export type ProfileId = (typeof profileIds)[number];

/** How things are from the start. */
export interface Setting {
  readonly windows: number;
  readonly machines: readonly MachineKind[];
  /** What task durations are multiplied with. */
  readonly slowness: number;
  /** One of them is drawn for each task. */
  readonly fates: readonly TaskFate[];
  /** Machines whose instance does not run: each call that names them is refused for them. */
  readonly stopped: readonly number[];
  readonly clockOffsetMs: number;
  /** How far the `Date` header is off; undefined: there is none. */
  readonly dateShiftMs: number | undefined;
  /** A secret that is a word of ours, or a part of an id. */
  readonly wordAsSecret: string | undefined;
  readonly quotesSecrets: boolean;
  readonly slowKeys: boolean;
  /** The service refuses to list jobs by the statuses of those that run. */
  readonly refusesStatuses: boolean;
  readonly disk: DiskHabits;
  readonly network: NetworkHabits;
}

type FaultEvent<Fault> = Omit<Fault, 'untilMs' | 'window'> & {
  readonly forMs: number;
  readonly window?: number;
};

/** Something that happens, at so many milliseconds since the beginning. Windows and machines are numbers from 0. */
export type StoryEvent = { readonly atMs: number } & (
  | {
      readonly does: 'start';
      readonly window: number;
      readonly profile: ProfileId;
      readonly action: OperationAction;
      /** What a change of settings sets. */
      readonly cores: number;
      readonly rows: readonly number[];
      readonly strategy: Strategy;
      readonly maxFailures: number;
      /** How long a client waits for a job at most. */
      readonly holdLimitMs: number;
      /** The user saw what ran, or couldn't. */
      readonly saw: boolean;
      /** The user included what runs. */
      readonly includes: boolean;
    }
  /** A backup or restore on one client begins. */
  | {
      readonly does: 'job';
      readonly machine: number;
      readonly kind: 'backup' | 'restore';
      readonly word: string;
      readonly laterWord: string;
      readonly forMs: number;
    }
  | {
      readonly does: 'stopSending' | 'stopWatching' | 'refreshNow' | 'remove';
      readonly window: number;
      /** Which operation, the newest is 0. */
      readonly operation: number;
    }
  | { readonly does: 'clearFinished'; readonly window: number }
  | { readonly does: 'open' | 'close' | 'kill'; readonly window: number }
  | { readonly does: 'killAtStep'; readonly window: number; readonly step: number }
  | { readonly does: 'readOnly'; readonly on: boolean }
  | { readonly does: 'powerCut'; readonly reorders: boolean; readonly zeros: boolean }
  | { readonly does: 'freeze'; readonly window: number; readonly forMs: number }
  | { readonly does: 'sleep'; readonly forMs: number }
  | { readonly does: 'setClock'; readonly byMs: number }
  | { readonly does: 'damage'; readonly line: 'first' | 'last' }
  | ({ readonly does: 'diskFault' } & FaultEvent<DiskFault>)
  | ({ readonly does: 'networkFault' } & FaultEvent<NetworkFault>)
  | ({ readonly does: 'serviceFault' } & FaultEvent<ServiceFault>)
);

export type StartEvent = Extract<StoryEvent, { does: 'start' }>;

/** One run, in full: the same story gives the same run. */
export interface Story {
  readonly seed: number;
  readonly setting: Setting;
  /** In the order of time. */
  readonly events: readonly StoryEvent[];
}

/** True when nothing in the story excuses an outcome that is not known. */
export function isCalm({ setting, events }: Story): boolean {
  const harmless = ['start', 'job', 'refreshNow', 'setClock', 'stopSending', 'sleep'];
  return (
    events.every(
      (event) =>
        harmless.includes(event.does) ||
        (event.does === 'serviceFault' &&
          event.kind === 'denied' &&
          event.calls !== 'writes' &&
          event.calls !== 'reads' &&
          event.calls !== 'all'),
    ) &&
    setting.dateShiftMs !== undefined &&
    setting.fates.every((fate) => fate !== 'unnamed' && fate !== 'forgotten')
  );
}
