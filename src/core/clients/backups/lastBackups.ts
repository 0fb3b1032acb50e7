import type { Looking } from '../../interaction/looking';
import type { Setting } from '../../interaction/watchSetting';
import { DisposableStore, type Disposable } from '../../kernel/disposables';
import { Emitter, type Event } from '../../kernel/events';
import type { KeyRing } from '../../profiles/keys/keyRing';
import { isCancelled } from '../../service/errors';
import type { ProtectionCall } from '../../service/protection';
import type { Listing } from '../listing';
import { ListingQueue } from '../listingQueue';
import type { Session } from '../session';
import type { BackupSettings } from './backupSettings';
import { noBackupFacts, type BackupFacts } from './backupFacts';
import { ListingBackups, type ListingBackupsDeps } from './listingBackups';

/** The last backups of listed clients. */
export interface LastBackups extends Disposable {
  /** What's known of the clients of a listing; the same object until that changes. */
  factsOf(listing: Pick<Listing, 'key'>): BackupFacts;
  /** RAM actions that are missing to read them in shown listings, each once. */
  readonly denied: readonly ProtectionCall[];
  /** Reads a listing again when it was listed again, all of them without a key: the user refreshes. */
  readAgain(listingKey?: string): void;
  /** Reads what is due, as a view that somebody looks at does. */
  readDue(): void;
  readonly onDidChange: Event<void>;
}

export interface LastBackupsDeps extends ListingBackupsDeps {
  readonly session: Pick<Session, 'listings' | 'onDidChange'>;
  readonly keys: Pick<KeyRing, 'onDidChange'>;
  readonly settings: Setting<BackupSettings>;
  readonly looking: Looking;
}

/** Milliseconds between two readings that nobody asked for. */
const againMs = 10 * 60_000;

interface OpenReading {
  readonly listing: Listing;
  readonly backups: ListingBackups;
  /** The list that the last reading was of. */
  listedAt: number | undefined;
  /** When that began, by the monotonic clock. */
  readAt: number | undefined;
  /** True where the user asked for the next one, */
  explicit: boolean;
  /** of a list newer than this. */
  refreshedFrom: number | undefined;
  running: AbortController | undefined;
}

/**
 * Follows the shown listings: reads the last backups of each while somebody looks, when it was listed; and again when it's
 * listed again, after at least 10 minutes unless the user refreshes. Ends with the listing. See `readLastBackups` for the
 * calls that a reading takes.
 */
export function createLastBackups(deps: LastBackupsDeps): LastBackups {
  const { session, keys, settings, looking, clock, log } = deps;
  const owned = new DisposableStore();
  const changes = owned.add(new Emitter<void>());
  const readings = new Map<string, OpenReading>();
  const queue = new ListingQueue(clock);

  const isDue = ({ listing, backups, running, listedAt, readAt, explicit }: OpenReading): boolean => {
    const { state } = listing.inventory;
    if (running || state.phase !== 'ready') return false;
    // Somebody who was granted it since refreshes.
    if (backups.denied.has('hbr:DescribeBackupJobs2') && !explicit) return false;
    if (readAt === undefined) return true;
    return state.listedAt !== listedAt && (explicit || clock.monotonic() - readAt >= againMs);
  };
  const read = async (reading: OpenReading): Promise<void> => {
    const { listing, backups, refreshedFrom } = reading;
    const run = new AbortController();
    const { overdueHours } = settings.current;
    const { listedAt } = listing.inventory.state;
    const explicit = reading.explicit && listedAt !== refreshedFrom;
    Object.assign(reading, {
      running: run,
      listedAt,
      readAt: clock.monotonic(),
      // What's read of the list before is not what the user asked for.
      explicit: reading.explicit && !explicit,
    } satisfies Partial<OpenReading>);
    try {
      await queue.run(() => backups.read({ explicit, overdueHours }, { signal: run.signal }));
    } catch (error) {
      if (!isCancelled(error)) log.write('error', 'last backups could not be read', error);
    }
    if (run.signal.aborted) return;
    reading.running = undefined;
    if (settings.current.overdueHours !== overdueHours) backups.judge(settings.current.overdueHours);
    changes.fire();
    follow();
  };
  const close = (key: string, { running }: OpenReading): void => {
    running?.abort();
    readings.delete(key);
  };
  const follow = (isLooking = looking.current): void => {
    const shown = new Set(session.listings);
    for (const [key, reading] of readings) {
      if (!shown.has(reading.listing) || !settings.current.read) close(key, reading);
    }
    if (!settings.current.read) return;
    for (const listing of shown) {
      if (listing.scope.clientType !== 'ECS_CLIENT') continue;
      const reading = readings.get(listing.key) ?? opened(deps, listing);
      readings.set(listing.key, reading);
      if (isLooking && isDue(reading)) void read(reading);
    }
  };
  owned.add(session.onDidChange(() => follow()));
  owned.add(looking.onDidChange(() => follow()));
  owned.add(
    settings.onDidChange(() => {
      for (const { backups } of readings.values()) backups.judge(settings.current.overdueHours);
      follow();
      changes.fire();
    }),
  );
  owned.add(
    keys.onDidChange((profileId) => {
      for (const reading of readings.values()) {
        if (reading.listing.profile.id !== profileId || reading.backups.denied.size === 0) continue;
        reading.backups.allowRetry();
        reading.readAt = undefined;
      }
      follow();
    }),
  );
  follow();

  return {
    factsOf: ({ key }) => readings.get(key)?.backups.facts ?? noBackupFacts,
    get denied() {
      return [...new Set([...readings.values()].flatMap(({ backups }) => [...backups.denied]))];
    },
    readAgain(listingKey) {
      for (const [key, reading] of readings) {
        if (listingKey !== undefined && key !== listingKey) continue;
        reading.explicit = true;
        reading.refreshedFrom = reading.listing.inventory.state.listedAt;
      }
    },
    readDue: () => follow(true),
    onDidChange: changes.event,
    dispose() {
      owned.dispose();
      for (const [key, reading] of readings) close(key, reading);
    },
  };
}

function opened(deps: LastBackupsDeps, listing: Listing): OpenReading {
  return {
    listing,
    backups: new ListingBackups(deps, listing),
    listedAt: undefined,
    readAt: undefined,
    explicit: false,
    refreshedFrom: undefined,
    running: undefined,
  };
}
