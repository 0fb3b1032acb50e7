import type { MachineProgress, Operation, OperationCall, Strategy, Wave } from './operation';
import { outcomes, type Stage } from './outcomes';
import type { Decision, OperationRecord, PlanRecord, ForeignRecord } from './operationRecord';
import { wavesNow, wavesOf } from './waves';

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

/** The operation, with its phase and its waves as its machines and calls have them. */
export function assembled(
  head: Head,
  machines: readonly MachineProgress[],
  calls: readonly OperationCall[],
): Operation {
  const phase = phaseOf(head, machines, calls);
  return { ...head, phase, waves: wavesIn(head, phase, machines, calls), machines, calls };
}

function wavesIn(
  head: Head,
  phase: Operation['phase'],
  machines: readonly MachineProgress[],
  calls: readonly OperationCall[],
): readonly Wave[] {
  if (!head.foreign && !head.damaged) return wavesNow(head.waves, machines, calls);
  const wave = { number: 1, machineKeys: machines.map(({ machine }) => machine.key) };
  if (head.damaged) return wavesNow([{ ...wave, state: 'waiting' }], machines, calls);
  return [{ ...wave, state: phase === 'ended' ? 'ended' : phase === 'confirming' ? 'proving' : 'running' }];
}

function phaseOf(
  head: Head,
  machines: readonly MachineProgress[],
  calls: readonly OperationCall[],
): Operation['phase'] {
  if (head.endedAt !== undefined) return 'ended';
  const stages = new Set<Stage>(machines.map(({ outcome }) => outcomes[outcome].stage));
  if (stages.has('waiting')) return 'sending';
  // The clients of a foreign task might be unknown yet.
  if (head.foreign && !head.watchingStopped && !calls[0]?.task?.end) return 'watching';
  return stages.has('running') ? 'watching' : 'confirming';
}
