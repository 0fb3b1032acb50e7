import { strict as assert } from 'node:assert';
import { BackupError, failureCodes, type FailureCode } from '../../../src/core/service/errors';
import { failureNotice } from '../../../src/core/interaction/failureNotice';
import { SourceUnusable } from '../../../src/core/profiles/keys/credentialSource';
import { KeychainUnavailable } from '../../../src/core/profiles/keys/keychain';

describe('a failure as the user sees it', () => {
  it('says in words what each failure means and what to do, without the English text of the log', () => {
    for (const code of failureCodes) {
      const { message } = failureNotice(new BackupError(code, 'text for the log'));
      assert.ok(!message.includes('text for the log') && !message.includes(code), message);
      assert.ok((message.match(/[.](?: |$)/g) ?? []).length >= 2, `one sentence, no next step: ${message}`);
    }
  });

  it('names the profile whose key it is about, so that signing in again acts on that one', () => {
    const error = new BackupError('credentials-rejected', 'no', { profileId: 'p-2' });
    const names = new Map([
      ['p-1', 'default'],
      ['p-2', 'wrong $(x)'],
    ]);
    const notice = failureNotice(error, (id) => names.get(id));
    assert.match(notice.message, /^Profile “wrong \$ \(x\)”: The credentials were rejected/);
    assert.deepEqual([notice.remedy, notice.profileId], ['sign-in-again', 'p-2']);
  });

  it('offers no sign-in for a key that belongs to no profile', () => {
    const error = new BackupError('credentials-rejected', 'no', { profileId: 'probe-1' });
    const { remedy, message } = failureNotice(error, () => undefined);
    assert.equal(remedy, 'none');
    assert.match(message, /^The credentials were rejected/);
  });

  it('does not name a profile where its key is not the trouble', () => {
    const error = new BackupError('throttled', 'no', { profileId: 'p-1' });
    assert.doesNotMatch(failureNotice(error, () => 'default').message, /default/);
  });

  it('names the RAM action that is missing', () => {
    const error = new BackupError('permission-denied', 'no', { ramAction: 'hbr:UpgradeBackupClients' });
    assert.match(failureNotice(error).message, /hbr:UpgradeBackupClients/);
  });

  it('names the RequestId and gives it for copying, made safe', () => {
    const error = new BackupError('throttled', 'no', { requestId: 'REQ-1 $(check)' });
    const { message, requestId } = failureNotice(error);
    assert.match(message, /Request ID: REQ-1 \$ \(check\)$/);
    assert.equal(requestId, 'REQ-1 $ (check)');
    assert.equal(failureNotice(new BackupError('throttled', 'no')).requestId, undefined);
  });

  it('says what is wrong with a source in its own words, with the RequestId of the call behind it', () => {
    const refused = new BackupError('permission-denied', 'NoPermission', { requestId: 'REQ-2' });
    const error = new SourceUnusable('The role is closed. Open it.', 'text for the log', refused);
    assert.deepEqual(failureNotice(error), {
      message: 'The role is closed. Open it. Request ID: REQ-2',
      remedy: 'sign-in-again',
      requestId: 'REQ-2',
    });
  });

  it('says that a lost call may have run', () => {
    const lost = new BackupError('connection-lost', 'reset', { fate: 'ambiguous' });
    assert.match(failureNotice(lost).message, /might still have gone through/);
  });

  it('offers what helps', () => {
    const remedyOf = (code: BackupError['code']) => failureNotice(new BackupError(code, '')).remedy;
    assert.equal(remedyOf('credentials-expired'), 'sign-in-again');
    assert.equal(remedyOf('command-not-allowed'), 'review-command');
    assert.equal(remedyOf('permission-denied'), 'copy-ram-policy');
    assert.equal(remedyOf('wrong-endpoint'), 'endpoint-settings');
    assert.equal(remedyOf('keychain-unavailable'), 'add-profile');
  });

  it('says for each trouble with the keychain what is missing, and that there is another way', () => {
    const messages = (['library-missing', 'no-service', 'denied', 'failed'] as const).map(
      (trouble) => failureNotice(new KeychainUnavailable(trouble, 'text for the log', undefined)).message,
    );
    assert.equal(new Set(messages).size, 4);
    assert.match(messages[0] ?? '', /libsecret/);
    assert.match(messages[1] ?? '', /D-Bus/);
    assert.match(messages[2] ?? '', /Unlock/);
    for (const message of messages) assert.match(message, /Add Profile/);
  });

  it('name the page of the console that helps, and the profile that it is for', () => {
    const denied = new BackupError('permission-denied', 'no', { profileId: 'p1' });
    const { console, profileId } = failureNotice(denied, () => 'prod');
    assert.deepEqual([console, profileId], ['ramUsers', 'p1']);
    const pageOf = (code: FailureCode) => failureNotice(new BackupError(code, 'no')).console;
    assert.equal(pageOf('account-blocked'), 'cloudBackup');
    assert.equal(pageOf('service-role-missing'), 'cloudBackup');
    assert.equal(pageOf('credentials-rejected'), 'accessKeys');
    assert.equal(pageOf('timeout'), undefined);
  });
});
