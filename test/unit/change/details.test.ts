import { strict as assert } from 'node:assert';
import { namesApart } from '../../../src/core/change/clientTexts';
import { factsOf, textOf, type Details } from '../../../src/core/change/details';
import { detailsOf } from '../../../src/core/change/draftTexts';
import { settingsDraftOf } from '../../../src/core/change/settings/settingsDraft';
import { settingsDetailsOf } from '../../../src/core/change/settings/settingsTexts';
import type { BackupClient } from '../../../src/core/service/model';
import { aClient } from '../../support/builders';
import { aDraft, keyed } from '../../support/draftBuilders';

const named = (instanceName: string, id: string, fields: Partial<BackupClient> = {}): BackupClient =>
  aClient({ instanceName, instanceId: `i-${id}`, clientId: `c-${id}`, clientVersion: '2.4.1', ...fields });

describe('the names of clients in a confirm', () => {
  it('come with an ID where another one has the same name', () => {
    const clients = [named('web', '1'), named('db', '2'), named('web', '3')];
    const names = (all: readonly BackupClient[]) => all.map(namesApart(all));
    assert.deepEqual(names(clients), ['web (i-1)', 'db', 'web (i-3)']);
    const twins = [named('web', '1'), named('web', '2', { instanceId: 'i-1' })];
    assert.deepEqual(names(twins), ['web (c-1)', 'web (c-2)']);
    assert.deepEqual(names([named('web', '1\u202e'), named('web', '2')]), ['web (i-1)', 'web (i-2)']);
  });

  it('are written so in every change', () => {
    const clients = [named('web', '1'), named('web', '3')];
    for (const line of detailsOf(aDraft('upgrade', clients)).clients) assert.match(line(), /web \(i-[13]\)/);
    const settings = settingsDraftOf({
      ...aDraft('upgrade', []),
      requested: keyed(clients.map((client) => ({ ...client, clientVersion: '2.13.0' }))),
      change: { useHttps: true },
      maxFailures: 0,
    });
    assert.deepEqual(
      settingsDetailsOf(settings).clients.map((line) => line()),
      ['web (i-1)', 'web (i-3)'],
    );
  });
});

describe('the rows of a confirm', () => {
  const details: Details = {
    warnings: [],
    interrupted: [],
    scope: ['Account 1000, profile prod'],
    clients: [() => 'web-1'],
    notes: ['Rollout order: All at once.'],
    leftOut: [() => 'db-1: already on the latest version', () => 'db-2: busy'],
  };
  const rows = (one: Details) => factsOf(one, ['Type 1 to upgrade.']).map(({ label }) => label);

  it('say first how many clients are left out, and name them at the end', () => {
    assert.deepEqual(rows(details), [
      'Account 1000, profile prod',
      '2 clients left out',
      'Rollout order: All at once.',
      'Type 1 to upgrade.',
      'Clients',
      'web-1',
      'Left out',
      ...details.leftOut.map((line) => line()),
    ]);
    assert.match(textOf(details), /^2 left out: db-1.* and db-2: busy$/m);
  });

  it('name 200 clients at most, and put no other into words', () => {
    let worded = 0;
    const clients = Array.from({ length: 5000 }, (_, n) => () => {
      worded += 1;
      return `web-${n}`;
    });
    const labels = rows({ ...details, clients });
    const named = labels.filter((label) => label.startsWith('web-'));
    assert.deepEqual([named.length, worded], [200, 200]);
    assert.ok(labels.includes('and 4,800 more'));
    assert.match(textOf({ ...details, clients }), /^web-11\nand 4,988 more$/m);
  });

  it('say nothing of it where none is left out', () => {
    assert.ok(rows({ ...details, leftOut: [] }).every((label) => !/left out/i.test(label)));
  });
});
