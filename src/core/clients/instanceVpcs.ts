import { t } from '@vscode/l10n';
import type { Disposable } from '../kernel/disposables';
import { DisposableStore } from '../kernel/disposables';
import { Emitter } from '../kernel/events';
import { sentences } from '../kernel/localize';
import type { Log } from '../kernel/log';
import type { InstanceApi } from '../service/api';
import { isCancelled, toBackupError, type BackupError } from '../service/errors';
import { parseFilter } from './filter/filter';
import type { Listing } from './listing';
import { listingTrouble } from './listingTrouble';
import type { Session } from './session';
import type { TreeChoices, VpcFacts } from './treeModel';

/** The VPCs of listed clients. Reads none until clients are grouped or filtered by VPC. */
export interface InstanceVpcs extends VpcFacts, Disposable {
  readonly isReading: boolean;
  /** Why VPCs of a shown listing couldn't be read. */
  readonly error: BackupError | undefined;
  /**
   * Lets a listing be read again, all of them without a key: one that failed isn't otherwise. Known VPCs stay until then.
   */
  readAgain(listingKey?: string): void;
}

const none: ReadonlyMap<string, string> = new Map();

/** What's known of one listing. */
interface Reading {
  readonly listing: Listing;
  vpcIds: ReadonlyMap<string, string>;
  /** Instances that ECS was asked about, whether it knew them or not. */
  readonly asked: Set<string>;
  running: AbortController | undefined;
  error: BackupError | undefined;
}

/** Follows the shown listings. Their VPCs are known when all of them were read, so rows move only once. */
export function createInstanceVpcs(deps: {
  readonly api: Pick<InstanceApi, 'listInstances'>;
  readonly session: Pick<Session, 'listings' | 'onDidChange'>;
  readonly choices: Pick<TreeChoices, 'groupBy' | 'filter' | 'onDidChange'>;
  readonly log: Log;
}): InstanceVpcs {
  const { api, session, choices, log } = deps;
  const owned = new DisposableStore();
  const changes = owned.add(new Emitter<void>());
  const readings = new Map<string, Reading>();

  const isUsed = (): boolean =>
    choices.groupBy().includes('vpc') ||
    parseFilter(choices.filter()).terms.some(({ facet }) => facet === 'vpc');

  const read = async (reading: Reading, ids: readonly string[]): Promise<void> => {
    const run = new AbortController();
    reading.running = run;
    changes.fire();
    const found = new Map(reading.vpcIds);
    let error: BackupError | undefined;
    try {
      const query = { instanceIds: ids };
      for await (const page of api.listInstances(reading.listing.scope, query, { signal: run.signal })) {
        for (const { instanceId, vpcId = '' } of page) found.set(instanceId, vpcId);
      }
    } catch (thrown) {
      if (!isCancelled(thrown)) error = toBackupError(thrown);
    }
    if (run.signal.aborted) return;
    reading.running = undefined;
    reading.vpcIds = found;
    reading.error = error;
    if (error) log.write('warn', 'VPCs of instances could not be read', error);
    else for (const id of ids) reading.asked.add(id);
    changes.fire();
    follow();
  };
  const stop = (reading: Reading): void => {
    reading.running?.abort();
    reading.running = undefined;
  };
  const readingOf = (listing: Listing): Reading => {
    const known = readings.get(listing.key);
    if (known) return known;
    const opened = { listing, vpcIds: none, asked: new Set<string>(), running: undefined, error: undefined };
    readings.set(listing.key, opened);
    return opened;
  };
  const follow = (): void => {
    const shown = new Set(session.listings);
    for (const [key, reading] of readings) {
      if (shown.has(reading.listing)) continue;
      stop(reading);
      readings.delete(key);
    }
    if (!isUsed()) {
      for (const reading of readings.values()) stop(reading);
      return;
    }
    for (const listing of shown) {
      if (!isReadable(listing)) continue;
      const reading = readingOf(listing);
      if (reading.running || reading.error) continue;
      const ids = instanceIdsOf(listing).filter((id) => !reading.asked.has(id));
      if (ids.length > 0) void read(reading, ids);
    }
  };
  owned.add(session.onDidChange(follow));
  owned.add(choices.onDidChange(follow));
  follow();

  return {
    vpcIdsOf: ({ key }) => readings.get(key)?.vpcIds ?? none,
    get isReading() {
      return [...readings.values()].some(({ running }) => running !== undefined);
    },
    get error() {
      return isUsed() ? [...readings.values()].flatMap(({ error }) => error ?? [])[0] : undefined;
    },
    readAgain(listingKey) {
      for (const [key, reading] of readings) {
        if (listingKey !== undefined && key !== listingKey) continue;
        reading.error = undefined;
        reading.asked.clear();
      }
    },
    onDidChange: changes.event,
    dispose() {
      owned.dispose();
      for (const reading of readings.values()) stop(reading);
      readings.clear();
    },
  };
}

/** Says that VPCs aren't known, and why. */
export function vpcTrouble(error: BackupError): string {
  return sentences(t("Some VPCs aren't known."), listingTrouble(error));
}

/** ECS is called with the profile's own credentials, which can't list the instances of another account. */
function isReadable({ scope, inventory }: Listing): boolean {
  return scope.clientType === 'ECS_CLIENT' && !scope.crossAccount && inventory.state.phase === 'ready';
}

function instanceIdsOf({ inventory }: Listing): readonly string[] {
  return [...inventory.state.clients.values()].flatMap(({ instanceId }) => instanceId ?? []);
}
