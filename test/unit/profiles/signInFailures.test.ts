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
    const profiles = [
      { id: 'p-1', name: 'default' },
      { id: 'p-2', name: 'wrong $(x)' },
    ];
    const notice = failureNotice(error, profiles);
    assert.match(notice.message, /^Profile “wrong \$ \(x\)”: The credentials were rejected/);
    assert.deepEqual([notice.remedies[0], notice.profileId], ['sign-in-again', 'p-2']);
  });

  it('offers no sign-in where it is not known with which profile', () => {
    const probe = new BackupError('credentials-rejected', 'no', { profileId: 'probe-1' });
    const nobody = new BackupError('credentials-rejected', 'no');
    const two = [
      { id: 'p-1', name: 'default' },
      { id: 'p-2', name: 'other' },
    ];
    for (const notice of [failureNotice(probe, two.slice(0, 1)), failureNotice(nobody, two)]) {
      assert.deepEqual(notice.remedies, ['console', 'copy-details']);
      assert.match(notice.message, /^The credentials were rejected/);
    }
    assert.equal(failureNotice(nobody, two.slice(0, 1)).profileId, 'p-1');
  });

  it('names the profile of any failure where there are several, so that two failures are two', () => {
    const messages = ['p-1', 'p-2'].map(
      (profileId) =>
        failureNotice(new BackupError('throttled', 'no', { profileId }), [
          { id: 'p-1', name: 'default' },
          { id: 'p-2', name: 'other' },
        ]).message,
    );
    assert.match(messages[0] ?? '', /^Profile “default”: /);
    assert.match(messages[1] ?? '', /^Profile “other”: /);
    const alone = new BackupError('throttled', 'no', { profileId: 'p-1' });
    assert.doesNotMatch(failureNotice(alone, [{ id: 'p-1', name: 'default' }]).message, /default/);
  });

  it('names the RAM action that is missing', () => {
    const error = new BackupError('permission-denied', 'no', { ramAction: 'hbr:UpgradeBackupClients' });
    assert.match(failureNotice(error).message, /hbr:UpgradeBackupClients/);
  });

  it('keeps IDs out of the text, and gives them with the codes for copying, made safe', () => {
    const error = new BackupError('throttled', 'no', {
      requestId: 'REQ-1 $(check)',
      serviceCode: 'Throttling.User',
      action: 'DescribeTask',
      httpStatus: 400,
    });
    const { message, remedies, details } = failureNotice(error);
    assert.doesNotMatch(message, /REQ-1/);
    assert.deepEqual(remedies, ['copy-details']);
    assert.deepEqual(details.split('\n'), [
      message,
      'Error code: throttled',
      'API: DescribeTask',
      'Code of the service: Throttling.User',
      'HTTP status: 400',
      'Request ID: REQ-1 $ (check)',
    ]);
  });

  it('says what is wrong with a source in its own words, with the codes of the call behind it', () => {
    const refused = new BackupError('permission-denied', 'NoPermission', { requestId: 'REQ-2' });
    const error = new SourceUnusable('The role is closed. Open it.', 'text for the log', refused);
    const { message, remedies, details } = failureNotice(error, [{ id: 'p-1', name: 'default' }]);
    assert.equal(message, 'Profile “default”: The role is closed. Open it.');
    assert.deepEqual(remedies, ['sign-in-again', 'show-log', 'copy-details']);
    assert.match(details, /permission-denied\nRequest ID: REQ-2$/);
  });

  it('says that a lost call may have run', () => {
    const lost = new BackupError('connection-lost', 'reset', { fate: 'ambiguous' });
    assert.match(failureNotice(lost).message, /might still have gone through/);
  });

  it('offers what helps', () => {
    const profiles = [{ id: 'p-1', name: 'default' }];
    const remedyOf = (code: BackupError['code']) =>
      failureNotice(new BackupError(code, ''), profiles).remedies[0];
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
    const { console, profileId } = failureNotice(denied, [{ id: 'p1', name: 'prod' }]);
    assert.deepEqual([console, profileId], ['ramUsers', 'p1']);
    const pageOf = (code: FailureCode) => failureNotice(new BackupError(code, 'no')).console;
    assert.equal(pageOf('account-blocked'), 'cloudBackup');
    assert.equal(pageOf('service-role-missing'), 'cloudBackup');
    assert.equal(pageOf('credentials-rejected'), 'accessKeys');
    assert.equal(pageOf('timeout'), undefined);
  });
});
