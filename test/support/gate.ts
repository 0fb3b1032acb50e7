import type { ArrivedCall, Simulator } from '../../simulator/main';

/** Holds back the answers of a simulator, as long as a test wants to look at what is there meanwhile. */
export interface Gate {
  /** From now on, holds the calls that `which` picks; all by default. */
  close(which?: (call: ArrivedCall) => boolean): void;
  /** Lets all calls through, those that were held first. */
  open(): void;
  /** How many calls are held now. */
  readonly held: number;
}

/** An open gate in front of a simulator. */
export function createGate(simulator: Simulator): Gate {
  let holds: (call: ArrivedCall) => boolean = () => false;
  let waiting: (() => void)[] = [];
  simulator.onRequest(async (call) => {
    if (holds(call)) await new Promise<void>((resolve) => waiting.push(resolve));
  });
  return {
    close(which = () => true) {
      holds = which;
    },
    open() {
      holds = () => false;
      const released = waiting;
      waiting = [];
      for (const release of released) release();
    },
    get held() {
      return waiting.length;
    },
  };
}
