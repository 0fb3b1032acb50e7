import { strict as assert } from 'node:assert';
import { clientRowWords, menuWordsOf } from '../../../src/core/clients/menuWords';
import type { ListingState } from '../../../src/core/clients/viewState';
import { aClient } from '../../support/builders';
import { listingsTree } from '../../support/listingBuilders';

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
      const node = [...tree.byId.values()].find((one) => one.kind === kind);
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
      assert.deepEqual(wordsIn(state), ['listing', 'readable']);
    }
    for (const state of [
      'expired',
      'rejected',
      'keyNotKept',
      'sourceUnusable',
      'commandNotAllowed',
    ] as const) {
      assert.deepEqual(wordsIn(state), ['listing', 'keyTrouble']);
    }
    assert.deepEqual(wordsIn('denied'), ['listing', 'denied']);
    assert.deepEqual(wordsIn('offline'), ['listing']);
  });

  it('are named once each', () => {
    assert.equal(new Set(clientRowWords).size, clientRowWords.length);
  });
});
