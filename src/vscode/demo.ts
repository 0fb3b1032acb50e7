import { DemoServer, type RunningDemo } from '../core/profiles/demoServer';
import type { Profiles } from '../core/profiles/createProfiles';
import { DisposableStore, type Disposable } from '../core/kernel/disposables';
import { regions } from '../core/service/regions';

/** "Try Demo": a simulator in this process, which ends when its profile goes. */
export interface DemoCommands extends Disposable {
  /** Starts the simulator unless it runs, and shows its clients. Throws what starting fails with. */
  open(): Promise<void>;
}

export function createDemo({ store, demo }: Pick<Profiles, 'store' | 'demo'>): DemoCommands {
  const owned = new DisposableStore();
  const server = owned.add(new DemoServer(startSimulator, (connection) => void demo.connect(connection)));
  owned.add(store.onDidChange(() => store.demo ?? server.left()));
  return { open: () => server.open(), dispose: () => owned.dispose() };
}

async function startSimulator(): Promise<RunningDemo> {
  // Loaded on first use: most users have an account.
  const { startSimulator: start } = await import('../../simulator/main');
  return start({
    clients: 250,
    zones: 3,
    hostileNames: false,
    timeScale: 10,
    backups: true,
    regions: regions.map(({ id }) => id),
    keepsJournal: false,
  });
}
