import { strict as assert } from 'node:assert';
import { throwIfCancelled } from '../../../src/core/cancelled';
import { nameOf } from '../../../src/core/clients/clientFacts';
import { BackupError } from '../../../src/core/errors';
import { createInventory, type Inventory, type InventoryState } from '../../../src/core/clients/inventory';
import type { BackupClient } from '../../../src/core/model';
import type { ClientQuery, ListingEnd, ListingPage, StoredListing, Waiting } from '../../../src/core/ports';
import { scopeKey, type Scope } from '../../../src/core/scope';
import { aBareClient, aClient, aScope } from '../../support/builders';
import { createHandClock, type HandClock } from '../../support/handClock';

const web = aClient({ instanceId: 'i-web', clientId: 'c-web', instanceName: 'web' });
const db = aClient({ instanceId: 'i-db', clientId: 'c-db', instanceName: 'db' });
const hangzhou = aScope();
const beijing = aScope({ regionId: 'cn-beijing' });

/** One call for clients, answered page by page by the test. */
interface Call {
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
class HandService {
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
}

class MemoryListings {
  readonly kept = new Map<string, StoredListing>();
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

  remove(): Promise<void> {
    return Promise.resolve();
  }
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

const namesOf = (state: InventoryState | undefined): readonly string[] =>
  [...(state?.clients.values() ?? [])].map(nameOf).sort();

describe('the inventory', () => {
  let service: HandService;
  let listings: MemoryListings;
  let clock: HandClock;
  let logged: string[];
  let inventory: Inventory;
  let painted: InventoryState[];

  beforeEach(() => {
    service = new HandService();
    listings = new MemoryListings();
    clock = createHandClock();
    logged = [];
    painted = [];
    const log = { write: (_level: string, message: string) => logged.push(message) };
    inventory = createInventory({ api: service, listings, clock, log });
    inventory.onDidChange((state) => state && painted.push(state));
  });

  /** Opens a scope and lists it whole. */
  async function list(scope: Scope, ...clients: readonly BackupClient[]): Promise<void> {
    inventory.open(scope);
    await listAgain(...clients);
  }

  async function listAgain(...clients: readonly BackupClient[]): Promise<void> {
    const index = service.calls.length;
    const done = inventory.refresh();
    await settle();
    await service.call(index).page(clients);
    await service.call(index).end();
    await done;
  }

  it('holds nothing and asks nothing while signed out', async () => {
    await inventory.refresh();
    assert.equal(inventory.state, undefined);
    assert.equal(service.calls.length, 0);
  });

  it('makes one listing of five refreshes', async () => {
    inventory.open(hangzhou);
    const all = Promise.all([1, 2, 3, 4, 5].map(() => inventory.refresh()));
    await settle();
    await service.call(0).page([web, db]);
    await service.call(0).end();
    await all;
    assert.equal(service.calls.length, 1);
    assert.equal(inventory.state?.phase, 'ready');
    assert.deepEqual(namesOf(inventory.state), ['db', 'web']);
  });

  it('lists anew once the listing before has ended', async () => {
    await list(hangzhou, web);
    await listAgain(web);
    assert.equal(service.calls.length, 2);
  });

  it('shows the first rows before the whole list, with how many there are', async () => {
    inventory.open(hangzhou);
    void inventory.refresh();
    await settle();
    await service.call(0).page([web], 250);
    const { phase, received, total } = inventory.state ?? {};
    assert.deepEqual({ phase, received, total }, { phase: 'loading', received: 1, total: 250 });
    assert.deepEqual(namesOf(inventory.state), ['web']);
  });

  it('paints at most every 200 ms while pages come, and the last state always', async () => {
    inventory.open(hangzhou);
    const done = inventory.refresh();
    await settle();
    painted = [];
    const many = Array.from({ length: 6 }, (_, i) => aClient({ instanceId: `i-${i}`, clientId: `c-${i}` }));
    for (const [i, client] of many.entries()) {
      await service.call(0).page([client], 6);
      if (i === 2) await clock.advance(200);
    }
    assert.deepEqual(
      painted.map(({ received }) => received),
      [1, 4],
    );
    await service.call(0).end();
    await done;
    assert.equal(painted.at(-1)?.clients.size, 6);
    assert.equal(painted.length, 3);
  });

  it('paints a quick refresh of rows that stand already once, at its end', async () => {
    inventory.open(hangzhou);
    await listAgain(web, db);
    const done = inventory.refresh();
    await settle();
    painted = [];
    await service.call(1).page([web], 2);
    await service.call(1).page([{ ...db, status: 'STOPPED' }], 2);
    assert.equal(painted.length, 0);
    await service.call(1).end();
    await done;
    assert.deepEqual(
      painted.map(({ phase }) => phase),
      ['ready'],
    );
  });

  it('shows the last listing of a scope at once, with its age, until it was read again', async () => {
    listings.kept.set(scopeKey(hangzhou), { clients: [web], listedAt: 1_000 });
    inventory.open(hangzhou);
    await settle();
    assert.equal(inventory.state?.phase, 'stored');
    assert.equal(inventory.state.listedAt, 1_000);
    assert.deepEqual(namesOf(inventory.state), ['web']);
    await listAgain(web, db);
    assert.equal(inventory.state.listedAt, clock.now());
    assert.equal(listings.kept.get(scopeKey(hangzhou))?.clients.length, 2);
  });

  it('shows it also when a listing is asked for by somebody who hears of the opening', async () => {
    listings.kept.set(scopeKey(hangzhou), { clients: [web], listedAt: 1_000 });
    inventory.onDidChange((state) => {
      if (state?.phase === 'empty') void inventory.refresh();
    });
    inventory.open(hangzhou);
    await settle();
    assert.equal(inventory.state?.phase, 'loading');
    assert.deepEqual(namesOf(inventory.state), ['web']);
  });

  it('goes on without a stored listing that cannot be read', async () => {
    listings.readFailure = new Error('torn');
    await list(hangzhou, web);
    assert.equal(inventory.state?.phase, 'ready');
    assert.deepEqual(logged, ['stored listing could not be read']);
  });

  it('paints no row of the old scope after another was opened in mid-listing', async () => {
    inventory.open(hangzhou);
    const old = inventory.refresh();
    await settle();
    await service.call(0).page([web]);
    inventory.open(beijing);
    painted = [];
    void inventory.refresh();
    await service.call(0).page([db]);
    await service.call(0).end();
    await old;
    assert.ok(service.call(0).cancelled());
    assert.ok(painted.every(({ scope, clients }) => scope === beijing && clients.size === 0));
    await service.call(1).page([db]);
    await service.call(1).end();
    assert.deepEqual(service.call(1).scope, beijing);
    assert.deepEqual(namesOf(inventory.state), ['db']);
    assert.equal(listings.kept.has(scopeKey(hangzhou)), false);
  });

  it('lists the new scope even for a listener that asks while the old one is being left', async () => {
    inventory.open(hangzhou);
    void inventory.refresh();
    await settle();
    inventory.onDidChange(() => void inventory.refresh());
    inventory.open(beijing);
    await settle();
    assert.deepEqual(
      service.calls.map(({ scope }) => scope.regionId),
      ['cn-hangzhou', 'cn-beijing'],
    );
  });

  it('drops everything at sign-out', async () => {
    await list(hangzhou, web);
    inventory.open(undefined);
    assert.equal(inventory.state, undefined);
  });

  it('reads a client by id before it lets it go, and keeps it when it is found', async () => {
    await list(hangzhou, web, db);
    const done = inventory.refresh();
    await settle();
    await service.call(1).page([web], 1);
    await service.call(1).end(true);
    assert.deepEqual(service.call(2).query, { instanceIds: ['i-db'] });
    assert.deepEqual(namesOf(inventory.state), ['db', 'web']);
    await service.call(2).page([{ ...db, status: 'STOPPED' }]);
    await service.call(2).end();
    await done;
    assert.equal(inventory.state?.clients.get('i-db')?.status, 'STOPPED');
    assert.equal(inventory.state.changedWhileReading, true);
  });

  it('lets a client go that the read by id misses as well', async () => {
    await list(hangzhou, web, db);
    const done = inventory.refresh();
    await settle();
    await service.call(1).page([web], 1);
    await service.call(1).end();
    await service.call(2).end();
    await done;
    assert.deepEqual(namesOf(inventory.state), ['web']);
  });

  it('reads a local client by its client id, since its instance id is only a fingerprint', async () => {
    const scope = aScope({ clientType: 'LOCAL_CLIENT' });
    await list(scope, { ...db, clientType: 'LOCAL_CLIENT' });
    void inventory.refresh();
    await settle();
    await service.call(1).end();
    assert.deepEqual(service.call(2).query, { clientIds: ['c-db'] });
  });

  it('asks for at most 99 clients in one read by id', async () => {
    const many = Array.from({ length: 100 }, (_, i) => aBareClient({ instanceId: `i-${i}` }));
    await list(hangzhou, ...many);
    void inventory.refresh();
    await settle();
    await service.call(1).end();
    await service.call(2).end();
    assert.deepEqual(
      service.calls.slice(2).map(({ query }) => query.instanceIds?.length),
      [99, 1],
    );
  });

  it('keeps the rows when a listing fails, and says why', async () => {
    await list(hangzhou, web);
    const listedAt = inventory.state?.listedAt;
    const done = inventory.refresh();
    await settle();
    await service.call(1).fail(new BackupError('unreachable', 'no network'));
    await done;
    assert.equal(inventory.state?.phase, 'failed');
    assert.equal(inventory.state.error?.code, 'unreachable');
    assert.equal(inventory.state.listedAt, listedAt);
    assert.deepEqual(namesOf(inventory.state), ['web']);
    await listAgain(web);
    assert.equal(inventory.state.error, undefined);
  });

  it('keeps the rows that came when a listing is stopped, and calls that no failure', async () => {
    inventory.open(hangzhou);
    const done = inventory.refresh();
    await settle();
    await service.call(0).page([web], 250);
    inventory.stop();
    await done;
    assert.equal(inventory.state?.phase, 'stored');
    assert.equal(inventory.state.error, undefined);
    assert.deepEqual(namesOf(inventory.state), ['web']);
    assert.ok(service.call(0).cancelled());
  });

  it('takes rows that were read by id, keeps them for the next start, and drops those that are gone', async () => {
    await list(hangzhou, web, db);
    inventory.update(hangzhou, [{ ...web, status: 'UPGRADING' }], ['i-db']);
    assert.deepEqual(
      [...(inventory.state?.clients ?? [])].map(([key, { status }]) => [key, status]),
      [['i-web', 'UPGRADING']],
    );
    assert.equal(listings.kept.get(scopeKey(hangzhou))?.clients[0]?.status, 'UPGRADING');
  });

  it('takes no row of another scope', async () => {
    await list(hangzhou, web);
    painted = [];
    inventory.update(beijing, [db]);
    assert.deepEqual(painted, []);
  });

  it('keeps one row for a machine whose client id an install changed', async () => {
    await list(hangzhou, aBareClient({ instanceId: 'i-web' }), db);
    inventory.update(hangzhou, [web]);
    assert.deepEqual([...(inventory.state?.clients.keys() ?? [])].sort(), ['i-db', 'i-web']);
    const reinstalled = { ...web, clientId: 'c-new' };
    void inventory.refresh();
    await settle();
    await clock.advance(200);
    await service.call(1).page([reinstalled]);
    assert.deepEqual([...(inventory.state?.clients.keys() ?? [])].sort(), ['i-db', 'i-web']);
    assert.equal(inventory.state?.clients.get('i-web')?.clientId, 'c-new');
  });

  it('keeps two clients of one machine apart while only one of them was read', async () => {
    const second = { ...web, clientId: 'c-second' };
    await list(hangzhou, web, second);
    inventory.update(hangzhou, [{ ...second, status: 'UPGRADING' }]);
    assert.deepEqual([...(inventory.state?.clients ?? [])].map(([key, { status }]) => [key, status]).sort(), [
      ['i-web+c-second', 'UPGRADING'],
      ['i-web+c-web', 'ACTIVATED'],
    ]);
  });

  it('lets a row that was read by id during a listing win over the older page', async () => {
    await list(hangzhou, { ...web, status: 'UPGRADING' });
    const done = inventory.refresh();
    await settle();
    await service.call(1).page([{ ...web, status: 'UPGRADING' }]);
    inventory.update(hangzhou, [web]);
    await service.call(1).page([db]);
    await service.call(1).end();
    await done;
    assert.equal(inventory.state?.clients.get('i-web')?.status, 'ACTIVATED');
    assert.deepEqual(namesOf(inventory.state), ['db', 'web']);
  });

  it('stops its calls and tells nobody any more once disposed', async () => {
    inventory.open(hangzhou);
    void inventory.refresh();
    await settle();
    painted = [];
    inventory.dispose();
    await settle();
    assert.ok(service.call(0).cancelled());
    assert.deepEqual(painted, []);
  });
});
