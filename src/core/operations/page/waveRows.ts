import { t } from '@vscode/l10n';
import { countsOf, type Operation, type Wave } from '../operation';
import { plainText } from '../../kernel/plainText';
import { countsInWords } from '../words';
import type { StateInWords } from './state';

/** One wave of the page. */
export interface WaveRow {
  /** Stable within the operation. */
  readonly key: string;
  /** "Wave 1", with the zone where the wave is one. */
  readonly name: string;
  readonly clients: number;
  readonly state: StateInWords;
  /** "9 done · 2 failed". */
  readonly summary: string;
}

/** The waves of an operation; none where everything is sent at once. */
export function waveRows(operation: Operation): readonly WaveRow[] {
  if (operation.waves.length < 2) return [];
  const machineOf = new Map(operation.machines.map((machine) => [machine.machine.key, machine]));
  return operation.waves.map((wave) => {
    const machines = wave.machineKeys.flatMap((key) => machineOf.get(key) ?? []);
    const counts = countsOf({ ...operation, machines });
    const zone = operation.strategy.kind === 'zones' ? plainText(machines[0]?.machine.zoneId ?? '') : '';
    return {
      key: String(wave.number),
      name: zone === '' ? t('Wave {0}', wave.number) : t('Wave {0}, {1}', wave.number, zone),
      clients: machines.length,
      state: stateOf(wave, counts.done, counts.failed + counts.refused, machines.length),
      summary: wave.state === 'waiting' ? '' : countsInWords(counts),
    };
  });
}

function stateOf(wave: Wave, done: number, failed: number, total: number): StateInWords {
  switch (wave.state) {
    case 'waiting':
      return { text: t('Waiting'), look: 'waiting' };
    case 'running':
      return { text: t('Running'), look: 'running' };
    case 'proving':
      return { text: t('Confirming'), look: 'running' };
    case 'not-sent':
      return { text: t('Not sent'), look: 'off' };
    case 'ended':
      if (done === total) return { text: t('Done'), look: 'good' };
      return failed === total
        ? { text: t('Failed'), look: 'bad' }
        : { text: t('Ended with problems'), look: 'warning' };
  }
}
