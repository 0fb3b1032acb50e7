import { strict as assert } from 'node:assert';
import { BackupError, type FailureCode } from '../../../src/core/service/errors';
import { runningStatusOf } from '../../../src/core/operations/runningStatus';
import { buildTaskTree } from '../../../src/core/operations/taskTree';
import type { Operation } from '../../../src/core/operations/operation';
import { troubleInWords } from '../../../src/core/operations/trouble';
import { SourceUnusable } from '../../../src/core/profiles/keys/credentialSource';
import { operationPageState } from '../../../src/core/pages/operation/operationPage';
import { createFakeService } from '../../support/fakeService';
import { createHandClock } from '../../support/handClock';
import { createMemoryDisk } from '../../support/memoryRecords';
import { aPlan, openWindow, outcomesOf, outdatedClients } from '../../support/operationBuilders';

const second = 1000;
const minute = 60 * second;

/** An upgrade of two clients, followed in one window. */
async function upgrading() {
  const clock = createHandClock();
  const service = createFakeService(outdatedClients(2));
  const window = openWindow(service, clock, createMemoryDisk().window());
  const plan = aPlan('upgrade', [...service.clients.values()]);
  const { id } = await window.operations.start(plan);
  await clock.advance(0);
  const now = (): Operation => {
    const operation = window.operations.get(id);
    assert.ok(operation);
    return operation;
  };
  const upgraded = (key: string): void => {
    const client = service.clients.get(key);
    assert.ok(client);
    service.clients.set(key, {
      ...client,
      clientVersion: '2.4.5',
      lastHeartBeatTime: clock.now() / 1000,
    });
  };
  const fail = (failure: BackupError) => () => {
    throw failure;
  };
  return {
    clock,
    service,
    operations: window.operations,
    profileId: plan.scope.profileId,
    now,
    upgraded,
    fail,
  };
}

const expired = new BackupError('credentials-expired', 'expired');
const denied = (ramAction: string) =>
  new BackupError('permission-denied', 'denied', { httpStatus: 403, ramAction });

/** What the user reads in the three places. */
function toldOf(operation: Operation) {
  const [row] = buildTaskTree([operation], {
    nowMs: operation.startedAt,
    dayInWords: () => 'a day',
    timeInWords: () => 'noon',
  });
  const page = operationPageState(operation, {
    now: operation.startedAt,
    nextCheckAt: undefined,
    known: [],
    timeInWords: () => '12:00',
  });
  return { row, page, status: runningStatusOf([operation]) };
}

describe('an operation whose key has expired', () => {
  const words = 'Waiting: the credentials of profile “Production” have expired. Sign in again.';

  it('says so in the Tasks view, on its page and in the status bar', async () => {
    const w = await upgrading();
    w.service.onPoll = w.fail(expired);
    await w.clock.advance(30 * second);
    const { row, page, status } = toldOf(w.now());
    assert.ok(row);
    assert.ok(row.description.includes(words));
    assert.equal(row.icon?.id, 'warning');
    assert.deepEqual(page.standing, { text: words, look: 'warning' });
    assert.equal(status?.warning, true);
    assert.ok(status.tooltip.includes(words) && status.sentence.includes(words));
  });

  it('asks at once when its profile has another key, and says no more of it', async () => {
    const w = await upgrading();
    w.service.onPoll = w.fail(expired);
    await w.clock.advance(30 * second);
    w.service.onPoll = () => ({ progress: 40 });
    await w.clock.advance(5 * second);
    w.operations.keyChanged('another');
    await w.clock.advance(0);
    assert.equal(w.service.polls.length, 1);
    w.operations.keyChanged(w.profileId);
    await w.clock.advance(0);
    assert.equal(w.service.polls.length, 2);
    assert.equal(w.now().trouble, undefined);
    assert.equal(toldOf(w.now()).status?.warning, false);
  });

  it('waits for a key of its own account while its profile may have one of another', async () => {
    const w = await upgrading();
    w.service.onPoll = w.fail(new BackupError('account-changed', 'not known', { fate: 'not-run' }));
    await w.clock.advance(30 * second);
    const { page } = toldOf(w.now());
    assert.match(
      page.standing.text,
      /^Waiting: This profile's credentials might be for another account now\. Sign in again/,
    );
    w.service.onPoll = () => ({ progress: 40 });
    await w.clock.advance(5 * second);
    w.operations.keyChanged(w.profileId);
    await w.clock.advance(0);
    assert.equal(w.now().trouble, undefined);
  });

  it('does not ask earlier for a key that it does not wait for', async () => {
    const w = await upgrading();
    await w.clock.advance(30 * second);
    w.operations.keyChanged(w.profileId);
    await w.clock.advance(5 * second);
    assert.equal(w.service.polls.length, 1);
  });

  it('says so also while the list is read, and why in the end', async () => {
    const w = await upgrading();
    w.service.onPoll = () => ({ state: 'completed', progress: 100 });
    w.service.onRead = w.fail(expired);
    await w.clock.advance(30 * second);
    assert.equal(toldOf(w.now()).page.standing.text, words);
    await w.clock.advance(15 * minute);
    assert.equal(w.now().phase, 'ended');
    assert.equal(outcomesOf(w.now())['i-0'], 'unconfirmed: credentials-expired');
    assert.equal(w.now().trouble, undefined);
  });

  it('ends with that reason instead of silence', async () => {
    const w = await upgrading();
    w.service.onPoll = w.fail(expired);
    w.service.onRead = w.fail(expired);
    await w.clock.advance(40 * minute);
    assert.deepEqual(outcomesOf(w.now()), {
      'i-0': 'unknown: credentials-expired',
      'i-1': 'unknown: credentials-expired',
    });
  });
});

