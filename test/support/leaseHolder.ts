import { setTimeout as wait } from 'node:timers/promises';
import { CancelledError } from '../../src/core/cancelled';
import type { Clock } from '../../src/core/ports';
import { createLeaseStore } from '../../src/storage/leaseStore';

// A process that competes for a lease. Prints `taken` when it holds it and `lost` when another took over; asks again
// every 20 ms until then. Argument: the folder.

const realClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, { signal }) => {
    try {
      await wait(ms, undefined, { signal });
    } catch {
      throw new CancelledError();
    }
  },
};

async function compete(folder: string): Promise<void> {
  const store = createLeaseStore(folder, realClock, { beatMs: 50, lostAfterMs: 400 });
  process.stdout.write('ready\n');
  for (;;) {
    const lease = await store.take('op-1');
    if (lease) {
      process.stdout.write('taken\n');
      await new Promise<void>((resolve) => {
        lease.onDidLose(() => {
          resolve();
        });
      });
      process.stdout.write('lost\n');
    }
    await wait(20);
  }
}

void compete(process.argv[2] ?? '');
