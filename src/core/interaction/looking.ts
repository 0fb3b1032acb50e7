import { CancelledError, throwIfCancelled } from '../kernel/cancelled';
import type { Event } from '../kernel/events';
import type { Waiting } from '../kernel/waiting';

/** Whether somebody can see a view: it's visible, and the window has the focus. Repeated requests check it. */
export interface Looking {
  readonly current: boolean;
  readonly onDidChange: Event<void>;
}

/** Resolves at once while somebody looks, else as soon as somebody does. Rejects with a cancel when the signal aborts. */
export async function untilLookedAt(looking: Looking, { signal }: Waiting): Promise<void> {
  throwIfCancelled(signal);
  if (looking.current) return;
  await new Promise<void>((resolve, reject) => {
    const cancel = (): void => {
      watching.dispose();
      reject(new CancelledError());
    };
    const watching = looking.onDidChange(() => {
      if (!looking.current) return;
      watching.dispose();
      signal.removeEventListener('abort', cancel);
      resolve();
    });
    signal.addEventListener('abort', cancel, { once: true });
  });
}
