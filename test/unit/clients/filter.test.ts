import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { buildClientTree } from '../../../src/core/clients/buildClientTree';
import { type ClientNode } from '../../../src/core/clients/clientTree';
import type { ChangedClients } from '../../../src/core/clients/filter/facets';
import { createFilter, isListingShown, parseFilter } from '../../../src/core/clients/filter/filter';
import { facetNames, splitFilter, writeTerm, writeWord } from '../../../src/core/clients/filter/filterText';
import { keyClients } from '../../../src/core/service/clientFacts';
import type { BackupClient } from '../../../src/core/service/model';
import { aBareClient, aClient, aScope } from '../../support/builders';
import { allNodes, listingsTree } from '../../support/listingBuilders';

const nowMs = Date.UTC(2026, 0, 2);
const hoursAgo = (hours: number): number => nowMs / 1000 - hours * 3600;

/** Names of the clients that a filter shows. */
function shownBy(
  text: string,
  clients: readonly BackupClient[],
  facts: {
    readonly leftovers?: ReadonlySet<string>;
    readonly vpcIds?: ReadonlyMap<string, string>;
    readonly changes?: ChangedClients;
  } = {},
): readonly string[] {
  const tree = buildClientTree({
    scope: aScope(),
    clients: keyClients(clients),
    groupBy: ['status', 'zone'],
    nowMs,
    staleMinutes: 60,
    ...(facts.leftovers && { leftovers: facts.leftovers }),
    ...(facts.vpcIds && { vpcIds: facts.vpcIds }),
    isShown: createFilter(parseFilter(text), {
      scope: aScope(),
      profileName: 'Team A',
      nowMs,
      ...(facts.changes && { changes: facts.changes }),
    }),
  });
  return allNodes(tree)
    .filter((node): node is ClientNode => node.kind === 'client')
    .map(({ client }) => client.instanceName ?? '')
    .sort();
}

const named = (instanceName: string, fields: Partial<BackupClient> = {}): BackupClient =>
  aClient({ instanceName, instanceId: `i-${instanceName}`, clientId: `c-${instanceName}`, ...fields });

describe('free words of a filter', () => {
  const web = named('Web-Prod-01', {
    hostname: 'host-a',
    privateIpV4: '10.0.0.7',
    tags: [{ key: 'env', value: 'prod' }],
  });

  it('show all clients when there are none', () => {
    assert.deepEqual(shownBy('  , ', [web]), ['Web-Prod-01']);
  });

  it('find names, IDs, addresses, zones, versions, and tags in any case', () => {
    for (const text of ['web-prod', 'HOST-A', 'i-web', '10.0.0.', 'hangzhou-f', '2.4.', 'env=PROD']) {
      assert.equal(shownBy(text, [web]).length, 1, text);
    }
  });

  it('must all match, whether spaces or commas separate them', () => {
    for (const text of ['env=prod 10.0.0.7 web', 'web, env=prod', 'web,env=prod', 'web，env=prod']) {
      assert.equal(shownBy(text, [web]).length, 1, text);
      assert.equal(shownBy(`${text},10.0.0.8`, [web]).length, 0, text);
    }
  });

  it('keep spaces in quotes, and are no terms there', () => {
    const spaced = named('my web', { instanceId: 'i-1' });
    assert.deepEqual(shownBy('"my web"', [spaced, named('web-my')]), ['my web']);
    assert.deepEqual(parseFilter('"is:stopped"'), { words: ['is:stopped'], terms: [], unknown: [] });
  });

  it('include what only looks like a term', () => {
    const clients = [named('a', { hostname: 'foo:bar' }), named('b')];
    assert.deepEqual(shownBy('foo:bar', clients), ['a']);
    assert.deepEqual(parseFilter('foo:bar').unknown, []);
  });

  it('include a term with a value that means nothing, which is named', () => {
    assert.deepEqual(parseFilter('is:nonsense heartbeat:old type:vm').unknown, [
      'is:nonsense',
      'heartbeat:old',
      'type:vm',
    ]);
    assert.deepEqual(shownBy('is:nonsense', [named('a', { hostname: 'is:nonsense' })]), ['a']);
  });
});

