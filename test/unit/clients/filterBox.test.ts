import { strict as assert } from 'node:assert';
import { askFilter } from '../../../src/core/clients/askFilter';
import { buildClientTree } from '../../../src/core/clients/buildClientTree';
import { createTermCounter, type FilterableListing } from '../../../src/core/clients/filter/countTerms';
import { createFilter, parseFilter } from '../../../src/core/clients/filter/filter';
import { filterRows, toggleTerm } from '../../../src/core/clients/filter/filterRows';
import {
  createFilterStore,
  type FilterStore,
  type Kept,
} from '../../../src/core/clients/filter/savedFilters';
import { keyClients } from '../../../src/core/service/clientFacts';
import type { BackupClient } from '../../../src/core/service/model';
import { aClient, aScope } from '../../support/builders';
import { FakeUser } from '../../support/fakeUser';

const nowMs = Date.UTC(2026, 0, 2);

const named = (name: string, fields: Partial<BackupClient> = {}): BackupClient =>
  aClient({ instanceName: name, instanceId: `i-${name}`, clientId: `c-${name}`, ...fields });

function listingOf(
  clients: readonly BackupClient[],
  regionId = 'cn-hangzhou',
  vpcIds: ReadonlyMap<string, string> = new Map(),
): FilterableListing {
  const scope = aScope({ regionId });
  const { all } = buildClientTree({
    scope,
    clients: keyClients(clients),
    groupBy: [],
    nowMs,
    staleMinutes: 60,
    vpcIds,
  });
  return { listing: { scope, profileName: 'production', nowMs }, clients: all };
}

const fleet = listingOf([
  named('web-1', { zoneId: 'cn-hangzhou-h', tags: [{ key: 'env', value: 'prod' }] }),
  named('web-2', { zoneId: 'cn-hangzhou-h', status: 'STOPPED', tags: [{ key: 'env', value: 'test' }] }),
  named('db-1', { zoneId: 'cn-hangzhou-i', status: 'STOPPED', backupStatus: 'UNPROTECTED' }),
  named('db-2', { zoneId: 'cn-hangzhou-i', clientVersion: '2.3.0' }),
]);

/** The rows as texts, headings after `#`, what is chosen after `✓`. */
function rows(text: string, facts: Partial<Parameters<typeof filterRows>[1]> = {}): readonly string[] {
  return filterRows(text, { listings: [fleet], saved: [], recent: [], ...facts }).map((row) =>
    row.kind === 'heading'
      ? `# ${row.label}`
      : `${row.icon === 'check' ? '✓ ' : ''}${row.label}${row.description ? `: ${row.description}` : ''}`,
  );
}

