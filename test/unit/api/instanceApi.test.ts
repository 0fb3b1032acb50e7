import { strict as assert } from 'node:assert';
import type { Call } from '../../../src/api/call';
import { createInstanceApi } from '../../../src/api/instanceApi';
import { BackupError } from '../../../src/core/service/errors';
import type { Instance } from '../../../src/core/service/model';
import type { Scope } from '../../../src/core/service/scope';
import { aReply, neverCancelled } from '../../support/apiBuilders';

const scope: Scope = { profileId: 'p', accountId: 'a', regionId: 'cn-hangzhou', clientType: 'ECS_CLIENT' };

/** Answers each call by its action and its parameters. */
function apiThat(answer: (action: string, parameters: ReadonlyMap<string, string>) => object) {
  const calls: string[] = [];
  const call: Call = (_at, { action }, { query }) => {
    calls.push(action);
    return new Promise((resolve) => resolve(aReply({ ...answer(action, new Map(query)) })));
  };
  return { api: createInstanceApi({ call }), calls };
}

const page = (ids: readonly string[], NextToken = '') => ({
  Instances: { Instance: ids.map((InstanceId) => ({ InstanceId, Status: 'Running' })) },
  NextToken,
});

async function list({ api }: ReturnType<typeof apiThat>, instanceIds?: readonly string[]) {
  const found: Instance[] = [];
  const query = instanceIds ? { instanceIds } : {};
  for await (const instances of api.listInstances(scope, query, neverCancelled)) found.push(...instances);
  return found.map(({ instanceId }) => instanceId);
}

describe('reading ECS instances', () => {
  it('goes on past an empty page that names another', async () => {
    const service = apiThat((_action, parameters) => {
      const token = parameters.get('NextToken');
      if (token === undefined) return page([], 'second');
      return token === 'second' ? page(['i-1'], 'third') : page(['i-2']);
    });
    assert.deepEqual(await list(service), ['i-1', 'i-2']);
  });

  it('gives an instance once that moved to a later page', async () => {
    const service = apiThat((_action, parameters) =>
      parameters.has('NextToken') ? page(['i-2', 'i-3']) : page(['i-1', 'i-2'], 'second'),
    );
    assert.deepEqual(await list(service), ['i-1', 'i-2', 'i-3']);
  });

  it('ends where pages go round in circles', async () => {
    const service = apiThat((_action, parameters) =>
      page([], parameters.get('NextToken') === 'a' ? 'b' : 'a'),
    );
    await assert.rejects(list(service), { code: 'unexpected-reply' });
    assert.equal(service.calls.length, 3);
  });

  it('takes a reply without a list for what it is: not an empty region', async () => {
    await assert.rejects(list(apiThat(() => ({ RequestId: 'r' }))), { code: 'unexpected-reply' });
    const service = apiThat(() => ({ RequestId: 'r' }));
    await assert.rejects(service.api.listCloudAssistantStatus(scope, ['i-1'], neverCancelled), {
      code: 'unexpected-reply',
    });
  });

  it('reads addresses of a classic network, of a virtual one, and elastic ones', async () => {
    const service = apiThat(() => ({
      Instances: {
        Instance: [
          {
            InstanceId: 'i-1',
            Status: 'Stopped',
            OSType: 'Windows',
            VpcAttributes: { VpcId: '', PrivateIpAddress: { IpAddress: ['10.0.0.1'] } },
            InnerIpAddress: { IpAddress: ['10.0.0.2'] },
            PublicIpAddress: { IpAddress: ['203.0.113.1'] },
            EipAddress: { IpAddress: '203.0.113.2' },
            Tags: { Tag: [{ TagKey: 'team', TagValue: '' }, { TagValue: 'no key' }] },
          },
          { InstanceName: 'no id' },
        ],
      },
    }));
    const [instances] = [await service.api.listInstances(scope, {}, neverCancelled).next()];
    assert.deepEqual(instances.value, [
      {
        instanceId: 'i-1',
        status: 'Stopped',
        osType: 'windows',
        privateIps: ['10.0.0.1', '10.0.0.2'],
        publicIps: ['203.0.113.1', '203.0.113.2'],
        tags: [{ key: 'team', value: '' }],
      },
    ]);
  });
});

describe('reading the state of Cloud Assistant', () => {
  const notFound = (): never => {
    throw new BackupError('not-found', 'no such instance', { fate: 'refused' });
  };

  it('asks once more without the ids that ECS does not know', async () => {
    const service = apiThat((action, parameters) => {
      if (action === 'DescribeInstances') return page(['i-2']);
      if (parameters.get('InstanceId.1') !== 'i-2') return notFound();
      return {
        InstanceCloudAssistantStatusSet: {
          InstanceCloudAssistantStatus: [{ InstanceId: 'i-2', CloudAssistantStatus: 'true' }],
        },
      };
    });
    const statuses = await service.api.listCloudAssistantStatus(scope, ['i-1', 'i-2'], neverCancelled);
    assert.deepEqual(statuses, [{ instanceId: 'i-2', running: true }]);
    assert.deepEqual(service.calls, [
      'DescribeCloudAssistantStatus',
      'DescribeInstances',
      'DescribeCloudAssistantStatus',
    ]);
  });

  it('does not ask on when ECS knows every one of them', async () => {
    const service = apiThat((action) => (action === 'DescribeInstances' ? page(['i-1']) : notFound()));
    await assert.rejects(service.api.listCloudAssistantStatus(scope, ['i-1'], neverCancelled), {
      code: 'not-found',
    });
    assert.equal(service.calls.length, 2);
  });
});
