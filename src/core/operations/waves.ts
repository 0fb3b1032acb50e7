import type { MachineProgress, OperationCall, Strategy, Wave } from './operation';
import { outcomes, type Stage } from './outcomes';

/**
 * Divides clients into the waves of a rollout order; within a wave they keep their order. Zones are sorted by name,
 * clients without a zone come last. A batch has at least one client. No clients: no waves.
 */
export function wavesOf<T extends { readonly zoneId?: string }>(
  machines: readonly T[],
  strategy: Strategy,
): readonly (readonly T[])[] {
  if (machines.length === 0) return [];
  switch (strategy.kind) {
    case 'all':
      return [machines];
    case 'canary':
      return [machines.slice(0, 1), machines.slice(1)].filter((wave) => wave.length > 0);
    case 'zones':
      return byZone(machines);
    case 'batches': {
      const size = Math.max(1, Math.floor(strategy.size) || 1);
      return Array.from({ length: Math.ceil(machines.length / size) }, (_, n) =>
        machines.slice(n * size, (n + 1) * size),
      );
    }
  }
}

function byZone<T extends { readonly zoneId?: string }>(machines: readonly T[]): readonly (readonly T[])[] {
  const zones = new Map<string, T[]>();
  for (const machine of machines) {
    const zone = machine.zoneId ?? '';
    const same = zones.get(zone);
    if (same) same.push(machine);
    else zones.set(zone, [machine]);
  }
  const rank = (zone: string): string => (zone === '' ? '1' : `0${zone}`);
  return [...zones].sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1)).map(([, same]) => same);
}

/** The same waves, each with the state that follows from its clients and calls. */
export function wavesNow(
  waves: readonly Wave[],
  machines: readonly MachineProgress[],
  calls: readonly OperationCall[],
): readonly Wave[] {
  const stages = new Map(machines.map(({ machine, outcome }) => [machine.key, outcomes[outcome].stage]));
  const sent = new Set(calls.flatMap(({ machineKeys }) => machineKeys));
  return waves.map((wave) => {
    const state = stateOf(
      wave.machineKeys.flatMap((key) => stages.get(key) ?? []),
      wave.machineKeys.some((key) => sent.has(key)),
    );
    return state === wave.state ? wave : { ...wave, state };
  });
}

function stateOf(stages: readonly Stage[], sent: boolean): Wave['state'] {
  if (!sent) return stages.includes('waiting') ? 'waiting' : 'not-sent';
  if (stages.includes('waiting') || stages.includes('running')) return 'running';
  return stages.includes('verifying') ? 'proving' : 'ended';
}

/**
 * How many clients that a call named did not succeed: rejected, failed, not verified, unknown, or in a call that did
 * not run. `maxFailures` limits this number.
 */
export function failuresIn(machines: readonly MachineProgress[], calls: readonly OperationCall[]): number {
  const sent = new Set(calls.flatMap(({ machineKeys }) => machineKeys));
  return machines.filter(({ machine, outcome }) => sent.has(machine.key) && outcomes[outcome].problem).length;
}
