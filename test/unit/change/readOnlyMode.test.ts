import { strict as assert } from 'node:assert';
import { Emitter } from '../../../src/core/kernel/events';
import type { Operation } from '../../../src/core/operations/operation';
import { stopRolloutsInReadOnlyMode } from '../../../src/core/change/safety/readOnlyMode';
import { anOperation } from '../operations/taskPageOperations';

describe('read-only mode that begins while operations run', () => {
  const operations: readonly Operation[] = [
    anOperation({ id: 'sends', phase: 'sending' }),
    anOperation({ id: 'waits', phase: 'watching', calls: [] }),
    anOperation({
      id: 'gets-its-key',
      phase: 'watching',
      calls: [{ id: '1', machineKeys: ['i-1'], state: 'intent', intentAt: 0 }],
    }),
    anOperation({ id: 'over', phase: 'ended' }),
  ];

  /** What is stopped, and logged, when the setting changes to `readOnly`. */
  async function stoppedBy(readOnly: boolean, stop: (id: string) => Promise<void> = () => Promise.resolve()) {
    const changes = new Emitter<void>();
    const begun = new Emitter<Operation>();
    const current = { readOnly: false };
    const stopped: string[] = [];
    const logged: string[] = [];
    const following = stopRolloutsInReadOnlyMode(
      { current, onDidChange: changes.event },
      {
        list: () => operations,
        onDidChange: begun.event,
        stop: (id, what) => {
          assert.equal(what, 'rollout');
          stopped.push(id);
          return stop(id);
        },
      },
      { write: (_level, text) => logged.push(text) },
    );
    current.readOnly = readOnly;
    changes.fire();
    begun.fire(anOperation({ id: 'was-beginning', phase: 'sending' }));
    begun.fire(anOperation({ id: 'was-stopped', phase: 'sending', sendingStopped: true }));
    following.dispose();
    changes.fire();
    await Promise.resolve();
    return { stopped, logged };
  }

  it('lets no further call out of those that still send or only begin, and leaves the others alone', async () => {
    assert.deepEqual((await stoppedBy(true)).stopped, ['sends', 'gets-its-key', 'was-beginning']);
  });

  it('stops nothing when another setting changed, or when it ends', async () => {
    assert.deepEqual((await stoppedBy(false)).stopped, []);
  });

  it('says in the log what it could not stop', async () => {
    const { logged } = await stoppedBy(true, () => Promise.reject(new Error('the disk is full')));
    assert.deepEqual(logged, [
      'read-only mode could not stop an operation: sends',
      'read-only mode could not stop an operation: gets-its-key',
      'read-only mode could not stop an operation: was-beginning',
    ]);
  });
});
