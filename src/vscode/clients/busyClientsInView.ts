import { followBusyClients } from '../../core/clients/busyClients';
import type { Listing } from '../../core/clients/listing';
import type { Session } from '../../core/clients/session';
import { DisposableStore, type Disposable } from '../../core/kernel/disposables';
import type { Operations } from '../../core/operations/operations';
import type { BackupApi } from '../../core/service/api';
import type { Host } from '../../core/interaction/host';
import type { Looking } from '../../core/interaction/looking';

export interface BusyClientsDeps extends Pick<Host, 'clock' | 'log'> {
  readonly looking: Looking;
  readonly session: Session;
  readonly operations: Pick<Operations, 'holdersIn'>;
  readonly api: BackupApi;
}

/** Follows clients that somebody else is changing, in every listing, while somebody looks at the view. */
export function followBusyClientsInView(deps: BusyClientsDeps): Disposable {
  const { looking, session, operations, api, clock, log } = deps;
  const owned = new DisposableStore();
  const following = new Map<string, Disposable>();

  const follow = ({ key, scope }: Listing): Disposable =>
    followBusyClients({
      api,
      clock,
      log,
      scope,
      looking,
      clients: () => session.listingOf(key)?.inventory.state.clients ?? new Map(),
      covered: () => {
        const holderOf = operations.holdersIn(scope);
        return (client) => holderOf(client) !== undefined;
      },
      onReading: ({ clients, missingKeys }) => session.update(scope, clients, missingKeys),
    });
  const update = () => {
    for (const [key, stop] of following) {
      if (session.listingOf(key)) continue;
      stop.dispose();
      following.delete(key);
    }
    for (const listing of session.listings) {
      // Not before the first list: its response shows how fast time passes at the service.
      if (following.has(listing.key) || listing.inventory.state.phase !== 'ready') continue;
      following.set(listing.key, follow(listing));
    }
  };
  owned.add(session.onDidChange(update));
  owned.add({ dispose: () => following.forEach((stop) => stop.dispose()) });
  update();
  return owned;
}
