import type { Session } from './core/clients/session';
import type { Operations } from './core/operations/operations';
import type { Profiles } from './core/profiles/createProfiles';
import type { ExtensionApi } from './extensionApi';
import type { Pages } from './vscode/pages/pages';

/** The loaded extension, as the stub needs it. */
export interface Extension {
  /** @param startedAt when the user started it, by `performance.now()` */
  run(command: string, args: readonly unknown[], startedAt: number): Promise<unknown>;
  readonly pages: Pages;
  /** Attaches the Tasks view. */
  showTasks(): Promise<void>;
  /** Opens a link from outside. Failures are shown, not thrown. */
  openLink(address: { readonly path: string; readonly query: string }): Promise<void>;
  /** Its version is the stub's to give. */
  readonly api: Omit<ExtensionApi, 'version'>;
}

/** The API without its version, which the stub gives. */
export function createExtensionApi({
  demo,
  session,
  operations,
  recordsRead,
}: Pick<Profiles, 'demo'> & {
  readonly session: Session;
  readonly operations: Operations;
  /** Resolves once the history was read too. */
  readonly recordsRead: Promise<void>;
}): Extension['api'] {
  return {
    connectDemo: (connection) => Promise.resolve(void demo.connect(connection)),
    clients: async () => {
      await session.refresh();
      return session.listings.flatMap(({ inventory }) => [...inventory.state.clients.values()]);
    },
    operations: async () => {
      await recordsRead;
      return operations.list();
    },
  };
}
