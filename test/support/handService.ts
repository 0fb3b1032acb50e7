import { throwIfCancelled } from '../../src/core/kernel/cancelled';
import type { BackupClient } from '../../src/core/service/model';
import type { ClientQuery, ListingEnd, ListingPage } from '../../src/core/service/api';
import type { SeenClients } from '../../src/core/clients/seen/seenClients';
import type { StoredListing } from '../../src/core/clients/storedListing';
import type { Waiting } from '../../src/core/kernel/waiting';
import { scopeKey, type Scope } from '../../src/core/service/scope';

/** One call for clients, answered page by page by the test. */
export interface Call {
  readonly scope: Scope;
  readonly query: ClientQuery;
  readonly cancelled: () => boolean;
  /** Hands over a page; resolves when the inventory asks for the next one. */
  page(clients: readonly BackupClient[], total?: number): Promise<void>;
  end(changedWhileReading?: boolean): Promise<void>;
  fail(error: Error): Promise<void>;
}

type Step = { readonly page: ListingPage } | { readonly end: ListingEnd } | { readonly error: Error };

/** A service whose answers come when the test says so. */
export class HandService {
  readonly calls: Call[] = [];

  async *listClients(
    scope: Scope,
    query: ClientQuery,
    { signal }: Waiting,
  ): AsyncGenerator<ListingPage, ListingEnd, void> {
    const steps: Step[] = [];
    let wake: () => void = () => undefined;
    const give = async (step: Step): Promise<void> => {
      steps.push(step);
      wake();
      await settle();
    };
    this.calls.push({
      scope,
      query,
      cancelled: () => signal.aborted,
      page: (clients, total = 2) => give({ page: { clients, total, requestId: 'r-1' } }),
      end: (changedWhileReading = false) => give({ end: { changedWhileReading } }),
      fail: (error) => give({ error }),
    });
    for (;;) {
      const step = steps.shift();
      throwIfCancelled(signal);
      if (!step) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      } else if ('error' in step) throw step.error;
      else if ('end' in step) return step.end;
      else yield step.page;
    }
  }

  call(index: number): Call {
    const call = this.calls[index];
    if (!call) throw new Error(`no call ${index}`);
    return call;
  }

  /** The latest call about a region. */
  of(regionId: string): Call {
    const call = this.calls.findLast(({ scope }) => scope.regionId === regionId);
    if (!call) throw new Error(`no call about ${regionId}`);
    return call;
  }
}

/** What the user last saw, in memory. */
export class MemorySeen {
  readonly kept = new Map<string, SeenClients>();
  /** Profiles for which it was removed. */
  readonly removed: string[] = [];

  read(scope: Scope): Promise<SeenClients | undefined> {
    return Promise.resolve(this.kept.get(scopeKey(scope)));
  }

  write(scope: Scope, seen: SeenClients): Promise<void> {
    this.kept.set(scopeKey(scope), seen);
    return Promise.resolve();
  }

  remove(profileId: string): Promise<void> {
    this.removed.push(profileId);
    return Promise.resolve();
  }
}

/** Stored listings in memory. */
export class MemoryListings {
  readonly kept = new Map<string, StoredListing>();
  /** Profiles whose listings were removed. */
  readonly removed: string[] = [];
  readFailure: Error | undefined;

  async read(scope: Scope): Promise<StoredListing | undefined> {
    await Promise.resolve();
    if (this.readFailure) throw this.readFailure;
    return this.kept.get(scopeKey(scope));
  }

  write(scope: Scope, listing: StoredListing): Promise<void> {
    this.kept.set(scopeKey(scope), listing);
    return Promise.resolve();
  }

  remove(profileId: string): Promise<void> {
    this.removed.push(profileId);
    return Promise.resolve();
  }
}

/** Lets what is under way come as far as it can without time or another answer. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
