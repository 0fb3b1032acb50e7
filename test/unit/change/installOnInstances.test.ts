import { strict as assert } from 'node:assert';
import { BackupError } from '../../../src/core/service/errors';
import { Emitter } from '../../../src/core/kernel/events';
import type { BackupClient } from '../../../src/core/service/model';
import type { Operation } from '../../../src/core/operations/operation';
import type { ChangeRequest, PreviewRequest } from '../../../src/core/change/changeClients';
import { createInstallOnInstances } from '../../../src/core/change/installOnInstances';
import type { ScopeLabel } from '../../../src/core/service/scopeLabel';
import { uninstallOf } from '../../support/operationBuilders';
import { aClient, aScope } from '../../support/builders';
import { createFakeService, type FakeService } from '../../support/fakeService';
import { HandInstances } from './changeClientsFakes';
import { back, FakeNotices, FakeUser } from '../../support/fakeUser';

describe('installing on ECS instances', () => {
  let questions: FakeUser;
  let notices: FakeNotices;
  let instances: HandInstances;
  let requests: ChangeRequest[];
  let previews: PreviewRequest[];
  /** How the changes end, in order. */
  let ends: ('back' | undefined)[];
  let known: readonly Operation[];
  /** What the listing brings after the question was opened, and whether it goes on. */
  let later: BackupClient[];
  let laterCame: Emitter<void>;
  let listing: boolean;

  beforeEach(() => {
    questions = new FakeUser();
    notices = new FakeNotices();
    instances = new HandInstances();
    service = createFakeService();
    requests = [];
    previews = [];
    ends = [];
    known = [];
    later = [];
    laterCame = new Emitter();
    listing = false;
  });

  let service: FakeService;

  const run = (listed: readonly BackupClient[] = [], fields: Partial<ScopeLabel> = {}) =>
    createInstallOnInstances({
      questions,
      notices,
      instances,
      api: service,
      operations: { list: () => known },
      changeClients: {
        run: (request) => {
          requests.push(request);
          return Promise.resolve(ends.shift());
        },
        preview: (request) => Promise.resolve(void previews.push(request)),
      },
    }).run(
      { scope: aScope(), profileName: 'prod', demo: false, ...fields },
      {
        clients: () => [...listed, ...later],
        running: () => listing,
        onDidChange: laterCame.event,
      },
    );
  const chosen = () => requests.flatMap(({ clients }) => clients.map(({ key }) => key));

  describe('from the list', () => {
    it('offers running instances without a client, with all that they can be found by', async () => {
      instances.known.set('i-new', {
        instanceName: 'shop-1',
        zoneId: 'cn-hangzhou-f',
        privateIps: ['10.1.0.4'],
        publicIps: ['47.1.2.3'],
        tags: [{ key: 'env', value: 'prod' }],
      });
      instances.known.set('i-off', { status: 'Stopped' });
      instances.known.set('i-has', { instanceName: 'shop-2' });
      instances.known.set('i-bare', { instanceName: 'shop-3' });
      questions.whilePicking = () => new Promise((resolve) => setImmediate(resolve));
      questions.on.manyLive = () => ['shop-1'];
      await run([
        aClient({ instanceId: 'i-has' }),
        aClient({ instanceId: 'i-bare', clientId: 'c-2', status: 'NOT_INSTALLED' }),
      ]);
      assert.equal(questions.rows.length, 2);
      assert.match(questions.rows[0] ?? '', /^- shop-1 \| cn-hangzhou-f · 10\.1\.0\.4 · i-new \| /);
      assert.match(questions.rows[0] ?? '', /47\.1\.2\.3 · env=prod/);
      assert.deepEqual(chosen(), ['i-new']);
      assert.equal(requests[0]?.review, 'reviewed');
      assert.deepEqual(requests[0].clients[0]?.client.tags, [{ key: 'env', value: 'prod' }]);
    });

    it('offers an instance after its client was uninstalled here, though its record stays listed', async () => {
      const client = aClient({ instanceId: 'i-gone', clientId: 'c-gone', status: 'STOPPED' });
      instances.known.set('i-gone', { instanceName: 'shop-1' });
      questions.whilePicking = () => new Promise((resolve) => setImmediate(resolve));
      questions.on.manyLive = () => ['web-01'];
      await run([client]);
      assert.deepEqual(chosen(), []);
      known = [uninstallOf(client)];
      await run([client]);
      assert.deepEqual(chosen(), ['i-gone']);
    });

    it('opens while the clients are still listed, and withdraws an instance when its client comes', async () => {
      listing = true;
      for (const id of ['i-new', 'i-has']) instances.known.set(id, { instanceName: `on-${id}` });
      const rows: (readonly string[])[] = [];
      questions.on.manyLive = () => ['on-i-new', 'on-i-has'];
      questions.whilePicking = async () => {
        await new Promise((resolve) => setImmediate(resolve));
        rows.push(questions.rows);
        later.push(aClient({ instanceId: 'i-has' }));
        listing = false;
        laterCame.fire();
        rows.push(questions.rows);
      };
      await run();
      assert.deepEqual(
        rows.map((all) => all.length),
        [2, 1],
      );
      assert.deepEqual(chosen(), ['i-new']);
    });

    it('does not say that every instance has a client before all are listed', async () => {
      listing = true;
      questions.whilePicking = () => new Promise((resolve) => setImmediate(resolve));
      await run();
      assert.deepEqual(questions.rows, []);
    });

    it('shows the ticks again on Back, and then the two ways', async () => {
      for (const id of ['i-1', 'i-2']) instances.known.set(id, { instanceName: `on-${id}` });
      questions.whilePicking = () => new Promise((resolve) => setImmediate(resolve));
      ends = ['back'];
      questions.answer('Select running instances without a client', ['on-i-2'], back, undefined);
      await run();
      assert.deepEqual(
        questions.asked.map(({ step }) => step),
        ['1/3', '2/3', '2/3', '1/3'],
      );
      assert.deepEqual(questions.ofKind('manyLive')[1]?.ticked, ['on-i-2']);
      assert.deepEqual([chosen(), requests[0]?.stepsBefore], [['i-2'], 2]);
    });

    it('shows the plan for what is ticked, or for all', async () => {
      for (const id of ['i-1', 'i-2']) instances.known.set(id, { instanceName: `on-${id}` });
      questions.whilePicking = async () => {
        await new Promise((resolve) => setImmediate(resolve));
        questions.press('Preview Plan', 'on-i-2');
        questions.press('Preview Plan');
      };
      await run();
      assert.deepEqual(
        previews.map(({ action, clients }) => [action, ...clients.map(({ key }) => key)]),
        [
          ['install', 'i-2'],
          ['install', 'i-1', 'i-2'],
        ],
      );
    });

    it('says when there is none', async () => {
      questions.whilePicking = () => new Promise((resolve) => setImmediate(resolve));
      await run();
      assert.deepEqual(questions.rows, ['# Every running instance in this region has a client']);
      assert.deepEqual(requests, []);
    });

    it('shows a failure to list', async () => {
      instances.failures.set('instances', new BackupError('permission-denied', 'no'));
      questions.whilePicking = () => new Promise((resolve) => setImmediate(resolve));
      await run();
      assert.deepEqual(
        notices.failures.map(({ code }) => code),
        ['permission-denied'],
      );
    });
  });

  describe('from pasted ids', () => {
    beforeEach(() => {
      questions.on.one = () => 'Paste instance IDs';
    });

    it('names each bad one with its reason and takes the others, each once', async () => {
      questions.on.text = () => 'i-aaa, i-bbb\ni-aaa web-7 i-has i-gone i-old';
      instances.known.set('i-aaa', { instanceName: 'shop-1' });
      instances.known.set('i-gone', null);
      await run([
        aClient({ instanceId: 'i-has', instanceName: 'db-1' }),
        aClient({ instanceId: 'i-old', clientId: 'c-2', status: 'STOPPED' }),
      ]);
      assert.deepEqual(chosen(), ['i-aaa', 'i-bbb', 'i-old']);
      assert.equal(requests[0]?.clients[0]?.client.instanceName, 'shop-1');
      assert.deepEqual(
        requests[0].leftOut?.map(({ client, obstacle }) => [client.instanceId, obstacle]),
        [
          ['web-7', 'not-an-id'],
          ['i-has', 'already-installed'],
          ['i-gone', 'no-such-instance'],
        ],
      );
      assert.equal(requests[0].review, 'reviewed');
    });

    it('means every client of an instance, and none where one of them works', async () => {
      questions.on.text = () => 'i-two i-live';
      await run([
        aClient({ instanceId: 'i-two', clientId: 'c-1', status: 'STOPPED' }),
        aClient({ instanceId: 'i-two', clientId: 'c-2', status: 'UNKNOWN' }),
        aClient({ instanceId: 'i-live', clientId: 'c-3', status: 'UNKNOWN' }),
        aClient({ instanceId: 'i-live', clientId: 'c-4' }),
      ]);
      assert.deepEqual(chosen(), ['i-two+c-1', 'i-two+c-2']);
      assert.deepEqual(
        requests[0]?.leftOut?.map(({ key, obstacle }) => [key, obstacle]),
        [['i-live+c-4', 'already-installed']],
      );
    });

    it('shows the text again on Back', async () => {
      ends = ['back', 'back'];
      questions.answer('Paste instance IDs', 'i-aaa', 'i-aaa i-bbb', back, undefined);
      await run();
      assert.deepEqual(
        questions.ofKind('text').map(({ value, step }) => [value, step]),
        [
          ['', '2/3'],
          ['i-aaa', '2/3'],
          ['i-aaa i-bbb', '2/3'],
        ],
      );
      assert.equal(requests.length, 2);
    });

    it('rejects a text without an ID', async () => {
      questions.on.text = () => 'web-1 web-2';
      await run();
      assert.deepEqual(requests, []);
      assert.equal(
        questions.ofKind('text')[0]?.validate?.('web-1'),
        'Enter at least one instance ID, such as i-bp1….',
      );
    });

    it('goes on without names when ECS may not be asked', async () => {
      instances.failures.set('instances', new BackupError('permission-denied', 'no'));
      questions.on.text = () => 'i-aaa';
      await run();
      assert.deepEqual(chosen(), ['i-aaa']);
      assert.deepEqual(notices.failures, []);
    });

    it('is the only way for another account, and asks ECS nothing', async () => {
      questions.on.text = () => 'i-aaa';
      const scope = aScope({ crossAccount: { type: 'CROSS_ACCOUNT', userId: '2', roleName: 'r' } });
      await run([], { scope });
      assert.deepEqual(
        questions.ofKind('one').map(({ labels }) => labels),
        [],
      );
      assert.deepEqual(instances.asked, []);
      assert.deepEqual(chosen(), ['i-aaa']);
    });
  });

  describe('from a list that is limited', () => {
    const tags = [{ key: 'team', value: 'shop' }];
    const limited = { scope: aScope({ filter: { tags } }) };

    beforeEach(() => {
      for (const name of ['one', 'two']) instances.known.set(`i-${name}`, { instanceName: name, tags });
      instances.known.set('i-other', { instanceName: 'other' });
      // Its client doesn't have the tags of its instance, so the list lacks it.
      service.clients.set('i-two', aClient({ instanceId: 'i-two', clientId: 'c-two', tags: [] }));
    });

    it('offers instances with its tags, and none with a client that it does not list', async () => {
      questions.on.manyLive = () => ['one'];
      questions.whilePicking = () => new Promise((resolve) => setImmediate(resolve));
      await run([], limited);
      assert.deepEqual(
        questions.rows.map((row) => row.split(' | ')[0]),
        ['- one'],
      );
      assert.deepEqual(chosen(), ['i-one']);
    });

    it('says for which instances none is left', async () => {
      instances.known.delete('i-one');
      questions.whilePicking = () => new Promise((resolve) => setImmediate(resolve));
      await run([], limited);
      assert.deepEqual(questions.rows, ['# Every running instance with team=shop has a client']);
    });

    it('reads the clients of pasted IDs, which may name any instance of the region', async () => {
      questions.answer('Paste instance IDs', 'i-other, i-two');
      await run([], limited);
      assert.deepEqual(chosen(), ['i-other']);
      assert.deepEqual(
        requests[0]?.leftOut?.map(({ key, obstacle }) => [key, obstacle]),
        [['i-two', 'already-installed']],
      );
    });

    it('goes no further where those clients cannot be read', async () => {
      questions.answer('Paste instance IDs', 'i-other');
      service.onRead = () => {
        throw new BackupError('connection-lost', 'no');
      };
      await run([], limited);
      assert.deepEqual(requests, []);
      assert.equal(notices.failures.length, 1);
    });
  });
});
