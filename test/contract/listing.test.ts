import { strict as assert } from 'node:assert';
import { isCancelled } from '../../src/core/service/errors';
import type { ListingEnd } from '../../src/core/service/api';
import {
  startSimulator,
  type ArrivedCall,
  type Simulator,
  type SimulatorOptions,
} from '../../simulator/main';
import { neverCancelled } from '../support/apiBuilders';
import { createSimulatedApi, type Simulated } from '../support/simulated';

interface Listing {
  readonly ids: readonly string[];
  readonly end: ListingEnd;
}

async function list({ api, scope }: Simulated): Promise<Listing> {
  const ids: string[] = [];
  const reading = api.listClients(scope, {}, neverCancelled);
  for (;;) {
    const step = await reading.next();
    if (step.done === true) return { ids, end: step.value };
    ids.push(...step.value.clients.map(({ instanceId }) => instanceId ?? ''));
  }
}

async function withSimulator(
  options: SimulatorOptions,
  work: (simulator: Simulator, simulated: Simulated) => Promise<void>,
): Promise<void> {
  const simulator = await startSimulator(options);
  const simulated = createSimulatedApi(simulator);
  try {
    await work(simulator, simulated);
  } finally {
    simulated.api.dispose();
    await simulator.dispose();
  }
}

const instanceIds = (simulator: Simulator): string[] =>
  simulator.clients().map(({ InstanceId }) => InstanceId);

/** Does this before the service reads the second page for the first time. */
function beforeSecondPage(simulator: Simulator, change: () => void): void {
  const stop = simulator.onRequest((call: ArrivedCall) => {
    if (call.parameters['PageNumber'] === '1') return;
    stop();
    change();
  });
}

function assertEachOnce(listing: Listing, throughout: readonly string[]): void {
  assert.equal(new Set(listing.ids).size, listing.ids.length, 'a client appeared twice');
  for (const id of throughout) assert.ok(listing.ids.includes(id), `${id} is missing`);
}

describe('a listing while rows move', () => {
  it('misses no client when rows before it are deleted', () =>
    withSimulator({ clients: 400 }, async (simulator, simulated) => {
      const gone = instanceIds(simulator).slice(10, 13);
      beforeSecondPage(simulator, () => {
        for (const id of gone) simulator.deleteClient(id);
      });
      const listing = await list(simulated);
      assertEachOnce(listing, instanceIds(simulator));
      assert.equal(listing.end.changedWhileReading, false);
    }));

  it('gives no client twice when rows are inserted before it', () =>
    withSimulator({ clients: 400 }, async (simulator, simulated) => {
      beforeSecondPage(simulator, () => {
        simulator.insertClient({ InstanceId: 'i-first' }, 0);
        simulator.insertClient({ InstanceId: 'i-second' }, 0);
      });
      assertEachOnce(await list(simulated), instanceIds(simulator));
    }));

  it('is not deceived by a deletion and an insertion that leave the count as it was', () =>
    withSimulator({ clients: 400 }, async (simulator, simulated) => {
      const gone = instanceIds(simulator)[10] ?? '';
      beforeSecondPage(simulator, () => {
        simulator.deleteClient(gone);
        simulator.insertClient({ InstanceId: 'i-new' });
      });
      assertEachOnce(await list(simulated), instanceIds(simulator));
    }));

  it('reads at most three times and says that the list changed', () =>
    withSimulator({ clients: 400 }, async (simulator, simulated) => {
      simulator.onRequest((call) => {
        if (call.action === 'DescribeBackupClients') simulator.deleteClient(instanceIds(simulator)[0] ?? '');
      });
      const listing = await list(simulated);
      assert.equal(listing.end.changedWhileReading, true);
      assert.equal(
        simulator.journal().filter(({ parameters }) => parameters['PageNumber'] === '1').length,
        3,
      );
      assertEachOnce(listing, instanceIds(simulator));
    }));
});

