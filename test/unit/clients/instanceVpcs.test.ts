import { strict as assert } from 'node:assert';
import type { GroupBy } from '../../../src/core/clients/grouping/groupBy';
import { createInstanceVpcs, vpcTrouble, type InstanceVpcs } from '../../../src/core/clients/instanceVpcs';
import type { InventoryState } from '../../../src/core/clients/inventory';
import type { Listing } from '../../../src/core/clients/listing';
import { throwIfCancelled } from '../../../src/core/kernel/cancelled';
import { Emitter } from '../../../src/core/kernel/events';
import type { InstanceApi } from '../../../src/core/service/api';
import { keyClients } from '../../../src/core/service/clientFacts';
import { BackupError } from '../../../src/core/service/errors';
import type { Instance } from '../../../src/core/service/model';
import { scopeKey, type Scope } from '../../../src/core/service/scope';
import { aClient, aScope } from '../../support/builders';
import { createKeptLog, held } from '../../support/operationBuilders';
import { settle } from '../../support/handService';

type Pages = Generator<readonly Instance[]> | AsyncGenerator<readonly Instance[], void, void>;

interface Read {
  readonly regionId: string;
  readonly ids: readonly string[];
  readonly isAborted: () => boolean;
}

describe('VPCs of listed clients', () => {
  const sessionChanges = new Emitter<void>();
  const choiceChanges = new Emitter<void>();
  let listings: readonly Listing[];
  let groupBy: GroupBy;
  let filter: string;
  let reads: Read[];
  let answer: (ids: readonly string[]) => Pages;
  let log: ReturnType<typeof createKeptLog>;
  let vpcs: InstanceVpcs;

  beforeEach(() => {
    listings = [listingOf(['i-1', 'i-2'])];
    groupBy = ['status', 'zone'];
    filter = '';
    reads = [];
    answer = function* (ids) {
      yield ids.map((id) => instanceOf(id, `vpc-of-${id}`));
    };
    log = createKeptLog();
    const api: Pick<InstanceApi, 'listInstances'> = {
      async *listInstances({ regionId }, { instanceIds = [] }, { signal }) {
        reads.push({ regionId, ids: instanceIds, isAborted: () => signal.aborted });
        for await (const page of answer(instanceIds)) {
          throwIfCancelled(signal);
          yield page;
        }
      },
    };
    vpcs = createInstanceVpcs({
      api,
      session: {
        get listings() {
          return listings;
        },
        onDidChange: sessionChanges.event,
      },
      choices: { groupBy: () => groupBy, filter: () => filter, onDidChange: choiceChanges.event },
      log,
    });
  });
  afterEach(() => vpcs.dispose());

  const group = async (by: GroupBy): Promise<void> => {
    groupBy = by;
    choiceChanges.fire();
    await settle();
  };
  const show = async (...shown: readonly Listing[]): Promise<void> => {
    listings = shown;
    sessionChanges.fire();
    await settle();
  };
  const known = (at = 0): readonly (readonly [string, string])[] => {
    const listing = listings[at];
    return listing ? [...vpcs.vpcIdsOf(listing)] : [];
  };
  const askedIds = () => reads.map(({ ids }) => ids);

  it('are read only when clients are grouped or filtered by them', async () => {
    await group(['zone', 'os']);
    filter = 'zone:x vpc:';
    choiceChanges.fire();
    await settle();
    assert.deepEqual(reads, []);
    await group(['zone', 'vpc']);
    assert.deepEqual(askedIds(), [['i-1', 'i-2']]);
    assert.deepEqual(known(), [
      ['i-1', 'vpc-of-i-1'],
      ['i-2', 'vpc-of-i-2'],
    ]);
  });

  it('are read for a filter as well', async () => {
    filter = 'web vpc:none';
    choiceChanges.fire();
    await settle();
    assert.deepEqual(askedIds(), [['i-1', 'i-2']]);
  });

  it('are none in a classic network, and not known where ECS knows no such instance', async () => {
    answer = function* () {
      yield [instanceOf('i-1')];
    };
    await group(['vpc']);
    assert.deepEqual(known(), [['i-1', '']]);
    sessionChanges.fire();
    await settle();
    assert.equal(reads.length, 1);
  });

  it('become known all at once, and the view can show that they are being read', async () => {
    const gate = held<undefined>();
    answer = async function* () {
      yield [instanceOf('i-1', 'vpc-1')];
      await gate.promise;
      yield [instanceOf('i-2', 'vpc-2')];
    };
    const seen: unknown[] = [];
    vpcs.onDidChange(() => seen.push([vpcs.isReading, known().length]));
    await group(['vpc']);
    gate.settle(undefined);
    await settle();
    assert.deepEqual(seen, [
      [true, 0],
      [false, 2],
    ]);
  });

  it('are read of ECS clients of the own account only, once their list is complete', async () => {
    const crossAccount = { type: 'CROSS_ACCOUNT', userId: '99', roleName: 'backup' } as const;
    const at = (regionId: string) => aScope({ regionId });
    await show(
      listingOf(['i-1'], aScope({ crossAccount })),
      listingOf(['i-2'], aScope({ clientType: 'CONTAINER_CLIENT' })),
      listingOf(['i-3'], aScope({ clientType: 'LOCAL_CLIENT' })),
      listingOf(['i-4'], at('cn-beijing'), 'loading'),
      listingOf(['i-5'], at('cn-shanghai'), 'stored'),
      listingOf(['i-6'], at('cn-shenzhen')),
    );
    await group(['vpc']);
    assert.deepEqual(
      reads.map(({ regionId, ids }) => [regionId, ids]),
      [['cn-shenzhen', ['i-6']]],
    );
  });

  it('are read of clients that are new in the list, and of no others again', async () => {
    const [listing] = listings;
    await group(['vpc']);
    assert.ok(listing);
    Object.assign(listing.inventory, { state: stateOf(listing.scope, ['i-1', 'i-2', 'i-3'], 'ready') });
    sessionChanges.fire();
    await settle();
    assert.deepEqual(askedIds(), [['i-1', 'i-2'], ['i-3']]);
    assert.equal(known().length, 3);
  });

  it('that cannot be read are not known, said once, and left alone until the next refresh', async () => {
    const denied = new BackupError('permission-denied', 'no', { ramAction: 'ecs:DescribeInstances' });
    const works = answer;
    answer = function* () {
      yield [instanceOf('i-1', 'vpc-1')];
      throw denied;
    };
    await group(['vpc']);
    sessionChanges.fire();
    await group(['vpc', 'zone']);
    assert.deepEqual([reads.length, log.lines.length, vpcs.error], [1, 1, denied]);
    assert.deepEqual(known(), [['i-1', 'vpc-1']]);
    assert.equal(
      vpcTrouble(denied),
      "Some VPCs aren't known. You don't have the ecs:DescribeInstances permission. " +
        'Ask your RAM administrator to grant it.',
    );

    await group(['zone']);
    assert.equal(vpcs.error, undefined);
    answer = works;
    await group(['vpc']);
    assert.equal(reads.length, 1);
    vpcs.readAgain('another listing');
    sessionChanges.fire();
    await settle();
    assert.equal(reads.length, 1);
    vpcs.readAgain(listings[0]?.key);
    sessionChanges.fire();
    await settle();
    assert.deepEqual([reads.length, vpcs.error, known().length], [2, undefined, 2]);
  });

  it('stay while they are read again', async () => {
    await group(['vpc']);
    const before = known();
    const gate = held<undefined>();
    answer = async function* (ids) {
      await gate.promise;
      yield ids.map((id) => instanceOf(id, 'vpc-moved'));
    };
    vpcs.readAgain();
    sessionChanges.fire();
    await settle();
    assert.deepEqual(known(), before);
    gate.settle(undefined);
    await settle();
    assert.deepEqual(known(), [
      ['i-1', 'vpc-moved'],
      ['i-2', 'vpc-moved'],
    ]);
  });

  it('are no longer read when nothing needs them or their listing is closed, and not known after that', async () => {
    const gate = held<undefined>();
    const works = answer;
    answer = async function* () {
      await gate.promise;
      yield [instanceOf('i-1', 'vpc-1')];
    };
    await group(['vpc']);
    await group(['zone']);
    assert.deepEqual([reads[0]?.isAborted(), vpcs.isReading], [true, false]);
    await group(['vpc']);
    const again = listingOf(['i-1', 'i-2']);
    await show(again);
    assert.deepEqual(
      reads.map(({ isAborted }) => isAborted()),
      [true, true, false],
    );
    gate.settle(undefined);
    await settle();
    assert.deepEqual(known(), [['i-1', 'vpc-1']]);
    answer = works;
    await show();
    assert.equal(vpcs.vpcIdsOf(again).size, 0);
    assert.deepEqual([log.lines, vpcs.error], [[], undefined]);
  });
});

function instanceOf(instanceId: string, vpcId?: string): Instance {
  return {
    ...{ instanceId, status: 'Running', privateIps: [], publicIps: [], tags: [] },
    ...(vpcId !== undefined && { vpcId }),
  };
}

function listingOf(
  ids: readonly string[],
  scope: Scope = aScope(),
  phase: InventoryState['phase'] = 'ready',
): Listing {
  return {
    key: scopeKey(scope),
    scope,
    amongTypes: false,
    profile: { id: scope.profileId, name: 'production', regionId: scope.regionId },
    inventory: { state: stateOf(scope, ids, phase), refresh: () => Promise.resolve() },
    state: 'ready',
  };
}

function stateOf(scope: Scope, ids: readonly string[], phase: InventoryState['phase']): InventoryState {
  return {
    scope,
    clients: keyClients(
      ids.map((instanceId) =>
        aClient({ instanceId, clientId: `c-${instanceId}`, clientType: scope.clientType }),
      ),
    ),
    phase,
    received: ids.length,
    total: ids.length,
    listedAt: 0,
    changedWhileReading: false,
    error: undefined,
  };
}