describe('the rows of the filter box', () => {
  it('count again when the same clients have other changes', () => {
    const count = createTermCounter();
    const changes = {
      since: 0,
      new: new Set(['i-web-1']),
      changed: new Set<string>(),
      gone: new Set<string>(),
    };
    const newOnes = (listing: FilterableListing['listing']) =>
      rows('', { listings: [{ ...fleet, listing }], count }).filter((row) => row.startsWith('New'));
    assert.deepEqual(newOnes({ ...fleet.listing, changes }), ['New: 1']);
    assert.deepEqual(newOnes(fleet.listing), []);
  });

  it('offer what clients have, with the number of clients that each would leave', () => {
    assert.deepEqual(rows(''), [
      'Show all clients: 4',
      '# State',
      'Needs attention: 2',
      'Stopped: 2',
      'Upgrade available: 1',
      'Activated: 2',
      '# Zone',
      'cn-hangzhou-h: 2',
      'cn-hangzhou-i: 2',
      '# Version',
      '2.4.5: 3',
      '2.3.0: 1',
      '# Protection',
      'No backups configured: 1',
      'Backups configured: 3',
      '# Tag',
      'env=prod: 1',
      'env=test: 1',
    ]);
  });

  it('offer VPCs as far as they are known', () => {
    const clients = ['a', 'b', 'c', 'd'].map((name) => named(name));
    const vpcIds = new Map([
      ['i-a', 'vpc-1'],
      ['i-b', 'vpc-1'],
      ['i-c', ''],
    ]);
    const offered = (listing: FilterableListing) => rows('', { listings: [listing] });
    assert.ok(!offered(listingOf(clients)).includes('# VPC'));
    const shown = offered(listingOf(clients, 'cn-hangzhou', vpcIds));
    assert.deepEqual(shown.slice(shown.indexOf('# VPC'), shown.indexOf('# Protection')), [
      '# VPC',
      'vpc-1: 2',
      'No VPC: 1',
    ]);
  });

  it('count beside the rest of the filter, alternatives of what is chosen included', () => {
    const shown = rows('zone:cn-hangzhou-h ');
    assert.equal(shown[0], 'zone:cn-hangzhou-h: 2 of 4 clients');
    assert.ok(shown.includes('✓ cn-hangzhou-h: 2 · Zone') && shown.includes('cn-hangzhou-i: 2 · Zone'));
    assert.ok(shown.includes('Stopped: 1 · State'), shown.join('\n'));
  });

  it('agree with what the filter then shows', () => {
    for (const text of ['', 'web ', 'tag:env ', 'version:2.4.5 ']) {
      for (const row of filterRows(text, { listings: [fleet], saved: [], recent: [] })) {
        if (
          row.kind === 'heading' ||
          !('text' in row.step) ||
          row.id.startsWith(text.slice(0, 4).trim() || '-')
        ) {
          continue;
        }
        const test = createFilter(parseFilter(row.step.text), fleet.listing);
        assert.equal(
          Number.parseInt(row.description ?? '', 10),
          fleet.clients.filter(test).length,
          row.step.text,
        );
      }
    }
  });

  it('offer a tag without a value apart from the same tag with one, and count each', () => {
    const tagged = listingOf([
      named('a', { tags: [{ key: 'team', value: '' }] }),
      named('b', { tags: [{ key: 'team', value: 'web' }] }),
      named('c', { tags: [{ key: 'x=y', value: 'z' }] }),
    ]);
    const tags = filterRows('', { listings: [tagged], saved: [], recent: [] }).flatMap((row) =>
      row.kind === 'row' && row.id.startsWith('tag:') && 'text' in row.step ? [row] : [],
    );
    assert.deepEqual(
      tags.map(({ label, description }) => `${label}: ${description}`),
      ['team: 1', 'team=web: 1', 'x=y=z: 1'],
    );
    for (const { step } of tags) {
      const text = 'text' in step ? step.text : '';
      assert.equal(tagged.clients.filter(createFilter(parseFilter(text), tagged.listing)).length, 1, text);
    }
  });

  it('are those that match the word that is being typed, and the text comes first', () => {
    assert.deepEqual(rows('sto'), ['sto: 0 of 4 clients', '# State', 'Stopped: 2 · State']);
    assert.deepEqual(rows('web pro'), [
      'web pro: 1 of 4 clients',
      '# Protection',
      'No backups configured: 1 · Protection',
      'Backups configured: 3 · Protection',
      '# Tag',
      'env=prod: 1 · Tag',
    ]);
    assert.deepEqual(rows('zone:'), [
      'zone:: 4 of 4 clients',
      '# Zone',
      'cn-hangzhou-h: 2 · Zone',
      'cn-hangzhou-i: 2 · Zone',
    ]);
  });

  it('say which term means nothing', () => {
    assert.equal(rows('is:nonsense')[0], "is:nonsense: “is:nonsense” isn't known, 0 of 4 clients");
  });

  it('replace the word that is being typed, and take away what is chosen', () => {
    const choose = (text: string, label: string) => {
      const row = filterRows(text, { listings: [fleet], saved: [], recent: [] }).find(
        (one) => one.label === label,
      );
      return row?.kind === 'row' && 'text' in row.step ? row.step.text : undefined;
    };
    assert.equal(choose('web sto', 'Stopped'), 'web is:stopped ');
    assert.equal(choose('web is:stopped ', 'Stopped'), 'web ');
    assert.equal(
      toggleTerm('"my web", zone:a', { facet: 'tag', value: 'team=a b' }),
      '"my web" zone:a tag:"team=a b" ',
    );
    assert.equal(toggleTerm('is:STOPPED', { facet: 'is', value: 'stopped' }), '');
  });

  it('keep a chosen term that leaves nothing, to be taken away', () => {
    assert.ok(rows('is:failed zone:x ').some((row) => row.startsWith('✓ Failed: 0')));
  });

  it('offer regions and profiles only where there are several', () => {
    const two = [fleet, listingOf([named('far')], 'cn-beijing')];
    assert.ok(!rows('').includes('# Region'));
    assert.ok(rows('', { listings: two }).includes('cn-beijing: 1'));
  });

  it('have saved and recent filters in front', () => {
    const shown = rows('', { saved: [{ name: 'Mine', text: 'web' }], recent: ['db', 'web'] });
    assert.deepEqual(shown.slice(1, 5), ['# Saved filters', 'Mine: web', '# Recent', 'db']);
  });

  it('are there for 10,000 clients within 300 ms', () => {
    const many = listingOf(
      Array.from({ length: 10_000 }, (_, i) =>
        named(`web-${i}`, { zoneId: `z-${i % 5}`, tags: [{ key: 'Name', value: `n-${i}` }] }),
      ),
    );
    const times = [1, 2, 3].map(() => {
      const started = process.cpuUsage();
      filterRows('zone:z-1 web', { listings: [many], saved: [], recent: [] });
      return process.cpuUsage(started).user / 1000;
    });
    assert.ok(Math.min(...times) < 300, `took ${Math.round(Math.min(...times))} ms`);
  });
});

