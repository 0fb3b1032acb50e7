import type { MachineProgress, OperationCall, Strategy, Wave } from './operation';
import { outcomes } from './outcomes';

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

/** The waves without clients that are held back. */
export function withoutHeld(waves: readonly Wave[], held: ReadonlySet<string>): readonly Wave[] {
  return numbered(
    waves.map((wave) => ({ ...wave, machineKeys: wave.machineKeys.filter((key) => !held.has(key)) })),
  );
}

/** The waves with a client in a wave of its own before the one that it was in. */
export function withCanary(waves: readonly Wave[], canary: string): readonly Wave[] {
  return numbered(
    waves.flatMap((wave) => {
      const others = wave.machineKeys.filter((key) => key !== canary);
      return others.length === wave.machineKeys.length
        ? wave
        : [
            { ...wave, machineKeys: [canary] },
            { ...wave, machineKeys: others },
          ];
    }),
  );
}

/**
 * The waves with clients that are no longer held back at the end, in the rollout order. Those that were released before
 * and haven't been sent join them.
 */
export function withReleased(
  waves: readonly Wave[],
  released: readonly string[],
  strategy: Strategy,
  {
    zoneOf,
    sent,
  }: { readonly zoneOf: (key: string) => string | undefined; readonly sent: ReadonlySet<string> },
): readonly Wave[] {
  const isOpen = ({ afterHold, machineKeys }: Wave): boolean =>
    afterHold === true && !machineKeys.some((key) => sent.has(key));
  const keys = [...waves.filter(isOpen).flatMap(({ machineKeys }) => machineKeys), ...released];
  const machines = keys.map((key) => {
    const zoneId = zoneOf(key);
    return { key, ...(zoneId !== undefined && { zoneId }) };
  });
  const order: Strategy = strategy.kind === 'canary' ? { kind: 'all' } : strategy;
  const last = wavesOf(machines, order).map((wave): Wave => ({
    ...{ number: 0, state: 'waiting', afterHold: true },
    machineKeys: wave.map(({ key }) => key),
  }));
  return numbered([...waves.filter((wave) => !isOpen(wave)), ...last]);
}

function numbered(waves: readonly Wave[]): readonly Wave[] {
  return waves
    .filter(({ machineKeys }) => machineKeys.length > 0)
    .map((wave, index) => (wave.number === index + 1 ? wave : { ...wave, number: index + 1 }));
}

/**
 * How many clients that a call named did not succeed: rejected, failed, not verified, unknown, or in a call that did
 * not run. `maxFailures` limits this number.
 */
export function failuresIn(machines: readonly MachineProgress[], calls: readonly OperationCall[]): number {
  const sent = new Set(calls.flatMap(({ machineKeys }) => machineKeys));
  return machines.filter(({ machine, outcome }) => sent.has(machine.key) && outcomes[outcome].problem).length;
}
