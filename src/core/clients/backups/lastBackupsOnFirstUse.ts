import { DisposableStore } from '../../kernel/disposables';
import { Emitter } from '../../kernel/events';
import { onFirstUse } from '../../kernel/onFirstUse';
import { isCancelled } from '../../service/errors';
import { noBackupFacts } from './backupFacts';
import type { LastBackups, LastBackupsDeps } from './lastBackups';

/** The last backups of clients, loaded once a listing is there that they're read for. Until then nothing is known. */
export function createLastBackupsOnFirstUse(deps: LastBackupsDeps): LastBackups {
  const { session, settings, log } = deps;
  const owned = new DisposableStore();
  const changes = owned.add(new Emitter<void>());
  let loaded: LastBackups | undefined;
  let isDueWanted = false;
  const load = onFirstUse(async () => {
    const { createLastBackups } = await import('./lastBackups');
    loaded = owned.add(createLastBackups(deps));
    owned.add(loaded.onDidChange(() => changes.fire()));
    if (isDueWanted) loaded.readDue();
    return loaded;
  });
  const follow = (): void => {
    if (loaded || !settings.current.read) return;
    if (!session.listings.some(({ inventory }) => inventory.state.phase === 'ready')) return;
    load().catch((error: unknown) => {
      if (!isCancelled(error)) log.write('error', 'last backups could not be loaded', error);
    });
  };
  owned.add(session.onDidChange(follow));
  owned.add(settings.onDidChange(follow));
  follow();
  return {
    factsOf: (listing) => loaded?.factsOf(listing) ?? noBackupFacts,
    get denied() {
      return loaded?.denied ?? [];
    },
    readAgain: (listingKey) => loaded?.readAgain(listingKey),
    readDue() {
      isDueWanted = true;
      loaded?.readDue();
    },
    onDidChange: changes.event,
    dispose: () => owned.dispose(),
  };
}
