import { strict as assert } from 'node:assert';
import {
  keepDaysOf,
  rolloutDefaultsOf,
  type OperationSetting,
} from '../../../src/core/change/rolloutSettings';
import type { InspectedSetting } from '../../../src/core/kernel/ownSetting';

type Values = Partial<Readonly<Record<OperationSetting, InspectedSetting>>>;

const read = (values: Values) => rolloutDefaultsOf((name) => values[name]);
const twoHours = 120 * 60_000;
const defaults = { order: { kind: 'all' }, batchSize: 20, maxFailures: 1, holdLimitMs: twoHours };

describe('the rollout settings', () => {
  it('stop after one failure unless the user says otherwise', () => {
    assert.deepEqual(read({}), defaults);
    assert.deepEqual(
      read({
        rolloutOrder: { globalValue: 'batches' },
        batchSize: { globalValue: 5 },
        maxFailures: { globalValue: 0 },
        waitForBackupsMinutes: { globalValue: 30 },
      }),
      { order: { kind: 'batches', size: 5 }, batchSize: 5, maxFailures: 0, holdLimitMs: 30 * 60_000 },
    );
    assert.equal(
      keepDaysOf(() => ({ globalValue: 7 })),
      7,
    );
  });

  it('take nothing from a folder', () => {
    const ofFolder: InspectedSetting & { workspaceValue: unknown; workspaceFolderValue: unknown } = {
      workspaceValue: 0,
      workspaceFolderValue: 0,
    };
    assert.equal(read({ maxFailures: ofFolder }).maxFailures, 1);
  });

  it('take nothing from the settings file of a remote computer', () => {
    const remote = (value: unknown): InspectedSetting => ({ globalValue: value, globalRemoteValue: value });
    assert.deepEqual(
      read({ maxFailures: remote(0), batchSize: remote(10_000), rolloutOrder: remote('batches') }),
      defaults,
    );
    assert.equal(
      keepDaysOf(() => remote(1)),
      90,
    );
  });

  it('wait for running backups between 5 minutes and a day', () => {
    const limitOf = (value: number) => read({ waitForBackupsMinutes: { globalValue: value } }).holdLimitMs;
    assert.deepEqual([4, 5, 1440, 1441].map(limitOf), [twoHours, 300_000, 86_400_000, twoHours]);
  });

  it('count what makes no sense as the default', () => {
    for (const value of [-1, 1.5, '0', null]) {
      assert.deepEqual(
        read({
          maxFailures: { globalValue: value },
          batchSize: { globalValue: value },
          rolloutOrder: { globalValue: value },
          waitForBackupsMinutes: { globalValue: value },
        }),
        defaults,
      );
    }
  });
});