describe('terms of a filter', () => {
  const clients = [
    named('ok', { lastHeartBeatTime: hoursAgo(0.1) }),
    named('old', { clientVersion: '2.3.0', osType: 'Windows', lastHeartBeatTime: hoursAgo(0.1) }),
    named('silent', { lastHeartBeatTime: hoursAgo(5), backupStatus: 'UNPROTECTED' }),
    named('stopped', { status: 'STOPPED', zoneId: 'cn-hangzhou-b', lastHeartBeatTime: hoursAgo(50) }),
    named('failed', { status: 'UPGRADE_FAILED', tags: [{ key: 'Env', value: 'my prod' }] }),
    named('gone', { status: 'STOPPED' }),
    named('lost', { status: 'UNKNOWN', archType: 'arm64' }),
    named('off', { status: 'DEACTIVATED', tags: [{ key: 'env', value: 'test' }] }),
    named('changing', { status: 'UPGRADING' }),
    aBareClient({ instanceName: 'bare', instanceId: 'i-bare', clientType: 'LOCAL_CLIENT' }),
  ];
  const shown = (text: string) => shownBy(text, clients, { leftovers: new Set(['i-gone']) });

  it('find clients by state', () => {
    assert.deepEqual(shown('is:attention'), ['failed', 'lost', 'off', 'silent', 'stopped']);
    assert.deepEqual(shown('is:failed'), ['failed']);
    assert.deepEqual(shown('is:stopped'), ['stopped']);
    assert.deepEqual(shown('is:disconnected'), ['lost']);
    assert.deepEqual(shown('is:deactivated'), ['off']);
    assert.deepEqual(shown('is:silent'), ['silent']);
    assert.deepEqual(shown('is:upgradable'), ['old']);
    assert.deepEqual(shown('is:active'), ['ok', 'old', 'silent']);
    assert.deepEqual(shown('is:busy'), ['changing']);
    assert.deepEqual(shown('is:uninstalled'), ['gone']);
    assert.deepEqual(shown('is:notinstalled'), ['bare']);
    assert.deepEqual(shown('status:upgrade_failed'), ['failed']);
    assert.deepEqual(shown('STATUS:Upgrade-Failed'), ['failed']);
    assert.deepEqual(shown('status:stopped'), ['stopped']);
  });

  it('find clients by what they have', () => {
    assert.deepEqual(shown('zone:CN-hangzhou-b'), ['stopped']);
    assert.deepEqual(shown('zone:none'), ['bare']);
    assert.deepEqual(shown('version:2.3.0'), ['old']);
    assert.deepEqual(shown('version:2.3'), ['old']);
    assert.deepEqual(
      shown('version:2'),
      shown('').filter((name) => name !== 'bare' && name !== 'gone'),
    );
    assert.deepEqual(shown('version:none'), ['bare', 'gone']);
    assert.deepEqual(shown('os:windows'), ['old']);
    assert.deepEqual(shown('arch:arm64'), ['lost']);
    assert.deepEqual(shown('type:local'), ['bare']);
    assert.deepEqual(shown('is:unprotected'), ['silent']);
    assert.deepEqual(shown('tag:env'), ['failed', 'off']);
    assert.deepEqual(shown('tag:env="my prod"'), ['failed']);
    assert.deepEqual(shown('tag:"env=my prod"'), ['failed']);
  });

  it('find clients by a tag whatever its key and its value hold', () => {
    const tagged = [
      named('odd', { tags: [{ key: 'a=b', value: 'c=d' }] }),
      named('key', { tags: [{ key: 'team', value: '' }] }),
      named('both', { tags: [{ key: 'team', value: 'web' }] }),
    ];
    assert.deepEqual(shownBy('tag:a=b', tagged), ['odd']);
    assert.deepEqual(shownBy('tag:a=b=c=d', tagged), ['odd']);
    assert.deepEqual(shownBy('tag:a', tagged), []);
    assert.deepEqual(shownBy('tag:team', tagged), ['both', 'key']);
    assert.deepEqual(shownBy('tag:team=', tagged), ['key']);
  });

  it('find clients by VPC, those in none and those where it is not known apart', () => {
    const vpcIds = new Map([
      ['i-ok', 'vpc-1'],
      ['i-old', ''],
    ]);
    const some = clients.filter(({ instanceName = '' }) =>
      ['ok', 'old', 'lost', 'bare'].includes(instanceName),
    );
    const shownIn = (text: string) => shownBy(text, some, { vpcIds });
    assert.deepEqual(shownIn('vpc:VPC-1'), ['ok']);
    assert.deepEqual(shownIn('vpc:none'), ['bare', 'old']);
    assert.deepEqual(shownIn('vpc:unknown'), ['lost']);
    assert.deepEqual(shownIn('vpc:vpc-1 vpc:none'), ['bare', 'ok', 'old']);
  });

  it('find clients by the age of their heartbeat, never those without one', () => {
    assert.deepEqual(shown('heartbeat:>60m'), ['silent', 'stopped']);
    assert.deepEqual(shown('heartbeat:>1d'), ['stopped']);
    assert.deepEqual(shown('heartbeat:<1h'), ['ok', 'old']);
    assert.deepEqual(shown('heartbeat:1h-2d'), ['silent']);
  });

  it('are alternatives where they are of one kind, and all true otherwise', () => {
    assert.deepEqual(shown('is:failed is:silent'), ['failed', 'silent']);
    assert.deepEqual(shown('is:active is:unprotected'), ['silent']);
    assert.deepEqual(shown('zone:cn-hangzhou-b, zone:none'), ['bare', 'stopped']);
    assert.deepEqual(shown('zone:cn-hangzhou-b is:failed'), []);
    assert.deepEqual(shown('tag:env=test tag:env="my prod"'), ['failed', 'off']);
    assert.deepEqual(shown('tag:env tag:team'), []);
  });

  it('find what changed since the last look, where that is known', () => {
    const changes = { new: new Set(['i-a']), changed: new Set(['i-b']) };
    const two = [named('a'), named('b')];
    assert.deepEqual(shownBy('is:new', two, { changes }), ['a']);
    assert.deepEqual(shownBy('is:new is:changed', two, { changes }), ['a', 'b']);
    assert.deepEqual(shownBy('is:gone', two, { changes }), []);
    assert.deepEqual(shownBy('is:new', two), []);
  });

  it('leave out listings of other regions and profiles', () => {
    const listing = { scope: aScope(), profileName: 'Team A' };
    const isShown = (text: string) => isListingShown(parseFilter(text), listing);
    assert.ok(isShown('zone:x') && isShown('region:cn-hangzhou') && isShown('region:x region:CN-Hangzhou'));
    assert.ok(
      isShown('profile:"team a"') && !isShown('profile:team') && !isShown('region:x profile:"team a"'),
    );
    assert.deepEqual(shownBy('region:cn-beijing', [named('a')]), []);
  });

  it('ask for nothing while their value is missing', () => {
    assert.deepEqual(parseFilter('zone: tag:""'), { words: [], terms: [], unknown: [] });
  });

  it('are written so that they are read back, whatever the value is', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(fc.constantFrom(...facetNames), text, text, (facet, value, word) => {
        const tokens = splitFilter(`${writeWord(word)} ${writeTerm(facet, value)}`);
        assert.deepEqual(
          tokens.map((token) => token.term ?? token.text),
          [word, { facet, value }],
        );
      }),
    );
  });
});

it('a listing that a filter leaves out has no row, and its clients still count', () => {
  const stopped = named('db', { status: 'STOPPED' });
  const tree = listingsTree([
    { clients: [named('web')] },
    { clients: [stopped], isShown: () => false, listingShown: false },
  ]);
  assert.deepEqual([tree.roots.length, tree.counts.attention], [1, 1]);
  assert.equal(tree.roots[0]?.kind, 'listing');
});

it('hidden rows still count as needing attention', () => {
  const clients = keyClients([named('prod'), named('db', { status: 'STOPPED' })]);
  const tree = buildClientTree({
    scope: aScope(),
    clients,
    groupBy: ['status', 'zone'],
    nowMs: 0,
    staleMinutes: 60,
    isShown: ({ client }) => client.instanceName === 'prod',
  });
  assert.deepEqual([tree.shown, tree.counts.attention, tree.roots.length], [1, 1, 1]);
});
