import { strict as assert } from 'node:assert';
import { BackupError } from '../../../src/core/service/errors';
import type { Operation } from '../../../src/core/operations/operation';
import type { TrackRequest } from '../../../src/core/operations/trackTask';
import { trackTaskById } from '../../../src/core/operations/trackTaskById';
import { aScope } from '../../support/builders';
import { anOperation } from './taskPageOperations';
import { FakeUser } from '../../support/fakeUser';

const place = { scope: aScope(), profileName: 'Production', demo: false };

describe('tracking a task by its id', () => {
  let questions: FakeUser;
  let requests: TrackRequest[];
  let answer: (request: TrackRequest) => Operation;

  beforeEach(() => {
    questions = new FakeUser();
    questions.on.text = () => 't-0001abcd';
    requests = [];
    answer = ({ action }) => anOperation({ foreign: true, action: action ?? 'upgrade' });
  });

  const track = () =>
    trackTaskById(
      {
        questions,
        operations: {
          track: async (request) => {
            requests.push(request);
            return await Promise.resolve(answer(request));
          },
        },
      },
      place,
    );
  const namelessUntilTold = (): void => {
    answer = ({ action }) => {
      if (!action) throw new BackupError('invalid-input', 'The task does not say what it does.');
      return anOperation({ foreign: true, action });
    };
  };

  it('follows the task of the scope, and asks nothing more when its name tells what it does', async () => {
    const operation = await track();
    assert.equal(operation?.foreign, true);
    assert.deepEqual(requests, [{ ...place, taskId: 't-0001abcd' }]);
    assert.deepEqual(
      questions.ofKind('one').map(({ labels }) => labels),
      [],
    );
  });

  it('takes an id with blanks around it, as it comes from the clipboard', async () => {
    questions.on.text = () => '  t-0001abcd\n';
    await track();
    assert.equal(requests[0]?.taskId, 't-0001abcd');
  });

  it('asks for the action when the task does not tell it, and says it to the second attempt', async () => {
    namelessUntilTold();
    questions.on.one = () => 'Uninstall';
    const operation = await track();
    assert.deepEqual(
      questions.ofKind('one').map(({ labels }) => labels),
      [['Install', 'Upgrade', 'Uninstall']],
    );
    assert.equal(operation?.action, 'uninstall');
    assert.deepEqual(
      requests.map(({ taskId, action }) => [taskId, action]),
      [
        ['t-0001abcd', undefined],
        ['t-0001abcd', 'uninstall'],
      ],
    );
  });

  it('follows nothing when the user backs out of either question', async () => {
    questions.on.text = () => undefined;
    assert.equal(await track(), undefined);
    assert.deepEqual(requests, []);
    namelessUntilTold();
    questions.on.text = () => 't-0001abcd';
    questions.on.one = () => undefined;
    assert.equal(await track(), undefined);
    assert.equal(requests.length, 1);
  });

  it('keeps the box open for a task that the service does not know, and names the region', async () => {
    answer = () => {
      throw new BackupError('not-found', 'No such task.', { requestId: 'R-404' });
    };
    assert.equal(await track(), undefined);
    assert.deepEqual(questions.problems, [
      'No task “t-0001abcd” in China (Hangzhou). Check the ID and the region.',
    ]);
  });

  it('lets any other failure through, without a second question', async () => {
    answer = () => {
      throw new BackupError('permission-denied', 'No.', { requestId: 'R-403' });
    };
    await assert.rejects(track(), { code: 'permission-denied', requestId: 'R-403' });
    answer = () => {
      throw new TypeError('broken');
    };
    await assert.rejects(track(), TypeError);
    assert.deepEqual(
      questions.ofKind('one').map(({ labels }) => labels),
      [],
    );
  });

  it('takes what may be an id, and says of anything else what one looks like', async () => {
    await track();
    const [{ validate, whileTyping } = {}] = questions.ofKind('text');
    for (const id of ['t-0001abcd', ' t-9a ', 't-3d1e-x', `t-${'x'.repeat(126)}`]) {
      assert.equal(validate?.(id), undefined, id);
    }
    for (const id of ['', 't-', '3d1e', '-t-1', 't 1', 't-1\nt-2', 't-1;x', 't/../1', '任务-1', 'no id']) {
      assert.match(validate?.(id) ?? '', /starts with “t-”.*letters, digits, and hyphens/, id);
    }
    // While it's typed, only what can't become one any more.
    for (const begun of ['', 't', 't-', 't-0']) assert.equal(whileTyping?.(begun), undefined, begun);
    for (const lost of ['0', 'nonsense', 't-1;', 't1']) assert.match(whileTyping?.(lost) ?? '', /t-/, lost);
  });
});
