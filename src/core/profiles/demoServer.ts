import type { Disposable } from '../kernel/disposables';
import type { DemoConnection } from './demo';

/** A simulator that runs in this window. */
export interface RunningDemo extends DemoConnection {
  /** Stops listening and closes all connections. */
  dispose(): Promise<void>;
}

/** The simulator behind "Try Demo": starts with the first click, and ends when the user exits the demo. */
export class DemoServer implements Disposable {
  readonly #start: () => Promise<RunningDemo>;
  readonly #connect: (demo: DemoConnection) => void;
  #running: Promise<RunningDemo> | undefined;
  #connected = false;

  constructor(start: () => Promise<RunningDemo>, connect: (demo: DemoConnection) => void) {
    this.#start = start;
    this.#connect = connect;
  }

  /** Connects the demo, and starts it when it doesn't run. Throws what starting fails with; the next call tries again. */
  async open(): Promise<void> {
    const running = (this.#running ??= this.#start());
    try {
      const demo = await running;
      // It may have been ended while it was waited for.
      if (this.#running !== running) return;
      this.#connect(demo);
      this.#connected = true;
    } catch (error) {
      if (this.#running === running) this.#running = undefined;
      throw error;
    }
  }

  /** Ends the simulator once the demo is no longer among the profiles. One that is being started goes on. */
  left(): void {
    if (this.#connected) this.dispose();
  }

  dispose(): void {
    const running = this.#running;
    this.#running = undefined;
    this.#connected = false;
    void running?.then(
      (demo) => demo.dispose(),
      // Whoever started it got the error.
      () => undefined,
    );
  }
}
