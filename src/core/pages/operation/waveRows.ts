import { t } from '@vscode/l10n';
import { zoneInWords } from '../../clients/traits';
import { countsOf, type Operation, type Wave } from '../../operations/operation';
import { countsInWords } from '../../operations/words';
import type { StateInWords } from '../page';

/** One wave of the page. */
export interface WaveRow {
  /** Stable within the operation. */
  readonly key: string;
  /** "Wave 1", with the zone where the wave is one. */
  readonly name: string;
  readonly clients: number;
  readonly state: StateInWords;
  /** When its first request went out, in milliseconds since 1970; absent before that. */
  readonly startedAt?: number;
  /** "9 done · 2 failed". */
  readonly summary: string;
}

/** The waves of an operation; none where everything is sent at once. */
export function waveRows(operation: Operation): readonly WaveRow[] {
  if (operation.waves.length < 2) return [];
  const machineOf = new Map(operation.machines.map((machine) => [machine.machine.key, machine]));
  const sentAt = new Map<string, number>();
  for (const { machineKeys, intentAt } of operation.calls) {
    for (const key of machineKeys) sentAt.set(key, Math.min(sentAt.get(key) ?? Infinity, intentAt));
  }
  return operation.waves.map((wave) => {
    const machines = wave.machineKeys.flatMap((key) => machineOf.get(key) ?? []);
    const counts = countsOf({ ...operation, machines });
    const startedAt = wave.machineKeys.reduce(
      (earliest, key) => Math.min(earliest, sentAt.get(key) ?? Infinity),
      Infinity,
    );
    return {
      key: String(wave.number),
      name: nameOf(wave, operation.strategy.kind === 'zones' ? zoneInWords(machines[0]?.machine.zoneId) : ''),
      ...(startedAt !== Infinity && { startedAt }),
      clients: machines.length,
      state: stateOf(wave, counts.done, counts.failed + counts.refused, machines.length),
      summary: wave.state === 'waiting' ? '' : countsInWords(counts),
    };
  });
}

/** "Wave 1", or "Wave 1, cn-hangzhou-h" in a rollout zone by zone. */
function nameOf({ number }: Wave, zone: string): string {
  return zone === ''
    ? t({
        message: 'Wave {0}',
        args: [number],
        comment: ['{0} is the number of a stage of a rollout.'],
      })
    : t({
        message: 'Wave {number}, {zone}',
        args: { number, zone },
        comment: ['A stage of a rollout, with the zone it changes.'],
      });
}

function stateOf(wave: Wave, done: number, failed: number, total: number): StateInWords {
  switch (wave.state) {
    case 'waiting':
      return {
        text: t({ message: 'Waiting', comment: ['State of a wave that has not started.'] }),
        look: 'waiting',
      };
    case 'running':
      return { text: t({ message: 'Running', comment: ['State of a wave.'] }), look: 'running' };
    case 'proving':
      return {
        text: t({
          message: 'Verifying',
          comment: ['State of a wave: its tasks ended, the client list does not show the result yet.'],
        }),
        look: 'running',
      };
    case 'not-sent':
      return {
        text: t({ message: 'Not started', comment: ['State of a wave that will not start anymore.'] }),
        look: 'off',
      };
    case 'ended':
      if (done === total)
        return { text: t({ message: 'Completed', comment: ['State of a wave.'] }), look: 'good' };
      return failed === total
        ? { text: t({ message: 'Failed', comment: ['State of a wave.'] }), look: 'bad' }
        : {
            text: t({ message: 'Completed with errors', comment: ['State of a wave or an operation.'] }),
            look: 'warning',
          };
  }
}
