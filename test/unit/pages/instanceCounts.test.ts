import { strict as assert } from 'node:assert';
import { countObstacle, createInstanceCounts } from '../../../src/core/pages/overview/instanceCounts';
import type { InstanceApi } from '../../../src/core/service/api';
import { BackupError } from '../../../src/core/service/errors';
import type { Instance } from '../../../src/core/service/model';
import type { Scope } from '../../../src/core/service/scope';
import { aScope } from '../../support/builders';
import { createKeptLog, held } from '../../support/operationBuilders';

const hangzhou = { key: 'hangzhou', scope: aScope() };
const beijing = { key: 'beijing', scope: aScope({ regionId: 'cn-beijing' }) };

describe('counting ECS instances', () => {
  it('asks nothing until it is told to, then one listing after the other', async () => {
    const { counts, asked } = create(function* () {
      yield page('i-1', 'i-2');
      yield page('i-2', 'i-3');
    });
    assert.deepEqual([asked, counts.of('hangzhou')], [[], undefined]);
    await counts.count([hangzhou, beijing]);
    assert.deepEqual(asked, ['cn-hangzhou', 'cn-beijing']);
    assert.deepEqual(counts.of('hangzhou'), {
      phase: 'counted',
      instanceIds: new Set(['i-1', 'i-2', 'i-3']),
    });
  });

  it('says after each page how many were read', async () => {
    const { counts } = create(function* () {
      yield page('i-1', 'i-2');
      yield page('i-3');
    });
    const seen: unknown[] = [];
    counts.onDidChange(() => seen.push(counts.of('hangzhou')));
    await counts.count([hangzhou]);
    assert.deepEqual(seen.slice(0, 3), [
      { phase: 'counting', read: 0 },
      { phase: 'counting', read: 2 },
      { phase: 'counting', read: 3 },
    ]);
  });

  it('counts the other listings where one fails', async () => {
    const error = new BackupError('permission-denied', 'no');
    const { counts } = create(function* ({ regionId }) {
      if (regionId === 'cn-hangzhou') throw error;
      yield page('i-1');
    });
    await counts.count([hangzhou, beijing]);
    assert.deepEqual(counts.of('hangzhou'), { phase: 'failed', error });
    assert.equal(counts.of('beijing')?.phase, 'counted');
  });

  it('forgets what it was reading when it is canceled, and reads no further listing', async () => {
    const gate = held<readonly Instance[]>();
    const { counts, asked } = create(async function* () {
      yield await gate.promise;
    });
    const counting = counts.count([hangzhou, beijing]);
    counts.cancel();
    gate.settle(page('i-1'));
    await counting;
    assert.deepEqual(
      [asked, counts.of('hangzhou'), counts.of('beijing')],
      [['cn-hangzhou'], undefined, undefined],
    );
  });

  it('counts only what the profile itself can list, and only a whole region of ECS clients', () => {
    assert.equal(countObstacle(aScope()), undefined);
    const crossAccount = { type: 'CROSS_ACCOUNT', userId: '1', roleName: 'r' } as const;
    assert.equal(countObstacle(aScope({ crossAccount })), 'other-account');
    assert.equal(countObstacle(aScope({ clientType: 'LOCAL_CLIENT' })), 'other-type');
    assert.equal(countObstacle(aScope({ filter: { tags: [{ key: 'env', value: 'prod' }] } })), 'filter');
  });
});

type Pages = (
  scope: Scope,
) => Generator<readonly Instance[]> | AsyncGenerator<readonly Instance[], void, void>;

function create(pages: Pages) {
  const asked: string[] = [];
  const instances: Pick<InstanceApi, 'listInstances'> = {
    async *listInstances(scope) {
      asked.push(scope.regionId);
      yield* pages(scope);
    },
  };
  return { asked, counts: createInstanceCounts({ instances, log: createKeptLog() }) };
}

function page(...ids: readonly string[]): readonly Instance[] {
  return ids.map((instanceId) => ({
    instanceId,
    status: 'Running',
    privateIps: [],
    publicIps: [],
    tags: [],
  }));
}
