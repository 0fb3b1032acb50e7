import { strict as assert } from 'node:assert';
import type { Operation } from '../../../src/core/operations/operation';
import type { MachineOutcome } from '../../../src/core/operations/outcomes';
import { stopRollout } from '../../../src/core/change/stopRollout';
import { aMachine, anOperation } from '../operations/taskPageOperations';
import { FakeNotices, FakeUser } from '../../support/fakeUser';

describe('stopping a rollout', () => {
  let questions: FakeUser;
  let notices: FakeNotices;
  let operation: Operation | undefined;
  let stopped: string[];

  const outcomes = (...all: readonly MachineOutcome[]): void => {
    operation = anOperation({
      machines: all.map((outcome, n) => aMachine({ outcome }, `web-${n}`)),
    });
  };
  const stop = () =>
    stopRollout('op-1', {
      questions,
      notices,
      operations: {
        get: () => operation,
        stop: (id, what) => {
          assert.equal(what, 'rollout');
          stopped.push(id);
          return Promise.resolve();
        },
      },
    });

  beforeEach(() => {
    questions = new FakeUser();
    notices = new FakeNotices();
    stopped = [];
  });

  it('says first how many clients go on and how many are left out', async () => {
    outcomes('done', 'running', 'confirming', 'waiting', 'waiting', 'waiting');
    questions.on.confirm = ({ words, detail, labels }) => {
      assert.deepEqual(stopped, []);
      assert.deepEqual(
        [words, labels, detail?.split('\n')],
        [
          'Stop this rollout?',
          ['Stop Rollout'],
          [
            '2 clients are already being changed. Those changes continue and are tracked to their end.',
            "3 clients are still waiting. They won't be changed.",
            'You can continue with the rest later.',
          ],
        ],
      );
      return Promise.resolve(labels[0]);
    };
    await stop();
    assert.deepEqual([stopped, notices.shown], [['op-1'], []]);
  });

  it('does nothing when the user backs out', async () => {
    outcomes('running', 'waiting');
    questions.on.confirm = () => Promise.resolve(undefined);
    await stop();
    assert.deepEqual([stopped, notices.shown], [[], []]);
  });

  it('asks nothing when every client was sent, and says so', async () => {
    outcomes('running', 'done');
    await stop();
    operation = undefined;
    await stop();
    assert.deepEqual([questions.ofKind('confirm'), stopped], [[], []]);
    assert.equal(notices.shown.length, 2);
    assert.match(notices.shown[0] ?? '', /Nothing was stopped/);
  });

  it('says that nothing was stopped when the last wave was sent while it asked', async () => {
    outcomes('running', 'waiting');
    questions.on.confirm = ({ labels }) => {
      outcomes('running', 'running');
      return Promise.resolve(labels[0]);
    };
    await stop();
    assert.deepEqual(stopped, []);
    assert.match(notices.shown[0] ?? '', /Nothing was stopped/);
  });
});
