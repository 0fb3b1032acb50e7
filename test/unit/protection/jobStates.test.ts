import { strict as assert } from 'node:assert';
import { isGoingOn, unfinishedStatuses } from '../../../src/core/protection/jobStates';

describe('the status of a job', () => {
  it('says whether the job goes on, and a word that nobody documented counts as going on', () => {
    const table: readonly [string, boolean | 'unknown'][] = [
      ['CREATED', true],
      ['QUEUED', true],
      ['RUNNING', true],
      ['CANCELING', true],
      ['COMPLETE', false],
      ['PARTIAL_COMPLETE', false],
      ['FAILED', false],
      ['CANCELED', false],
      ['EXPIRED', false],
      ['CLIENT_DELETED', false],
      ['UNAVAILABLE', false],
      ['VM_UNAVAILABLE', false],
      ['UNKNOWN', 'unknown'],
      ['', 'unknown'],
      [' ', 'unknown'],
      ['PREPARING', true],
      ['CANCELLED', true],
      [' running\n', true],
      ['complete', false],
      [' Unknown', 'unknown'],
    ];
    for (const [status, expected] of table) assert.equal(isGoingOn(status), expected, status);
    assert.ok(unfinishedStatuses.every((status) => isGoingOn(status) === true));
  });
});
