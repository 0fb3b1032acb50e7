import { strict as assert } from 'node:assert';
import { createClientTypesInView } from '../../../src/core/profiles/view/clientTypesInView';
import { createSelectClientTypes } from '../../../src/core/profiles/view/selectClientTypes';
import { FakeNotices, FakeUser } from '../../support/fakeUser';

describe('the types of clients in view', () => {
  let memory: Map<string, unknown>;
  let user: FakeUser;
  let notices: FakeNotices;

  const open = () =>
    createClientTypesInView({
      get: (key) => memory.get(key),
      update: (key, value) => Promise.resolve(void memory.set(key, value)),
    });
  const select = (types = open()) =>
    createSelectClientTypes({ types, questions: user, notices })().then(() => types.current);

  beforeEach(() => {
    memory = new Map();
    user = new FakeUser();
    notices = new FakeNotices();
  });

  it('are ECS clients, until others are ticked', async () => {
    user.answer(['Container', 'ECS']);
    assert.deepEqual(await select(), ['ECS_CLIENT', 'CONTAINER_CLIENT']);
    assert.deepEqual(user.asked[0]?.rows, [
      '+ ECS | On ECS instances: install, upgrade, uninstall, and edit settings',
      '- Container | In container clusters: view and edit settings',
      '- On-premises | On servers outside ECS: view and edit settings',
    ]);
  });

  it('stay chosen in the workspace', async () => {
    user.answer(['On-premises']);
    await select();
    assert.deepEqual(open().current, ['LOCAL_CLIENT']);
  });

  it('stay as they are when none is ticked, with a word about it, and when the user backs out', async () => {
    user.answer([], undefined);
    assert.deepEqual(await select(), ['ECS_CLIENT']);
    assert.deepEqual(notices.shown, ["info: Select at least one client type. Your selection wasn't saved."]);
    assert.deepEqual(await select(), ['ECS_CLIENT']);
    assert.equal(memory.size, 0);
  });

  it('are ECS clients where something else is kept', () => {
    for (const kept of ['LOCAL_CLIENT', [], ['NAS_CLIENT'], { 0: 'LOCAL_CLIENT' }, null]) {
      memory.set('cloudBackup.clientTypes', kept);
      assert.deepEqual(open().current, ['ECS_CLIENT']);
    }
    memory.set('cloudBackup.clientTypes', ['NAS_CLIENT', 'LOCAL_CLIENT', 'LOCAL_CLIENT']);
    assert.deepEqual(open().current, ['LOCAL_CLIENT']);
  });

  it('fire once for a change and not for the same choice', () => {
    const types = open();
    let fired = 0;
    types.onDidChange(() => fired++);
    types.set(['ECS_CLIENT']);
    types.set([]);
    types.set(['LOCAL_CLIENT', 'ECS_CLIENT']);
    assert.equal(fired, 1);
  });
});