describe('the filter box', () => {
  function open(filter = '') {
    let shared: unknown;
    let own: unknown;
    const kept = (read: () => unknown, write: (value: unknown) => void): Kept => ({
      read,
      write: (value) => {
        write(value);
        return Promise.resolve();
      },
    });
    const filters: FilterStore = createFilterStore(
      kept(
        () => shared,
        (value) => (shared = value),
      ),
      kept(
        () => own,
        (value) => (own = value),
      ),
    );
    const applied: string[] = [];
    const user = new FakeUser();
    const ask = () =>
      askFilter({
        questions: user,
        filters,
        model: { filterable: [fleet] },
        choices: {
          filter: () => applied.at(-1) ?? filter,
          setFilter: (text) => applied.push(text),
        },
      });
    return { user, ask, applied, filters };
  }

  it('applies a chosen term at once, and a typed text with Enter', async () => {
    const { user, ask, applied, filters } = open();
    user.answer(['Stopped', 'is:stopped web', 'is:stopped web']);
    await ask();
    assert.deepEqual(applied, ['is:stopped', 'is:stopped web']);
    assert.deepEqual(filters.recent(), ['is:stopped web']);
  });

  it('starts from the present filter, and leaves it when the user backs out', async () => {
    const { user, ask, applied } = open('web');
    user.answer(undefined);
    await ask();
    assert.equal(user.asked[0]?.value, 'web ');
    assert.deepEqual(applied, []);
  });

  it('saves a filter by name, applies it, and deletes it', async () => {
    const { user, ask, applied, filters } = open();
    user.answer(['web', '*web'], 'My machines', undefined);
    await ask();
    assert.deepEqual(filters.saved(), [{ name: 'My machines', text: 'web' }]);
    applied.push('');
    user.answer('My machines');
    await ask();
    assert.equal(applied.at(-1), 'web');
    applied.push('');
    user.answer('*My machines', undefined);
    await ask();
    assert.deepEqual(filters.saved(), []);
  });
});
