import { strict as assert } from 'node:assert';
import type { Operation } from '../../../src/core/operations/operation';
import { UnseenFailures } from '../../../src/core/operations/unseenFailures';
import { aClient } from '../../support/builders';
import { createHandClock, type HandClock } from '../../support/handClock';
import { uninstallOf } from '../../support/operationBuilders';

describe('failures that nobody has looked at', () => {
  const client = aClient({ instanceId: 'i-1', clientId: 'c-1' });
  const ended = (id: string, endedAt: number, outcome: 'failed' | 'done' = 'failed'): Operation => {
    const made = uninstallOf(client, { id, startedAt: 0 });
    const machines = made.machines.map((one) => ({ ...one, outcome }));
    return { ...made, phase: 'ended', endedAt, machines };
  };
  let stored: Map<string, unknown>;
  let operations: Operation[];
  let clock: HandClock;
  let unseen: UnseenFailures;

  beforeEach(() => {
    stored = new Map();
    operations = [];
    clock = createHandClock(1000);
    unseen = new UnseenFailures(
      { list: () => operations },
      {
        get: (key) => stored.get(key),
        update: (key, value) => Promise.resolve(void stored.set(key, value)),
      },
      clock,
    );
  });

  it('are counted, and operations that ended well are not', () => {
    operations = [ended('a', 500), ended('b', 600), ended('c', 700, 'done')];
    assert.equal(unseen.count, 2);
  });

  it('are seen once the view is visible after their end', () => {
    operations = [ended('a', 500), ended('b', 1500)];
    unseen.viewLookedAt();
    assert.equal(unseen.count, 1);
  });

  it('are seen once their page is opened, also after a restart', () => {
    operations = [ended('a', 500), ended('b', 600)];
    unseen.operationLookedAt('a');
    assert.equal(unseen.count, 1);
    unseen.operationLookedAt('b');
    assert.equal(unseen.count, 0);
    assert.deepEqual(stored.get('cloudBackup.reportsOpened'), ['a', 'b']);
  });

  it('leave no id behind once the view was looked at, or the operation is gone', () => {
    operations = [ended('a', 500), ended('b', 1500)];
    unseen.operationLookedAt('a');
    unseen.viewLookedAt();
    unseen.operationLookedAt('gone');
    assert.deepEqual(stored.get('cloudBackup.reportsOpened'), []);
  });

  it('are all counted when what was stored makes no sense', () => {
    stored.set('cloudBackup.reportsOpened', 'a').set('cloudBackup.tasksLookedAt', 'yesterday');
    operations = [ended('a', 500)];
    assert.equal(unseen.count, 1);
  });
});
