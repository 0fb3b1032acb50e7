import { strict as assert } from 'node:assert';
import { BackupError } from '../../../src/core/service/errors';
import type { Operation } from '../../../src/core/operations/operation';
import type { TrackRequest } from '../../../src/core/operations/trackTask';
import { trackTaskById } from '../../../src/core/operations/trackTaskById';
import { aScope } from '../../support/builders';
import { anOperation } from './taskPageOperations';
import { FakeNotices, FakeUser } from '../../support/fakeUser';

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
        notices: new FakeNotices(),
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

  it('lets any other failure through, without a second question', async () => {
    answer = () => {
      throw new BackupError('not-found', 'No such task.', { requestId: 'R-404' });
    };
    await assert.rejects(track(), { code: 'not-found', requestId: 'R-404' });
    answer = () => {
      throw new TypeError('broken');
    };
    await assert.rejects(track(), TypeError);
    assert.deepEqual(
      questions.ofKind('one').map(({ labels }) => labels),
      [],
    );
  });

  it('takes what may be an id, of any likely length, and says of anything else what one looks like', async () => {
    await track();
    const complaint = (text: string) => questions.ofKind('text')[0]?.validate?.(text);
    for (const id of ['t-0001abcd', 'T_1', ' t-9a ', '3d1e', 'x'.repeat(128)]) {
      assert.equal(complaint(id), undefined, id);
    }
    const wrong = ['', 't-', '-t-1', 't 1', 't-1\nt-2', 't-1;x', 't/../1', '任务-1', 'x'.repeat(129)];
    for (const id of [...wrong, 'no id at all']) {
      assert.match(complaint(id) ?? '', /letters, digits, and hyphens/, id);
    }
  });
});