describe('a listing of a service whose pages are not as documented', () => {
  for (const [name, odd] of [
    ['smaller than asked for', { rows: 50 }],
    ['counted as none', { total: 0 }],
    ['counted as fewer than none', { total: -1 }],
    ['counted as far more than there are', { total: 1_000_000 }],
    ['smaller and counted as none', { rows: 50, total: 0 }],
  ] as const) {
    it(`is complete, with a bound and without a warning: ${name}`, () =>
      withSimulator(
        { clients: 250, faults: [{ action: 'DescribeBackupClients', fault: 'oddPages', ...odd }] },
        async (simulator, simulated) => {
          const listing = await list(simulated);
          assertEachOnce(listing, instanceIds(simulator));
          assert.equal(listing.ids.length, simulator.clients().length);
          assert.equal(listing.end.changedWhileReading, false);
          assert.ok(simulator.journal().length <= 64, String(simulator.journal().length));
        },
      ));
  }
});

describe('a long listing', () => {
  it('reads page 1, then up to 32 at once, over hardly more connections', () =>
    withSimulator({ clients: 9900, latencyMs: 50 }, async (simulator, simulated) => {
      const listing = await list(simulated);
      assert.equal(new Set(listing.ids).size, 9900);
      assert.equal(simulator.journal().length, 100);
      assert.ok(
        simulator.peakInFlight() > 16 && simulator.peakInFlight() <= 32,
        String(simulator.peakInFlight()),
      );
      assert.ok(simulator.connections() <= 34, String(simulator.connections()));
    }));

  it('reads only the pages of its filter: 300 clients of 9,900 are 4 requests', () =>
    withSimulator({ clients: 9900 }, async (simulator, { api, scope, logged }) => {
      const own = instanceIds(simulator).filter((_, index) => index % 33 === 0);
      const tags = [{ key: 'owner', value: 'shop' }];
      for (const id of own) simulator.updateClient(id, { Tags: [{ Key: 'owner', Value: 'shop' }] });
      const listing = await list({ api, scope: { ...scope, filter: { tags } }, logged });
      assert.equal(own.length, 300);
      assert.deepEqual([...listing.ids].sort(), [...own].sort());
      const calls = simulator.journal();
      assert.equal(calls.length, 4);
      assert.ok(calls.every(({ parameters }) => parameters['Tag.1.Key'] === 'owner'));
    }));

  it('comes through throttling whole, with fewer calls at once', () =>
    withSimulator(
      {
        clients: 3000,
        latencyMs: 5,
        faults: [
          { action: 'DescribeBackupClients', fault: 'throttle', nth: [2, 5, 9, 17, 18], retryAfterMs: 20 },
        ],
      },
      async (simulator, simulated) => {
        const listing = await list(simulated);
        assert.equal(new Set(listing.ids).size, 3000);
        assert.equal(simulator.journal().length, 31 + 5);
        assert.ok(simulator.peakInFlight() < 24, String(simulator.peakInFlight()));
      },
    ));

  it('makes no call any more once it is cancelled', () =>
    withSimulator({ clients: 9900, latencyMs: 50 }, async (simulator, { api, scope }) => {
      const controller = new AbortController();
      const reading = api.listClients(scope, {}, controller);
      await reading.next();
      controller.abort();
      await assert.rejects(async () => {
        for (;;) if ((await reading.next()).done === true) return;
      }, isCancelled);
      const calls = simulator.journal().length;
      await new Promise((resolve) => setImmediate(resolve));
      assert.ok(calls <= 17);
      assert.equal(simulator.journal().length, calls);
    }));
});

describe('the time scale', () => {
  it('is what a server on this computer announces', () =>
    withSimulator({ clients: 1, timeScale: 60 }, async (_, { api, scope }) => {
      assert.equal(api.timeScale(scope), 1);
      await api.listRegions(scope.profileId, scope.regionId, neverCancelled);
      assert.equal(api.timeScale(scope), 60);
    }));
});
