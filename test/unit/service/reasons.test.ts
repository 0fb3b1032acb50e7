import { strict as assert } from 'node:assert';
import { BackupError, failureCodes } from '../../../src/core/service/errors';
import { failureNotice } from '../../../src/core/interaction/failureNotice';
import {
  failureInWords,
  knownReasonInWords,
  reasonInWords,
  unknownRefusalInWords,
} from '../../../src/core/service/reasons';

/** What happened, then one next step: two sentences at least. */
const twoSentences = /^[A-Z].*\. [A-Z].*\.$/;

describe('reasons in words', () => {
  const known = [
    'InstanceNotExists',
    'InstanceNotRunning',
    'CloudAssistNotRunningOnInstance',
    'INSTALL_FAILED',
    'UPGRADE_FAILED',
    'UNINSTALL_FAILED',
    'DEACTIVATED',
    'STOPPED',
    'UNKNOWN',
    'expired',
    'cancelled',
    'failed',
    'completed',
    'not-found',
    'stopped',
    'interrupted',
    'not-run',
    'watch-limit',
    'answer-lost',
    'failure-limit',
    'no-heartbeat',
    'unreadable',
    'not-listed',
    'EntityNotExist.Role',
    'InvalidParameter.RoleArn',
    'InvalidParameter.DurationSeconds',
  ];
  for (const code of [...known, ...failureCodes]) {
    it(`says ${code} with a next step`, () => {
      assert.match(reasonInWords(code), twoSentences);
    });
  }

  it('says a code that it does not know in a sentence, made safe, with a next step', () => {
    assert.equal(
      reasonInWords('DiskFull $(x)'),
      "The instance reported DiskFull $ (x), which this extension doesn't know. Check the client's log on the instance.",
    );
    assert.match(reasonInWords('toString'), twoSentences);
    assert.match(unknownRefusalInWords('QuotaExceeded'), twoSentences);
    assert.equal(knownReasonInWords('toString'), undefined);
  });

  it('prefers the code of the service to ours', () => {
    const words = failureInWords({ code: 'bad-request', serviceCode: 'InstanceNotRunning' });
    assert.match(words, /^The ECS instance isn't running\./);
    assert.match(failureInWords({ code: 'throttled', serviceCode: 'X' }), /too many requests/);
  });

  it('names the permission that is missing', () => {
    const words = failureInWords({ code: 'permission-denied', ramAction: 'hbr:UpgradeBackupClients' });
    assert.match(words, /You don't have the hbr:UpgradeBackupClients permission\./);
  });

  it('offers no sign-in for a profile that was removed: it would be with another one', () => {
    const { message, remedies } = failureNotice(new BackupError('profile-gone', 'gone'));
    assert.equal(message, 'The profile was removed. Add it again, then try again.');
    assert.equal(remedies[0], 'add-profile');
  });

  it('says that a call may have run where that is so', () => {
    assert.match(
      failureInWords({ code: 'timeout', ambiguous: true }),
      /might still have gone through, so don't repeat it until you refresh\.$/,
    );
    assert.doesNotMatch(failureInWords({ code: 'timeout' }), /might still/);
  });
});
