import { strict as assert } from 'node:assert';
import { clearFinished, finishedCount, removeOperation } from '../../../src/core/operations/clearFinished';
import type { Operation } from '../../../src/core/operations/operation';
import { FakeUser } from '../../support/fakeUser';
import { aCall, anOperation, startedAt } from './taskPageOperations';

const ended = (id: string, calls: Operation['calls'] = [aCall()]): Operation =>
  anOperation({ id, phase: 'ended', endedAt: startedAt + 1000, calls });
const damaged = { id: 'op-9', taskIds: [] };

describe('what has finished', () => {
  let questions: FakeUser;
  let removed: string[];

  beforeEach(() => {
    questions = new FakeUser();
    removed = [];
  });

  const known = (list: readonly Operation[], olderCount = 0, damagedCount = 0) => ({
    list: () => list,
    olderCount,
    ledger: { damaged: Array.from({ length: damagedCount }, () => damaged) },
    clearFinished: () => {
      removed.push('all');
      return Promise.resolve();
    },
    remove: (id: string) => {
      removed.push(id);
      return Promise.resolve();
    },
  });

  it('is cleared after a question that counts what ended, what was not read, and damaged records', async () => {
    await clearFinished(known([ended('a'), anOperation({ id: 'b' })], 2, 1), questions);
    assert.equal(questions.ofKind('confirm')[0]?.words, 'Clear 4 finished operations?');
    assert.deepEqual(removed, ['all']);
  });

  it('is not asked about, nor offered, where there is nothing', async () => {
    const nothing = known([anOperation()]);
    await clearFinished(nothing, questions);
    assert.deepEqual([questions.asked, removed], [[], []]);
    assert.equal(finishedCount({ ...nothing, list: nothing.list() }), 0);
    assert.equal(finishedCount({ ...known([], 0, 1), list: [] }), 1);
  });

  it('is removed one by one after a question, where request IDs are lost', async () => {
    questions.answer(undefined, 'Remove');
    const operations = known([]);
    await removeOperation(ended('a'), operations, questions);
    assert.deepEqual(removed, []);
    await removeOperation(ended('a'), operations, questions);
    assert.equal(questions.ofKind('confirm')[0]?.words, 'Remove “Upgrade 2 clients” from the history?');
    await removeOperation(ended('b', []), operations, questions);
    assert.deepEqual([removed, questions.ofKind('confirm').length], [['a', 'b'], 2]);
  });
});
