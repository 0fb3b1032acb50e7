import { strict as assert } from 'node:assert';
import type { ClientTree } from '../../../src/core/clients/clientTree';
import type { Listing } from '../../../src/core/clients/listing';
import type { Operation } from '../../../src/core/operations/operation';
import { lastOperationOfRow, revealClient } from '../../../src/core/operations/revealClient';
import { clientsOfRows } from '../../../src/core/clients/chosenClients';
import { scopeKey, type Scope } from '../../../src/core/service/scope';
import { aClient, aScope } from '../../support/builders';
import { uninstallOf } from '../../support/operationBuilders';
import { allNodes, listingsTree } from '../../support/listingBuilders';

const client = aClient({ instanceId: 'i-1', clientId: 'c-1', instanceName: 'web-1' });
const other = aClient({ instanceId: 'i-2', clientId: 'c-2', instanceName: 'web-2' });

describe('a client in the other view', () => {
  let tree: ClientTree;
  let shown: readonly Scope[];
  let operations: readonly Operation[];
  let said: string[];
  let revealed: string[];

  const deps = () => ({
    operations: { get: (id: string) => operations.find((one) => one.id === id), list: () => operations },
    session: {
      listingOf: (scope: Scope | string) => {
        const key = typeof scope === 'string' ? scope : scopeKey(scope);
        const found = shown.find((one) => scopeKey(one) === key);
        return found && ({ key, scope: found } as Listing);
      },
    },
    model: { tree },
    notices: { info: (text: string) => said.push(text) },
  });
  const reveal = (machineKey: string, operationId = 'op'): Promise<void> =>
    revealClient(deps(), { operationId, machineKey }, (id) => Promise.resolve(void revealed.push(id)));
  const machineKey = () => operations[0]?.machines[0]?.machine.key ?? '';
  const nameOf = (id: string | undefined) => {
    const node = id === undefined ? undefined : tree.node(id);
    return node?.kind === 'client' ? node.client.instanceName : undefined;
  };

  beforeEach(() => {
    tree = listingsTree([{ scope: aScope(), clients: [client, other] }]);
    shown = [aScope()];
    operations = [uninstallOf(client, { id: 'op' })];
    said = [];
    revealed = [];
  });

  it('is found by its ids', async () => {
    await reveal(machineKey());
    assert.deepEqual(revealed.map(nameOf), ['web-1']);
    assert.deepEqual(said, []);
  });

  it('is said to be elsewhere when its profile or region isn’t shown', async () => {
    shown = [aScope({ regionId: 'cn-beijing' })];
    await reveal(machineKey());
    assert.deepEqual(revealed, []);
    assert.match(said.join(), /isn't shown/);
  });

  it('is said to be missing when the list doesn’t have it', async () => {
    tree = listingsTree([{ scope: aScope(), clients: [other] }]);
    await reveal(machineKey());
    assert.deepEqual(revealed, []);
    assert.match(said.join(), /isn't in the list/);
  });

  it('is not looked for after its operation is gone', async () => {
    await reveal(machineKey(), 'gone');
    assert.deepEqual([revealed, said], [[], []]);
  });

  it('leads to its newest operation, or to a notice that there is none', () => {
    const rows = (name: string) => {
      const node = allNodes(tree).find((one) => nameOf(one.id) === name);
      return clientsOfRows(tree, node) ?? [];
    };
    const last = lastOperationOfRow(deps(), rows('web-1'));
    assert.deepEqual(last, { operationId: 'op', machineKey: machineKey() });
    assert.equal(lastOperationOfRow(deps(), rows('web-2')), undefined);
    assert.match(said.join(), /No operation/);
    assert.equal(lastOperationOfRow(deps(), []), undefined);
  });
});
