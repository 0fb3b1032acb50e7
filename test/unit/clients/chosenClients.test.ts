import { strict as assert } from 'node:assert';
import { askForClients, clientsOfRows, listingOfRow } from '../../../src/core/clients/chosenClients';
import type { ClientTree } from '../../../src/core/clients/clientTree';
import { createInventory } from '../../../src/core/clients/inventory';
import type { Listing } from '../../../src/core/clients/listing';
import type { Notices, Questions } from '../../../src/core/interaction/interaction';
import type { BackupClient } from '../../../src/core/service/model';
import { scopeKey, type Scope } from '../../../src/core/service/scope';
import { aClient, aScope } from '../../support/builders';
import { createHandClock } from '../../support/handClock';
import { HandService } from '../../support/handService';
import { allNodes, listingsTree } from '../../support/listingBuilders';

const hangzhou = aScope();
const beijing = aScope({ regionId: 'cn-beijing' });

function client(name: string, fields: Partial<BackupClient> = {}): BackupClient {
  return aClient({ instanceId: `i-${name}`, clientId: `c-${name}`, instanceName: name, ...fields });
}

/** Two regions with two clients each; `web-1` can be upgraded. */
const twoRegions = (): ClientTree =>
  listingsTree([
    { scope: hangzhou, clients: [client('web-1', { clientVersion: '1.0.0' }), client('web-2')] },
    { scope: beijing, clients: [client('db-1'), client('db-2')] },
  ]);

const names = (nodes: readonly { readonly client: BackupClient }[] | undefined) =>
  nodes?.map((node) => node.client.instanceName).sort();

function rowOf(tree: ClientTree, name: string): { id: string } {
  const found = allNodes(tree).find((node) => node.kind === 'client' && node.client.instanceName === name);
  assert.ok(found, name);
  return { id: found.id };
}

function groupAbove(tree: ClientTree, name: string): { id: string } {
  const parent = tree.parentOf(rowOf(tree, name).id);
  assert.ok(parent);
  return { id: parent };
}

describe('the clients behind rows', () => {
  const tree = twoRegions();

  it('are none that were chosen when there is no row', () => {
    assert.equal(clientsOfRows(tree, undefined), undefined);
    assert.equal(clientsOfRows(tree, undefined, []), undefined);
  });

  it('are those of the selected rows, and not of the row of the menu alone', () => {
    const [first, second] = [rowOf(tree, 'web-1'), rowOf(tree, 'db-1')];
    assert.deepEqual(names(clientsOfRows(tree, first)), ['web-1']);
    assert.deepEqual(names(clientsOfRows(tree, first, undefined)), ['web-1']);
    assert.deepEqual(names(clientsOfRows(tree, first, [first, second])), ['db-1', 'web-1']);
  });

  it('are those of the row of the menu alone when it is outside the selection', () => {
    const [first, second] = [rowOf(tree, 'web-2'), rowOf(tree, 'db-1')];
    assert.deepEqual(names(clientsOfRows(tree, rowOf(tree, 'web-1'), [first, second])), ['web-1']);
    assert.deepEqual(names(clientsOfRows(tree, undefined, [first, second])), ['db-1', 'web-2']);
  });

  it('are each there once, also below a group or listing that is selected too', () => {
    const row = rowOf(tree, 'web-1');
    assert.deepEqual(
      names(clientsOfRows(tree, row, [row, groupAbove(tree, 'web-1'), { id: scopeKey(hangzhou) }])),
      ['web-1', 'web-2'],
    );
  });

  it('are never others when a row is gone or is no row', () => {
    assert.deepEqual(clientsOfRows(tree, { id: `${scopeKey(hangzhou)}/gone` }), []);
    assert.deepEqual(clientsOfRows(tree, 'web-1'), []);
    assert.deepEqual(clientsOfRows(tree, rowOf(tree, 'web-1'), [null, 7]), []);
  });
});

