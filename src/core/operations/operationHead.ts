import type { MachineProgress, Operation, OperationCall, Strategy, Wave } from './operation';
import type { Decision, OperationRecord, PlanRecord, ForeignRecord } from './operationRecord';
import { StageCounts } from './stages';
import { wavesOf } from './waves';

/** An operation without its clients and calls. */
export type Head = Omit<Operation, 'machines' | 'calls' | 'phase'>;

const everything: Strategy = { kind: 'all' };

/** The head of an operation whose plan is recorded. */
export function plannedHead(record: OperationRecord & PlanRecord): Head {
  const { machines, strategy = everything, maxFailures = 0, retryOf, ...asWhom } = record.plan;
  return {
    ...asWhom,
    id: record.id,
    startedAt: record.at,
    timeScale: record.timeScale,
    sendingStopped: false,
    watchingStopped: false,
    strategy,
    maxFailures,
    ...(retryOf === undefined ? {} : { retryOf }),
    waves: wavesOf(machines, strategy).map((wave, n) => ({
      number: n + 1,
      machineKeys: wave.map(({ key }) => key),
      state: 'waiting',
    })),
  };
}

/** The head of a task that was started elsewhere. */
export function foreignHead(record: OperationRecord & ForeignRecord): Head {
  const { id, action, scope, profileName, demo, timeScale, at } = record;
  return { ...sentHead, id, action, scope, profileName, demo, timeScale, startedAt: at, foreign: true };
}

/** The head of an operation whose plan is damaged: only what its calls say they sent is known. */
export function damagedHead({ id, plan, timeScale }: Decision, at: number): Head {
  const { action, settings, scope, profileName, demo } = plan;
  const what = settings ? { action, settings } : { action };
  return { ...sentHead, ...what, id, scope, profileName, demo, timeScale, startedAt: at, damaged: true };
}

/** Nothing of it is left to send. */
const sentHead = {
  sendingStopped: true,
  watchingStopped: false,
  strategy: everything,
  maxFailures: 0,
  waves: [],
} as const;

/** The operation, with its phase and its waves as its clients and calls have them. */
export function assembled(
  head: Head,
  machines: readonly MachineProgress[],
  calls: readonly OperationCall[],
  stages: StageCounts,
): Operation {
  const phase = phaseOf(head, calls, stages);
  return { ...head, phase, waves: wavesIn(head, phase, machines, calls, stages), machines, calls };
}

function wavesIn(
  head: Head,
  phase: Operation['phase'],
  machines: readonly MachineProgress[],
  calls: readonly OperationCall[],
  stages: StageCounts,
): readonly Wave[] {
  if (!head.foreign && !head.damaged) return stages.waves();
  // Only what was sent is known, and it counts as one wave.
  const wave = { number: 1, machineKeys: machines.map(({ machine }) => machine.key) };
  if (head.damaged) return StageCounts.of([{ ...wave, state: 'waiting' }], machines, calls).waves();
  return [{ ...wave, state: phase === 'ended' ? 'ended' : phase === 'confirming' ? 'proving' : 'running' }];
}

function phaseOf(head: Head, calls: readonly OperationCall[], stages: StageCounts): Operation['phase'] {
  if (head.endedAt !== undefined) return 'ended';
  if (stages.has('waiting')) return 'sending';
  // The clients of a foreign task might be unknown yet.
  if (head.foreign && !head.watchingStopped && !calls[0]?.task?.end) return 'watching';
  return stages.has('running') ? 'watching' : 'confirming';
}
