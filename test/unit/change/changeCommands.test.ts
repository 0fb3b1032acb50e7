import { strict as assert } from 'node:assert';
import { createChangeCommands } from '../../../src/core/change/changeCommands';
import { createInventory } from '../../../src/core/clients/inventory';
import type { Listing } from '../../../src/core/clients/listing';
import { Emitter } from '../../../src/core/kernel/events';
import { scopeKey } from '../../../src/core/service/scope';
import { aClient, aScope } from '../../support/builders';
import { createHandClock } from '../../support/handClock';
import { HandService } from '../../support/handService';
import { allNodes, listingsTree } from '../../support/listingBuilders';

describe('the commands that plan a change', () => {
  const scope = aScope();
  const client = (name: string, clientVersion: string) =>
    aClient({
      instanceId: `i-${name}`,
      clientId: `c-${name}`,
      instanceName: name,
      clientVersion,
      maxClientVersion: '2.0.0',
    });
  const clients = [client('old-1', '1.0.0'), client('old-2', '1.0.0'), client('new-1', '2.0.0')];
  const tree = listingsTree([{ scope, clients }]);
  const rowOf = (name: string) => {
    const node = allNodes(tree).find((one) => one.kind === 'client' && one.client.instanceName === name);
    assert.ok(node, name);
    return { id: node.id };
  };
  interface Asked {
    readonly flow: string;
    readonly action?: string;
    readonly review?: string;
    readonly clients?: readonly { readonly client: { readonly instanceName?: string | undefined } }[];
  }
  let asked: Asked[];
  let said: string[];

  const commands = () => {
    const note = (flow: string) => (request: Omit<Asked, 'flow'>) => {
      asked.push({ ...request, flow });
      return Promise.resolve(undefined);
    };
    const listing: Listing = {
      key: scopeKey(scope),
      scope,
      amongTypes: false,
      profile: { id: scope.profileId, name: 'production', regionId: scope.regionId },
      inventory: createInventory({
        scope,
        api: new HandService(),
        listings: undefined,
        clock: createHandClock(),
        log: { write: () => undefined },
      }),
      state: 'ready',
    };
    return createChangeCommands({
      session: {
        listings: [listing],
        listingOf: (key) => (key === listing.key ? listing : undefined),
        refreshListing: () => Promise.resolve(),
        onDidChange: new Emitter<void>().event,
      },
      model: { tree },
      questions: { one: () => Promise.resolve(undefined) },
      notices: {
        info: (text) => said.push(text),
        progress: (_title, _place, work) => work(() => undefined, { signal: new AbortController().signal }),
      },
      changes: () =>
        Promise.resolve({
          changeClients: { run: note('change'), preview: note('preview'), dispose: () => undefined },
          editSettings: { run: note('settings'), dispose: () => undefined },
          installOnInstances: {
            run: () => {
              asked.push({ flow: 'instances' });
              return Promise.resolve();
            },
          },
        }),
      toggleReadOnly: () => Promise.resolve(),
    });
  };
  const names = (one: Asked | undefined) =>
    one?.clients?.map(({ client: { instanceName } }) => instanceName).sort();

  beforeEach(() => {
    asked = [];
    said = [];
  });

  it('change the chosen rows, and say that they were chosen', async () => {
    await commands()['cloudBackup.uninstall'](rowOf('old-1'), undefined);
    assert.equal(asked[0]?.action, 'uninstall');
    assert.equal(asked[0].review, 'chosen');
    assert.deepEqual(names(asked[0]), ['old-1']);
  });

  it('offer all clients without a row, and say that none was chosen', async () => {
    await commands()['cloudBackup.upgrade']();
    await commands()['cloudBackup.editSettings']();
    assert.deepEqual(
      asked.map(({ review }) => review),
      ['all', 'all'],
    );
    assert.deepEqual(names(asked[0]), ['new-1', 'old-1', 'old-2']);
  });

  it('mean a group whatever else is selected, and all that is selected where the group is part of it', async () => {
    const group = allNodes(tree).find(({ kind }) => kind === 'group');
    assert.ok(group?.kind === 'group');
    await commands()['cloudBackup.upgrade']({ id: group.id }, undefined);
    await commands()['cloudBackup.upgrade']({ id: group.id }, [{ id: group.id }, rowOf('new-1')]);
    const inGroup = group.clients.map(({ client }) => client.instanceName).sort();
    assert.deepEqual(names(asked[0]), inGroup);
    assert.deepEqual(names(asked[1]), [...new Set([...inGroup, 'new-1'])].sort());
  });

  it('never fall on all clients when VS Code lost the row of a click', async () => {
    const all = commands();
    const onRows = [
      'cloudBackup.install',
      'cloudBackup.upgrade',
      'cloudBackup.uninstall',
      'cloudBackup.editSettings',
      'cloudBackup.upgradeAllOutdatedOnRow',
      'cloudBackup.previewPlanOnRow',
      'cloudBackup.installOnInstancesOnRow',
    ] as const;
    for (const id of onRows) await all[id](undefined, undefined);
    assert.deepEqual(asked, []);
    assert.equal(said.length, onRows.length);
  });

  it('upgrade only outdated clients with Upgrade All, and name all of them where none is', async () => {
    const rows = ['old-1', 'old-2', 'new-1'].map(rowOf);
    await commands()['cloudBackup.upgradeAllOutdatedOnRow'](rows[0], rows);
    assert.deepEqual(names(asked[0]), ['old-1', 'old-2']);
    await commands()['cloudBackup.upgradeAllOutdatedOnRow'](rowOf('new-1'), undefined);
    assert.deepEqual(names(asked[1]), ['new-1']);
  });

  it('mean the view, not the focused row, in its title', async () => {
    await commands()['cloudBackup.previewPlan'](rowOf('old-1'));
    assert.deepEqual(names(asked[0]), ['new-1', 'old-1', 'old-2']);
  });
});
