import { setTimeout as wait } from 'node:timers/promises';
import { createLeaseStore } from '../../src/storage/leaseStore';
import { nodeDisk } from '../../src/storage/nodeDisk';
import { realClock } from './realClock';

// A process that competes for a lease. Prints `taken` when it holds it and `lost` when another took over; asks again
// every 20 ms until then. Argument: the folder.

async function compete(folder: string): Promise<void> {
  const store = createLeaseStore(nodeDisk, folder, realClock, { beatMs: 50, lostAfterMs: 400 });
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
