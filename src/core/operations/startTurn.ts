import { BackupError } from '../service/errors';
import type { Clock } from '../kernel/clock';
import type { Lease, LeaseStore } from './stores';
import type { Waiting } from '../kernel/waiting';

const lookEveryMs = 100;
// Longer than the lease of a window that died.
const patienceMs = 20_000;

/**
 * Waits until no other window starts an operation in the same ID space, and takes the turn; disposing the lease ends
 * it. Throws BackupError `busy-elsewhere` after 20 s, and what the lease store fails with.
 */
export async function takeStartTurn(
  { leases, clock }: { readonly leases: LeaseStore; readonly clock: Clock },
  idSpace: string,
  waiting: Waiting,
): Promise<Lease> {
  const until = clock.monotonic() + patienceMs;
  for (;;) {
    const turn = await leases.take(`start-${idSpace}`);
    if (turn) return turn;
    if (clock.monotonic() >= until) throw turnMissed();
    await clock.sleep(lookEveryMs, waiting);
  }
}

/** Thrown if an operation cannot start because another one is being started. */
export function turnMissed(): BackupError {
  return new BackupError('busy-elsewhere', 'another operation is being started in this region', {
    fate: 'not-run',
  });
}
