import { strict as assert } from 'node:assert';
import { clientRowWords, menuWordsOf } from '../../../src/core/clients/menuWords';
import type { ListingState } from '../../../src/core/clients/viewState';
import { aClient, aScope } from '../../support/builders';
import { scopeKey } from '../../../src/core/service/scope';
import { allNodes, listingsTree } from '../../support/listingBuilders';

describe('the menu words of a row', () => {
  const outdated = aClient({
    instanceId: 'i-1',
    clientId: 'c-1',
    privateIpV4: '10.0.0.1',
    clientVersion: '1.0.0',
    maxClientVersion: '2.0.0',
  });

  it('name the kind first, then what can be done and copied', () => {
    const tree = listingsTree([{ clients: [outdated] }, {}]);
    const wordsOf = (kind: string) => {
      const node = allNodes(tree).find((one) => one.kind === kind);
      assert.ok(node, kind);
      return menuWordsOf(node);
    };
    assert.deepEqual(wordsOf('client'), [
      'client',
      'upgradable',
      'uninstallable',
      'hasInstanceId',
      'hasClientId',
      'hasPrivateIp',
    ]);
    assert.deepEqual(wordsOf('group').slice(0, 2), ['group', 'upgradable']);
    assert.deepEqual(wordsOf('listing').slice(0, 2), ['listing', 'upgradable']);
  });

  it('of a listing say whether it can be read, and what helps it when it can’t', () => {
    const wordsIn = (state: ListingState) => {
      const [first] = listingsTree([{ state }, {}]).roots;
      assert.ok(first);
      return menuWordsOf(first);
    };
    for (const state of ['loading', 'ready', 'empty'] as const) {
      assert.deepEqual(wordsIn(state), ['listing', 'ecs', 'readable']);
    }
    for (const state of [
      'expired',
      'rejected',
      'keyNotKept',
      'sourceUnusable',
      'commandNotAllowed',
    ] as const) {
      assert.deepEqual(wordsIn(state), ['listing', 'ecs', 'keyTrouble']);
    }
    assert.deepEqual(wordsIn('denied'), ['listing', 'ecs', 'denied']);
    assert.deepEqual(wordsIn('offline'), ['listing', 'ecs']);
  });

  it('of container clients offer no install, upgrade, or uninstall', () => {
    const clientType = 'CONTAINER_CLIENT';
    const scope = aScope({ clientType });
    const tree = listingsTree([{ scope, clients: [{ ...outdated, clientType }] }, {}]);
    const words = allNodes(tree)
      .filter(({ id }) => id.startsWith(scopeKey(scope)))
      .flatMap(menuWordsOf);
    assert.deepEqual(
      [...new Set(words)].filter((word) => /able$|^ecs$/.test(word)),
      ['readable'],
    );
  });

  it('are named once each', () => {
    assert.equal(new Set(clientRowWords).size, clientRowWords.length);
  });
});