describe('an operation whose task may not be asked about', () => {
  const words = "You don't have the hbr:DescribeTask permission, so only the client list is checked.";

  it('names the permission, and takes what the list shows at once', async () => {
    const w = await upgrading();
    w.service.onPoll = w.fail(denied('hbr:DescribeTask'));
    w.upgraded('i-0');
    await w.clock.advance(30 * second);
    assert.deepEqual(outcomesOf(w.now()), { 'i-0': 'done', 'i-1': 'running' });
    assert.equal(toldOf(w.now()).page.standing.text, words);
    w.upgraded('i-1');
    await w.clock.advance(30 * second);
    assert.deepEqual(outcomesOf(w.now()), { 'i-0': 'done', 'i-1': 'done' });
    assert.equal(w.now().phase, 'ended');
    assert.equal(w.service.polls.length, 2);
  });

  it('ends at the limit with that reason for what the list does not show', async () => {
    const w = await upgrading();
    w.service.onPoll = w.fail(denied('hbr:DescribeTask'));
    w.upgraded('i-0');
    await w.clock.advance(17 * minute);
    assert.deepEqual(outcomesOf(w.now()), { 'i-0': 'done', 'i-1': 'unknown: task-denied' });
  });

  it('does not take what the list shows as before for a result', async () => {
    const clock = createHandClock();
    const service = createFakeService(outdatedClients(1).map((client) => ({ ...client, status: 'STOPPED' })));
    const { operations } = openWindow(service, clock, createMemoryDisk().window());
    service.onPoll = () => {
      throw denied('hbr:DescribeTask');
    };
    const { id } = await operations.start(aPlan('uninstall', [...service.clients.values()]));
    await clock.advance(5 * minute);
    assert.equal(outcomesOf(operations.get(id))['i-0'], 'running');
  });
});

describe('an operation whose clients may not be listed', () => {
  it('names the permission while it waits and at the end', async () => {
    const w = await upgrading();
    w.service.onPoll = () => ({ state: 'completed', progress: 100 });
    w.service.onRead = w.fail(denied('hbr:DescribeBackupClients'));
    await w.clock.advance(30 * second);
    assert.equal(
      toldOf(w.now()).page.standing.text,
      "Waiting: you don't have the hbr:DescribeBackupClients permission. Ask your RAM administrator to grant it.",
    );
    await w.clock.advance(15 * minute);
    assert.equal(outcomesOf(w.now())['i-0'], 'unconfirmed: list-denied');
  });
});

describe('the words for what an operation waits for', () => {
  const wordsOf = (code: FailureCode, sentence?: string) =>
    troubleInWords({
      profileName: 'Production',
      trouble: { code, ...(sentence !== undefined && { sentence }) },
    });

  it('are none while a query just failed', async () => {
    const w = await upgrading();
    for (const code of ['throttled', 'service-failed', 'timeout', 'connection-lost'] as const) {
      w.service.onPoll = w.fail(new BackupError(code, 'once'));
      await w.clock.advance(30 * second);
      assert.equal(w.now().trouble, undefined, code);
    }
  });

  it('name the profile, or say what its source says', async () => {
    assert.match(wordsOf('credentials-rejected') ?? '', /profile “Production” were rejected/);
    assert.match(wordsOf('credentials-missing') ?? '', /no credentials for profile “Production”/);
    assert.match(wordsOf('unreachable') ?? '', /^Waiting: /);
    const w = await upgrading();
    w.service.onPoll = w.fail(new SourceUnusable('Run: aliyun sso login', 'expired'));
    await w.clock.advance(30 * second);
    assert.equal(toldOf(w.now()).page.standing.text, 'Waiting: Run: aliyun sso login');
  });
});
