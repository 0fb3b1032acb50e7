import { strict as assert } from 'node:assert';
import { nameOf } from '../../../src/core/service/clientFacts';
import { BackupError } from '../../../src/core/service/errors';
import { createInventory, type Inventory, type InventoryState } from '../../../src/core/clients/inventory';
import type { BackupClient } from '../../../src/core/service/model';
import { scopeKey, type Scope } from '../../../src/core/service/scope';
import { aBareClient, aClient, aScope } from '../../support/builders';
import { createHandClock, type HandClock } from '../../support/handClock';
import { HandService, MemoryListings, settle } from '../../support/handService';

const web = aClient({ instanceId: 'i-web', clientId: 'c-web', instanceName: 'web' });
const db = aClient({ instanceId: 'i-db', clientId: 'c-db', instanceName: 'db' });
const hangzhou = aScope();

const namesOf = (state: InventoryState): readonly string[] => [...state.clients.values()].map(nameOf).sort();

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
  });

  function open(scope: Scope = hangzhou, keeps = true): void {
    const log = { write: (_level: string, message: string) => logged.push(message) };
    const kept = keeps ? listings : undefined;
    inventory = createInventory({ scope, api: service, listings: kept, clock, log });
    inventory.onDidChange((state) => painted.push(state));
  }

  /** Opens a scope and lists it whole. */
  async function list(scope: Scope, ...clients: readonly BackupClient[]): Promise<void> {
    open(scope);
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

  it('makes one listing of five refreshes', async () => {
    open();
    const all = Promise.all([1, 2, 3, 4, 5].map(() => inventory.refresh()));
    await settle();
    await service.call(0).page([web, db]);
    await service.call(0).end();
    await all;
    assert.equal(service.calls.length, 1);
    assert.equal(inventory.state.phase, 'ready');
    assert.deepEqual(namesOf(inventory.state), ['db', 'web']);
  });

  it('shows all rows that came before a listing failed', async () => {
    open();
    const done = inventory.refresh();
    await settle();
    await service.call(0).page([web]);
    await service.call(0).page([db]);
    assert.deepEqual(namesOf(inventory.state), ['web']);
    await service.call(0).fail(new BackupError('unreachable', 'broke off'));
    await done;
    assert.deepEqual([inventory.state.phase, inventory.state.received], ['failed', 2]);
    assert.deepEqual(namesOf(inventory.state), ['db', 'web']);
  });

  it('keeps all rows that came before a listing was stopped', async () => {
    open();
    const done = inventory.refresh();
    await settle();
    await service.call(0).page([web]);
    await service.call(0).page([db]);
    inventory.stop();
    await done;
    assert.equal(inventory.state.phase, 'stored');
    assert.deepEqual(namesOf(inventory.state), ['db', 'web']);
  });

  it('leaves out what was not found by ID while the list was read, although a page has it', async () => {
    await list(hangzhou, web, db);
    const done = inventory.refresh();
    await settle();
    await service.call(1).page([web]);
    inventory.update([], ['i-web']);
    await clock.advance(1000);
    await service.call(1).page([db]);
    assert.deepEqual(namesOf(inventory.state), ['db']);
    await service.call(1).end();
    await done;
    assert.deepEqual(namesOf(inventory.state), ['db']);
  });

  it('lists anew once the listing before has ended', async () => {
    await list(hangzhou, web);
    await listAgain(web);
    assert.equal(service.calls.length, 2);
  });

  it('shows the first rows before the whole list, with how many there are', async () => {
    open();
    void inventory.refresh();
    await settle();
    await service.call(0).page([web], 250);
    const { phase, received, total } = inventory.state;
    assert.deepEqual({ phase, received, total }, { phase: 'loading', received: 1, total: 250 });
    assert.deepEqual(namesOf(inventory.state), ['web']);
  });

  it('paints at most every 200 ms while pages come, and the last state always', async () => {
    open();
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
    open();
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

  it('pauses longer after a longer paint, a second at most unless that takes longer itself', async () => {
    for (const [paintMs, expected] of [
      [10, 200],
      [50, 400],
      [800, 1000],
      [1500, 1500],
    ] as const) {
      let passed = 0;
      clock = { ...createHandClock(), monotonic: () => passed };
      open();
      service.calls.length = 0;
      const done = inventory.refresh();
      await settle();
      inventory.onDidChange(() => (passed += paintMs));
      const times: number[] = [];
      inventory.onDidChange(() => times.push(clock.monotonic() - paintMs));
      for (let i = 0; i < 60; i += 1) {
        await service.call(0).page([aClient({ instanceId: `i-${i}`, clientId: `c-${i}` })], 80);
        passed += 100;
      }
      const gaps = times.slice(1).map((at, i) => at - (times[i] ?? 0));
      assert.ok(gaps.length > 1);
      assert.ok(
        gaps.every((gap) => gap >= expected + paintMs && gap < expected + paintMs + 100),
        gaps.join(),
      );
      await service.call(0).end();
      await done;
    }
  });

  it('ends a refresh in which nothing changed with the rows that it began with', async () => {
    await list(hangzhou, web, db, aBareClient({ hostname: 'bare' }));
    const { clients } = inventory.state;
    await listAgain(
      ...[...clients.values()].map((client) => ({ ...client, tags: client.tags.map((tag) => ({ ...tag })) })),
    );
    assert.equal(inventory.state.clients, clients);
    assert.equal(inventory.state.phase, 'ready');
    inventory.update([{ ...web }]);
    assert.equal(inventory.state.clients, clients);
  });

  it('keeps each client that is the same as before, and only those', async () => {
    await list(hangzhou, web, db);
    const before = inventory.state.clients;
    await listAgain(
      { ...db },
      { ...web, tags: [{ key: 'env', value: 'prod' }] },
      aClient({ instanceId: 'i-new' }),
    );
    const { clients } = inventory.state;
    assert.equal(clients.get('i-db'), before.get('i-db'));
    assert.deepEqual(clients.get('i-web')?.tags, [{ key: 'env', value: 'prod' }]);
    assert.deepEqual([...clients.keys()], ['i-web', 'i-db', 'i-new']);
    assert.equal(before.size, 2);
  });

  it('sees a second client that comes to an instance, and keeps both where they are the same', async () => {
    const second = { ...web, clientId: 'c-second' };
    await list(hangzhou, web, db);
    const done = inventory.refresh();
    await settle();
    await service.call(1).page([web, second, db]);
    await service.call(1).end();
    // Its row has another key now, so it's read by ID.
    await service.call(2).page([web, second]);
    await service.call(2).end();
    await done;
    assert.deepEqual([...inventory.state.clients.keys()].sort(), ['i-db', 'i-web+c-second', 'i-web+c-web']);
    const { clients } = inventory.state;
    const again = inventory.refresh();
    await settle();
    await service.call(3).page([{ ...web }, { ...second }, { ...db }]);
    await service.call(3).end();
    await again;
    assert.equal(inventory.state.clients, clients);
  });

  it('shows the last listing of a scope at once, with its age, until it was read again', async () => {
    listings.kept.set(scopeKey(hangzhou), { clients: [web], listedAt: 1_000 });
    open();
    await settle();
    assert.equal(inventory.state.phase, 'stored');
    assert.equal(inventory.state.listedAt, 1_000);
    assert.deepEqual(namesOf(inventory.state), ['web']);
    await listAgain(web, db);
    assert.equal(inventory.state.listedAt, clock.now());
    assert.equal(listings.kept.get(scopeKey(hangzhou))?.clients.length, 2);
  });

  it('waits for the stored listing before it reads pages, so that no row vanishes between them', async () => {
    listings.kept.set(scopeKey(hangzhou), { clients: [web], listedAt: 1_000 });
    open();
    void inventory.refresh();
    await settle();
    assert.equal(inventory.state.phase, 'loading');
    assert.deepEqual(namesOf(inventory.state), ['web']);
  });

  it('neither shows nor keeps a listing for a scope that has no right to one', async () => {
    listings.kept.set(scopeKey(hangzhou), { clients: [web], listedAt: 1_000 });
    open(hangzhou, false);
    await settle();
    assert.equal(inventory.state.phase, 'empty');
    await listAgain(web, db);
    assert.equal(listings.kept.get(scopeKey(hangzhou))?.clients.length, 1);
  });

  it('goes on without a stored listing that cannot be read', async () => {
    listings.readFailure = new Error('torn');
    await list(hangzhou, web);
    assert.equal(inventory.state.phase, 'ready');
    assert.deepEqual(logged, ['stored listing could not be read']);
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
    assert.equal(inventory.state.clients.get('i-db')?.status, 'STOPPED');
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

  it('goes on when one of two clients of an instance disappears: the other, old rows and new ones stay', async () => {
    const [old, live] = ['c-old', 'c-live'].map((clientId) => ({ ...web, clientId, instanceName: clientId }));
    assert.ok(old && live);
    await list(hangzhou, old, live);
    const done = inventory.refresh();
    await settle();
    await service.call(1).page([live, db], 2);
    await service.call(1).end();
    assert.deepEqual(service.call(2).query, { instanceIds: ['i-web'] });
    await service.call(2).page([live], 1);
    await service.call(2).end();
    await done;
    assert.equal(inventory.state.phase, 'ready');
    assert.deepEqual(namesOf(inventory.state), ['c-live', 'db']);
    assert.deepEqual([...inventory.state.clients.keys()], ['i-web', 'i-db']);
  });

  it('shows clients without any id as rows of their own, and asks for none of them by id', async () => {
    const nameless = ['a', 'b', 'c'].map((hostname) => aBareClient({ hostname, status: 'UPGRADING' }));
    await list(hangzhou, web, ...nameless);
    assert.deepEqual(namesOf(inventory.state), ['a', 'b', 'c', 'web']);
    inventory.update([{ ...web, status: 'STOPPED' }]);
    assert.deepEqual(namesOf(inventory.state), ['a', 'b', 'c', 'web']);
    await listAgain(web, ...nameless.slice(1));
    assert.deepEqual(namesOf(inventory.state), ['b', 'c', 'web']);
    assert.equal(service.calls.length, 2);
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
    const listedAt = inventory.state.listedAt;
    const done = inventory.refresh();
    await settle();
    await service.call(1).fail(new BackupError('unreachable', 'no network'));
    await done;
    assert.equal(inventory.state.phase, 'failed');
    assert.equal(inventory.state.error?.code, 'unreachable');
    assert.equal(inventory.state.listedAt, listedAt);
    assert.deepEqual(namesOf(inventory.state), ['web']);
    await listAgain(web);
    assert.equal(inventory.state.error, undefined);
  });

  it('keeps the rows that came when a listing is stopped, and calls that no failure', async () => {
    open();
    const done = inventory.refresh();
    await settle();
    await service.call(0).page([web], 250);
    inventory.stop();
    await done;
    assert.equal(inventory.state.phase, 'stored');
    assert.equal(inventory.state.error, undefined);
    assert.deepEqual(namesOf(inventory.state), ['web']);
    assert.ok(service.call(0).cancelled());
  });

  it('takes rows that were read by id, keeps them for the next start, and drops those that are gone', async () => {
    await list(hangzhou, web, db);
    inventory.update([{ ...web, status: 'UPGRADING' }], ['i-db']);
    assert.deepEqual(
      [...inventory.state.clients].map(([key, { status }]) => [key, status]),
      [['i-web', 'UPGRADING']],
    );
    assert.equal(listings.kept.get(scopeKey(hangzhou))?.clients[0]?.status, 'UPGRADING');
  });

  it('keeps one row for a machine whose client id an install changed', async () => {
    await list(hangzhou, aBareClient({ instanceId: 'i-web' }), db);
    inventory.update([web]);
    assert.deepEqual([...inventory.state.clients.keys()].sort(), ['i-db', 'i-web']);
    const reinstalled = { ...web, clientId: 'c-new' };
    void inventory.refresh();
    await settle();
    await clock.advance(200);
    await service.call(1).page([reinstalled]);
    assert.deepEqual([...inventory.state.clients.keys()].sort(), ['i-db', 'i-web']);
    assert.equal(inventory.state.clients.get('i-web')?.clientId, 'c-new');
  });

  it('keeps two clients of one machine apart while only one of them was read', async () => {
    const second = { ...web, clientId: 'c-second' };
    await list(hangzhou, web, second);
    inventory.update([{ ...second, status: 'UPGRADING' }]);
    assert.deepEqual([...inventory.state.clients].map(([key, { status }]) => [key, status]).sort(), [
      ['i-web+c-second', 'UPGRADING'],
      ['i-web+c-web', 'ACTIVATED'],
    ]);
  });

  it('lets a row that was read by id during a listing win over the older page', async () => {
    await list(hangzhou, { ...web, status: 'UPGRADING' });
    const done = inventory.refresh();
    await settle();
    await service.call(1).page([{ ...web, status: 'UPGRADING' }]);
    inventory.update([web]);
    await service.call(1).page([db]);
    await service.call(1).end();
    await done;
    assert.equal(inventory.state.clients.get('i-web')?.status, 'ACTIVATED');
    assert.deepEqual(namesOf(inventory.state), ['db', 'web']);
  });

  describe('of a scope with a filter', () => {
    const filter = { tags: [{ key: 'team', value: 'shop' }] };
    const shop = { ...web, tags: filter.tags };
    const narrowed = aScope({ filter });

    it("does not add another client of an instance that isn't in it", async () => {
      await list(narrowed, shop);
      inventory.update([shop, { ...web, clientId: 'c-second' }]);
      assert.deepEqual(
        [...inventory.state.clients].map(([key, { clientId }]) => [key, clientId]),
        [['i-web', 'c-web']],
      );
    });

    it('keeps the row of a client that left it until the next listing, with what was read', async () => {
      await list(narrowed, shop, { ...db, tags: filter.tags });
      inventory.update([{ ...web, status: 'UPGRADING' }]);
      assert.equal(inventory.state.clients.get('i-web')?.status, 'UPGRADING');
      const done = inventory.refresh();
      await settle();
      await service.call(1).page([{ ...db, tags: filter.tags }]);
      await service.call(1).end();
      assert.deepEqual(service.call(2).query, { instanceIds: ['i-web'] });
      await service.call(2).page([web]);
      await service.call(2).end();
      await done;
      assert.deepEqual([...inventory.state.clients.keys()], ['i-db']);
    });

    it('keeps a client that a listing skipped although it meets it', async () => {
      await list(narrowed, shop, { ...db, tags: filter.tags });
      const done = inventory.refresh();
      await settle();
      await service.call(1).page([{ ...db, tags: filter.tags }]);
      await service.call(1).end();
      await service.call(2).page([shop]);
      await service.call(2).end();
      await done;
      assert.deepEqual([...inventory.state.clients.keys()].sort(), ['i-db', 'i-web']);
    });

    it('follows an install that gives a row another ClientId and no tags yet', async () => {
      await list(narrowed, aBareClient({ instanceId: 'i-web', tags: filter.tags }));
      inventory.update([web]);
      assert.equal(inventory.state.clients.get('i-web')?.clientId, 'c-web');
    });

    it('takes a new client that meets it', async () => {
      await list(narrowed, shop);
      inventory.update([{ ...db, tags: filter.tags }]);
      assert.deepEqual([...inventory.state.clients.keys()].sort(), ['i-db', 'i-web']);
    });
  });

  it('stops its calls, drops its rows and tells nobody any more once disposed', async () => {
    open();
    const done = inventory.refresh();
    await settle();
    await service.call(0).page([web]);
    painted = [];
    inventory.dispose();
    inventory.update([db]);
    await inventory.refresh();
    await done;
    assert.ok(service.call(0).cancelled());
    assert.deepEqual(namesOf(inventory.state), []);
    assert.deepEqual(painted, []);
    assert.equal(service.calls.length, 1);
    assert.equal(listings.kept.size, 0);
  });
});
