import { strict as assert } from 'node:assert';
import { keyClients } from '../../../src/core/service/clientFacts';
import { createClientFilter } from '../../../src/core/clients/clientFilter';
import { buildClientTree } from '../../../src/core/clients/clientTree';
import { aClient, aScope } from '../../support/builders';

describe('a filter of clients', () => {
  const client = aClient({
    instanceId: 'i-bp1web',
    clientId: 'c-0001',
    instanceName: 'Web-Prod-01',
    hostname: 'host-a',
    privateIpV4: '10.0.0.7',
    zoneId: 'cn-hangzhou-f',
    clientVersion: '2.4.5',
    tags: [{ key: 'env', value: 'prod' }],
  });

  it('shows all when it is empty', () => {
    assert.ok(createClientFilter('  ')(client));
  });

  it('finds names, ids, addresses, zones, versions and tags in any case', () => {
    for (const text of [
      'web-prod',
      'HOST-A',
      'bp1web',
      'c-0001',
      '10.0.0.',
      'hangzhou-f',
      '2.4.',
      'env=PROD',
    ]) {
      assert.ok(createClientFilter(text)(client), text);
    }
  });

  it('asks for every word, wherever each stands', () => {
    assert.ok(createClientFilter('env=prod 10.0.0.7 web')(client));
    assert.equal(createClientFilter('env=prod 10.0.0.8')(client), false);
  });

  it('hides rows of the tree and not the count of those that need attention', () => {
    const clients = keyClients([
      client,
      aClient({ instanceId: 'i-db', instanceName: 'db', status: 'STOPPED' }),
    ]);
    const tree = buildClientTree({
      scope: aScope(),
      clients,
      grouping: 'status',
      nowMs: 0,
      staleMinutes: 60,
      isShown: createClientFilter('prod-01'),
    });
    assert.deepEqual([tree.clientCount, tree.attentionCount, tree.roots.length], [1, 1, 1]);
  });
});