describe('the clients that a command acts on', () => {
  let tree: ClientTree;
  let listings: readonly Listing[];
  let listed: string[];
  /** What is asked, and the index of the answer. */
  let asked: string[][];
  let answer: number | undefined;
  let whileAsked: () => void;

  const aListing = (scope: Scope): Listing => ({
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
  });
  const choose = (item?: unknown, items?: unknown, rows?: boolean, ecs?: boolean) =>
    askForClients(
      {
        session: {
          get listings() {
            return listings;
          },
          listingOf: (key) => listings.find((listing) => listing.key === key),
          refreshListing: (key) => {
            listed.push(key);
            tree = twoRegions();
            return Promise.resolve();
          },
        },
        model: {
          get tree() {
            return tree;
          },
        },
        questions: {
          one: (_: unknown, rows: readonly { readonly label: string; readonly description?: string }[]) => {
            asked.push(rows.map(({ description = '' }) => description));
            whileAsked();
            const chosen = answer === undefined ? undefined : rows[answer];
            return Promise.resolve(chosen && 'value' in chosen ? chosen.value : undefined);
          },
        } as unknown as Questions,
        notices: {
          progress: async (_title: string, _where: string, work: () => Promise<unknown>) => await work(),
        } as unknown as Notices,
      },
      item,
      items,
      { rows, ecs },
    );

  beforeEach(() => {
    tree = twoRegions();
    listings = [aListing(hangzhou), aListing(beijing)];
    listed = [];
    asked = [];
    answer = undefined;
    whileAsked = () => undefined;
  });

  it('are those of the chosen rows, without a question when they are of one listing', async () => {
    const row = rowOf(tree, 'db-1');
    const found = await choose(row, undefined);
    assert.equal(found?.listing.key, scopeKey(beijing));
    assert.equal(found.chosen, true);
    assert.deepEqual(names(found.nodes), ['db-1']);
    assert.deepEqual([asked, listed], [[], []]);
  });

  it('are those of the one listing that the user picks when rows of several are chosen', async () => {
    answer = 1;
    const rows = [rowOf(tree, 'web-1'), rowOf(tree, 'web-2'), rowOf(tree, 'db-1')];
    const found = await choose(rows[0], rows);
    assert.deepEqual(names(found?.nodes), ['db-1']);
    assert.equal(asked.length, 1);
    assert.match(asked[0]?.[0] ?? '', /2 clients/);
    assert.match(asked[0]?.[1] ?? '', /1 client/);
  });

  it('are all of a listing when no row was chosen, and said to be so', async () => {
    answer = 0;
    const found = await choose();
    assert.equal(found?.chosen, false);
    assert.deepEqual(names(found.nodes), ['web-1', 'web-2']);
  });

  it('are none when the user backs out, or the listing goes while it is asked about', async () => {
    assert.equal(await choose(), undefined);
    answer = 0;
    whileAsked = () => (listings = listings.slice(1));
    assert.equal(await choose(), undefined);
  });

  it('are none when no listing is shown', async () => {
    listings = [];
    assert.equal(await choose(), undefined);
    assert.deepEqual(asked, []);
  });

  it('are listed first when a listing is meant as a whole and none of it is known', async () => {
    tree = listingsTree([{ scope: hangzhou }, { scope: beijing }]);
    const row = { id: scopeKey(hangzhou) };
    assert.deepEqual(names((await choose(row))?.nodes), ['web-1', 'web-2']);
    assert.deepEqual(listed, [scopeKey(hangzhou)]);
  });

  it('are not listed for a command that needs none, nor for rows of clients', async () => {
    tree = listingsTree([{ scope: hangzhou }, { scope: beijing }]);
    assert.deepEqual((await choose({ id: scopeKey(hangzhou) }, undefined, false))?.nodes, []);
    assert.deepEqual((await choose({ id: `${scopeKey(hangzhou)}/client/gone` }))?.nodes, []);
    assert.deepEqual(listed, []);
  });
});

describe('the listing of a row', () => {
  const listing = { key: 'a' } as Listing;
  const session = { listingOf: (key: unknown) => (key === 'a' ? listing : undefined) };

  it('is that of the row or of a row below it, and none without one', () => {
    assert.equal(listingOfRow(session, { id: 'a' }), listing);
    assert.equal(listingOfRow(session, { id: 'a/status/b' }), listing);
    assert.equal(listingOfRow(session, { id: 'b' }), undefined);
    assert.equal(listingOfRow(session, undefined), undefined);
    assert.equal(listingOfRow(session, 'a'), undefined);
  });
});
