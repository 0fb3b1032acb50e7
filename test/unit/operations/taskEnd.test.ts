import { strict as assert } from 'node:assert';
import { clientStatusOf } from '../../../src/core/service/model';
import { taskEnd } from '../../../src/core/operations/taskEnd';

describe('the end of a task', () => {
  for (const [state, progress, end] of [
    ['completed', 100, 'completed'],
    ['Completed', 100, 'completed'],
    ['COMPLETE', 100, 'completed'],
    ['Partial Complete', 100, 'completed'],
    ['cancelled', 10, 'cancelled'],
    ['canceled', 10, 'cancelled'],
    ['Canceled', 10, 'cancelled'],
    ['EXPIRED', 60, 'expired'],
    ['timed_out', 60, 'expired'],
    ['FAILED', 60, 'failed'],
    ['failed', 100, 'failed'],
    ['created', -1, 'failed'],
    ['completed', -1, 'failed'],
    ['not-found', 0, 'not-found'],
    ['created', 100, undefined],
    ['running', 40, undefined],
    ['paused', 40, undefined],
    ['constructor', 40, undefined],
    ['', 0, undefined],
  ] as const) {
    it(`is ${end ?? 'not there yet'} for "${state}" at ${progress}`, () => {
      assert.equal(taskEnd({ state, progress }), end);
    });
  }
});

describe('the status of a client', () => {
  it('is read in any case, and kept as it is where it is not documented', () => {
    assert.deepEqual(
      ['upgrade_failed', 'Activated', ' STOPPED ', 'Paused'].map((status) => clientStatusOf(status)),
      ['UPGRADE_FAILED', 'ACTIVATED', 'STOPPED', 'Paused'],
    );
  });
});
