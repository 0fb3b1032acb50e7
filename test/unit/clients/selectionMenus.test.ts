import { strict as assert } from 'node:assert';
import type { ClientTreeNode } from '../../../src/core/clients/clientTree';
import { contextValueOf } from '../../../src/core/clients/menuWords';
import { selectionMenusOf } from '../../../src/core/clients/selectionMenus';
import { aClient } from '../../support/builders';
import { listingsTree } from '../../support/listingBuilders';

describe('the menu of several selected rows', () => {
  const versions = { clientVersion: '2.0.0', maxClientVersion: '2.0.0' };
  const { byId } = listingsTree([
    {
      clients: [
        aClient({ instanceId: 'i-old', clientId: 'c-old', ...versions, clientVersion: '1.0.0' }),
        aClient({ instanceId: 'i-new', clientId: 'c-new', ...versions }),
        aClient({ instanceId: 'i-none', clientId: '', status: 'NOT_INSTALLED' }),
      ],
    },
  ]);
  const nodes = [...byId.values()];
  const client = (instanceId: string): ClientTreeNode => {
    const node = nodes.find((one) => one.kind === 'client' && one.client.instanceId === instanceId);
    assert.ok(node);
    return node;
  };
  const group = nodes.find(({ kind }) => kind === 'group');
  const offeredFor = (...rows: readonly ClientTreeNode[]) =>
    Object.entries(selectionMenusOf(rows)).flatMap(([key, values]) =>
      values.length > 0 ? [key.replace('cloudBackup.selection', '')] : [],
    );

  it('offers what one of the rows can do, because the plan leaves out the rest', () => {
    assert.deepEqual(offeredFor(client('i-old'), client('i-new')), [
      'Upgradable',
      'Uninstallable',
      'Editable',
    ]);
    assert.deepEqual(offeredFor(client('i-new'), client('i-none')), [
      'Installable',
      'Uninstallable',
      'Editable',
    ]);
  });

  it('offers nothing that none of them can do', () => {
    assert.ok(!offeredFor(client('i-new'), client('i-none')).includes('Upgradable'));
  });

  it('is none while a single row is selected: that row has its own words', () => {
    assert.deepEqual(offeredFor(client('i-old')), []);
    assert.deepEqual(offeredFor(), []);
  });

  it('uninstalls and edits clients only, not what groups hold', () => {
    assert.ok(group);
    const offered = offeredFor(client('i-new'), group);
    assert.ok(!offered.includes('Uninstallable') && !offered.includes('Editable'), offered.join());
  });

  it('is found by the context values of its rows, so that another row keeps its own entries', () => {
    const rows = [client('i-old'), client('i-new')];
    const values = selectionMenusOf(rows)['cloudBackup.selectionUpgradable'];
    assert.deepEqual([...values].sort(), [...new Set(rows.map(contextValueOf))].sort());
    assert.ok(group && !values.includes(contextValueOf(group)));
  });
});
