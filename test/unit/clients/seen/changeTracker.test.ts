import { strict as assert } from 'node:assert';
import type { InventoryState } from '../../../../src/core/clients/inventory';
import { ChangeTracker } from '../../../../src/core/clients/seen/changeTracker';
import { changesInWords, hasChanges } from '../../../../src/core/clients/seen/changesText';
import type { ClientChanges } from '../../../../src/core/clients/seen/seenClients';
import { keyClients } from '../../../../src/core/service/clientFacts';
import type { BackupClient } from '../../../../src/core/service/model';
import { aBareClient, aClient, aScope } from '../../../support/builders';
import { MemorySeen } from '../../../support/handService';

const named = (name: string, fields: Partial<BackupClient> = {}): BackupClient =>
  aClient({ instanceName: name, instanceId: `i-${name}`, clientId: `c-${name}`, ...fields });

describe('what changed since the user last looked', () => {
  let store: MemorySeen;
  let fired: number;
  let tracker: ChangeTracker;
  let at: number;

  beforeEach(() => {
    store = new MemorySeen();
    at = 1000;
    start();
  });

  /** A new session. */
  function start(keeps = true): void {
    fired = 0;
    tracker = new ChangeTracker({
      scope: aScope(),
      store: keeps ? store : undefined,
      log: { write: () => undefined },
      onChange: () => fired++,
    });
  }

  async function list(
    clients: readonly BackupClient[],
    { visible = true, ...state }: Partial<InventoryState> & { readonly visible?: boolean } = {},
  ): Promise<void> {
    const whole: InventoryState = {
      scope: aScope(),
      clients: keyClients(clients),
      phase: 'ready',
      received: clients.length,
      total: clients.length,
      listedAt: at,
      changedWhileReading: false,
      error: undefined,
      ...state,
    };
    await tracker.follow(whole, visible);
  }

  const keys = ({ new: added, changed, gone, goneNames }: ClientChanges) => ({
    new: [...added],
    changed: [...changed],
    gone: [...gone],
    goneNames,
  });
  const changes = () => tracker.changes && keys(tracker.changes);
  const none = { new: [], changed: [], gone: [], goneNames: [] };

  it('is nothing the first time: there is nothing to compare with', async () => {
    await list([named('web')]);
    assert.deepEqual(changes(), none);
  });

  it('is what is new, what is gone by name, and another status or version', async () => {
    await list([named('web'), named('db'), named('old'), named('same')]);
    start();
    at = 5000;
    await list([
      named('web', { status: 'STOPPED' }),
      named('db', { clientVersion: '2.4.6' }),
      named('same', { instanceName: 'renamed', lastHeartBeatTime: 7 }),
      named('fresh'),
    ]);
    assert.deepEqual(changes(), {
      new: ['i-fresh'],
      changed: ['i-web', 'i-db'],
      gone: ['i-old'],
      goneNames: ['old'],
    });
    assert.equal(tracker.changes?.since, 1000);
    assert.equal(fired, 1);
  });

  it('stays over refreshes of a session, and is compared with its end in the next', async () => {
    await list([named('web')]);
    start();
    await list([named('web'), named('db')]);
    at = 2000;
    await list([named('web'), named('db')]);
    assert.deepEqual(changes()?.new, ['i-db']);
    start();
    await list([named('web'), named('db')]);
    assert.deepEqual(changes(), none);
  });

  it("leaves out what happens before the user's eyes", async () => {
    await list([named('web'), named('old')]);
    start();
    await list([named('web'), named('old'), named('db')]);
    at = 2000;
    await list([named('web', { status: 'STOPPED' }), named('db'), named('app')]);
    assert.deepEqual(changes(), { ...none, new: ['i-db'] });
  });

  it('leaves out what is read by ID, as after an operation, also while the view is hidden', async () => {
    await list([named('web'), named('db'), aBareClient({ instanceId: 'i-new' })]);
    start();
    await list([named('web', { status: 'STOPPED' }), named('db'), aBareClient({ instanceId: 'i-new' })]);
    const second = named('new', { clientId: 'c-second' });
    await list([named('web', { status: 'STOPPED' }), named('db', { clientVersion: '2.4.6' }), named('new')], {
      visible: false,
    });
    assert.deepEqual(changes(), { ...none, changed: ['i-web'] });
    // The keys of both clients name their ClientId now.
    await list([named('web', { status: 'STOPPED' }), named('new'), second], { visible: false });
    assert.deepEqual(changes(), { ...none, changed: ['i-web'] });
  });

  it('follows a fleet that changes as a whole in a moment', async () => {
    const fleet = (clientVersion: string) =>
      Array.from({ length: 10_000 }, (_, n) => named(`web-${String(n)}`, { clientVersion }));
    await list(fleet('2.4.5'));
    const { user } = process.cpuUsage();
    at = 2000;
    await list(fleet('2.4.6'));
    const milliseconds = (process.cpuUsage().user - user) / 1000;
    assert.deepEqual(changes(), none);
    assert.ok(milliseconds < 1500, `${milliseconds} ms`);
  });

  it('adds what a later list shows that came while the view was hidden', async () => {
    await list([named('web')]);
    at = 2000;
    await list([named('web'), named('db')], { visible: false });
    assert.deepEqual(changes()?.new, ['i-db']);
  });

  it('stays for the next session where the view was not visible in this one', async () => {
    await list([named('web')]);
    start();
    await list([named('web'), named('db')], { visible: false });
    assert.deepEqual(changes()?.new, ['i-db']);
    start();
    await list([named('web'), named('db')]);
    assert.deepEqual(changes()?.new, ['i-db']);
  });

  it('counts as shown once the view becomes visible, without another listing', async () => {
    await list([named('web')]);
    start();
    const clients = keyClients([named('web'), named('db')]);
    await list([], { clients, visible: false });
    await list([], { clients, visible: true });
    start();
    await list([named('web'), named('db')]);
    assert.deepEqual(changes(), none);
  });

  it('ends when the user says so, also for the next session', async () => {
    await list([named('web')]);
    start();
    await list([named('web'), named('db')], { visible: false });
    tracker.markSeen();
    assert.deepEqual(changes(), none);
    assert.equal(fired, 2);
    start();
    await list([named('web'), named('db')], { visible: false });
    assert.deepEqual(changes(), none);
  });

  it('is not judged by a list that is not complete', async () => {
    await list([named('web'), named('db')]);
    start();
    for (const phase of ['stored', 'loading', 'failed', 'empty'] as const) {
      await list([named('web')], { phase });
    }
    await list([named('web')], { changedWhileReading: true });
    assert.equal(tracker.changes, undefined);
    tracker.markSeen();
    await list([named('web')]);
    assert.deepEqual(changes()?.gone, ['i-db']);
  });

  it('knows a client again when another one comes to its instance, and when it was installed', async () => {
    const second = named('web', { clientId: 'c-second' });
    await list([named('web'), aBareClient({ instanceId: 'i-new' })]);
    start();
    await list([named('web'), second, named('new')]);
    assert.deepEqual(changes(), { ...none, new: ['i-web+c-second'], changed: ['i-new'] });
    start();
    await list([named('web'), named('new')]);
    assert.deepEqual(changes(), { ...none, gone: ['i-web+c-second'], goneNames: ['web'] });
  });

  it('lasts for the session where nothing may be kept', async () => {
    start(false);
    await list([named('web')]);
    at = 2000;
    await list([named('web'), named('db')], { visible: false });
    assert.deepEqual(changes()?.new, ['i-db']);
    assert.equal(store.kept.size, 0);
  });

  describe('in words', () => {
    const time = (ms: number) => `T${ms}`;

    it('counts kinds over all lists since the earliest, and names what is gone', async () => {
      await list(['a', 'b', 'c', 'd', 'e'].map((name) => named(name)));
      start();
      await list([named('e', { status: 'STOPPED' }), named('x'), named('y')]);
      const { changes: first } = tracker;
      assert.ok(first && hasChanges(first));
      assert.equal(
        changesInWords([first, { ...first, since: 2000 }], time),
        'Changes since T1000: 4 new, 2 changed, and 8 gone (a, b, c, …).',
      );
    });

    it('is nothing where nothing changed', async () => {
      await list([named('web')]);
      assert.ok(tracker.changes && !hasChanges(tracker.changes));
      assert.equal(changesInWords([tracker.changes], time), undefined);
    });
  });
});
