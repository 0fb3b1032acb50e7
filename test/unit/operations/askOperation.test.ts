import { strict as assert } from 'node:assert';
import { askOperation } from '../../../src/core/operations/askOperation';
import type { Operation } from '../../../src/core/operations/operation';
import { FakeNotices, FakeUser } from '../../support/fakeUser';
import { anOperation } from './taskPageOperations';

describe('a command about an operation that was started without a row', () => {
  const running = anOperation({ id: 'o-1', phase: 'sending', startedAt: 1000 });
  const later = anOperation({ id: 'o-2', phase: 'sending', startedAt: 2000 });
  const ended = anOperation({ id: 'o-3', phase: 'ended', startedAt: 3000 });
  const ask = async (all: readonly Operation[], user = new FakeUser(), notices = new FakeNotices()) => ({
    answer: await askOperation({ operations: { list: () => all }, questions: user, notices }, 'sending'),
    user,
    notices,
  });

  it('asks for one of those that it applies to, newest first', async () => {
    const { answer, user } = await ask([running, ended, later]);
    assert.equal(answer?.id, 'o-2');
    assert.equal(user.asked[0]?.labels.length, 2);
  });

  it('says so where it applies to none', async () => {
    const { answer, user, notices } = await ask([ended]);
    assert.deepEqual([answer, user.asked], [undefined, []]);
    assert.deepEqual(notices.shown, ['info: There is no operation to do this with.']);
  });
});
