import { CancelledError, throwIfCancelled } from '../../src/core/kernel/cancelled';
import type { BackupClient } from '../../src/core/service/model';
import type { Operation, Plan } from '../../src/core/operations/operation';
import type { Clock } from '../../src/core/kernel/clock';
import type { OperationApi } from '../../src/core/service/api';
import type { Action } from '../../src/core/service/actions';
import { startSimulator, type FaultRule, type JournalEntry, type Simulator } from '../../simulator/main';
import { neverCancelled } from './apiBuilders';
import { createHandClock, createSetClock, type HandClock, type SetClock } from './handClock';
import { createMemoryDisk, type MemoryDisk } from './memoryRecords';
import { aPlan, openWindow, type OperationsWindow } from './operationBuilders';
import { createSimulatedApi } from './simulated';

/** A window whose calls of DescribeTask are counted by task. */
export interface TimedWindow extends OperationsWindow {
  readonly polls: readonly string[];
}

/** The engine against the simulator, in a time that both share and that stands still while a call is on its way. */
export interface TimedStage {
  readonly simulator: Simulator;
  /** The right time, which is also the service's. */
  readonly clock: HandClock;
  /** The clock of the computer with all windows. */
  readonly computer: SetClock;
  readonly disk: MemoryDisk;
  open(): TimedWindow;
  /** The first machines `i-0`, `i-1` … that the stage was set with. */
  plan(action: Action, count: number): Promise<Plan>;
  /** Lets time pass until `isOver` says so; answers false when it has not after `ms`. */
  run(isOver: () => boolean, ms: number): Promise<boolean>;
  /** Calls that install, upgrade or uninstall, in the order in which they arrived. */
  writes(): readonly JournalEntry[];
}

export interface StageOptions {
  readonly faults?: readonly FaultRule[];
  /** How many machines there are to act on: bare for an install, outdated else. */
  readonly machines: number;
  readonly action: Action;
  /** How wrong the computer's clock is at the beginning. */
  readonly aheadMs?: number;
}

/** Sets a stage, plays on it and takes it down. */
export async function inTime(
  options: StageOptions,
  play: (stage: TimedStage) => Promise<void>,
): Promise<void> {
  const clock = createHandClock();
  const computer = createSetClock(clock, options.aheadMs);
  const { faults = [], machines, action } = options;
  const simulator = await startSimulator({ clients: 0, faults, clock: { nowMs: () => clock.now() } });
  const before = Math.floor(clock.now() / 1000) - 86_400;
  for (let n = 0; n < machines; n++) {
    const bare = { ClientId: '', Status: 'NOT_INSTALLED', ClientVersion: '' } as const;
    const outdated = { ClientVersion: '2.4.1', MaxClientVersion: '2.4.5' };
    simulator.insertClient({
      InstanceId: `i-${n}`,
      ZoneId: `zone-${n % 3}`,
      UpdatedTime: before,
      ...(action === 'install' ? bare : outdated),
    });
  }
  const { api, scope } = createSimulatedApi(simulator, { clock: onlyShowing(computer) });
  const disk = createMemoryDisk();
  const windows: TimedWindow[] = [];
  let inFlight = 0;
  const counted = async <T>(call: Promise<T>): Promise<T> => {
    inFlight++;
    try {
      return await call;
    } finally {
      inFlight--;
    }
  };
  async function* countedPages<T, E>(pages: AsyncGenerator<T, E, void>): AsyncGenerator<T, E, void> {
    for (;;) {
      const step = await counted(pages.next());
      if (step.done) return step.value;
      yield step.value;
    }
  }
  const settle = async (): Promise<void> => {
    for (let still = 0; still < 3; still = inFlight > 0 ? 0 : still + 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const stage: TimedStage = {
    simulator,
    clock,
    computer,
    disk,
    open() {
      const polls: string[] = [];
      const watched: OperationApi = {
        listClients: (...asked) => countedPages(api.listClients(...asked)),
        listJobs: (...asked) => countedPages(api.listJobs(...asked)),
        listPlans: (...asked) => countedPages(api.listPlans(...asked)),
        installClients: (...asked) => counted(api.installClients(...asked)),
        upgradeClients: (...asked) => counted(api.upgradeClients(...asked)),
        uninstallClients: (...asked) => counted(api.uninstallClients(...asked)),
        getTask: (of, taskId, waiting) => {
          polls.push(taskId);
          return counted(api.getTask(of, taskId, waiting));
        },
        updateClientSettings: (...asked) => counted(api.updateClientSettings(...asked)),
        timeScale: (of) => api.timeScale(of),
        clockOffsetMs: (of) => api.clockOffsetMs(of),
      };
      const window = { ...openWindow(watched, computer, disk.window()), polls };
      windows.push(window);
      return window;
    },
    async plan(of, count) {
      const clients: BackupClient[] = [];
      for await (const page of api.listClients(scope, {}, neverCancelled)) clients.push(...page.clients);
      const inOrder = Array.from({ length: count }, (_, n) =>
        clients.filter(({ instanceId }) => instanceId === `i-${n}`),
      );
      return { ...aPlan(of, inOrder.flat()), scope };
    },
    async run(isOver, ms) {
      const end = clock.monotonic() + ms;
      for (;;) {
        await settle();
        if (isOver()) return true;
        const [due] = clock.dueTimes();
        const inMs = due === undefined ? Infinity : Math.max(0, due - clock.now());
        if (clock.monotonic() + inMs > end) {
          // Asking may have set something going that needs no time.
          await settle();
          return isOver();
        }
        await clock.advance(inMs);
      }
    },
    writes: () => simulator.journal().filter(({ action: name }) => /^(Install|Upgrade|Uninstall)/.test(name)),
  };
  try {
    await play(stage);
  } finally {
    for (const { operations } of windows) operations.dispose();
    api.dispose();
    await simulator.dispose();
  }
}

/** What the API client needs of time: it reads it, waits before a repetition are over at once, deadlines never come. */
function onlyShowing(clock: Clock): Clock {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    async sleep(ms, { signal }) {
      throwIfCancelled(signal);
      if (ms < 30_000) return;
      await new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(new CancelledError());
        });
      });
    },
  };
}

/** True when a call of the journal names the machine by either id. */
export function names(entry: JournalEntry, { machine }: Operation['machines'][number]): boolean {
  const ids = [entry.parameters['InstanceIds'], entry.parameters['ClientIds']].flatMap((list) => idsIn(list));
  return ids.some((id) => id === machine.instanceId || id === machine.clientId);
}

function idsIn(list: string | undefined): readonly string[] {
  const ids: unknown = JSON.parse(list ?? '[]');
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
}
