import { strict as assert } from 'node:assert';
import { attentionInWords, attentionOf } from '../../../src/core/clients/attention';
import { clientStatuses } from '../../../src/core/service/model';
import { aBareClient, aClient } from '../../support/builders';

const now = Date.UTC(2026, 0, 2);
const minutesAgo = (minutes: number) => now / 1000 - minutes * 60;

describe('attention', () => {
  it('follows from an overdue backup of an active client, after all other reasons', () => {
    const stale = { lastHeartBeatTime: minutesAgo(61) };
    assert.equal(attentionOf(aClient(), now, 60, true), 'backup-overdue');
    assert.equal(attentionOf(aClient(stale), now, 60, true), 'heartbeat-stale');
    assert.equal(attentionOf(aClient(stale), now, 0, true), 'backup-overdue');
    assert.equal(attentionOf(aClient({ status: 'STOPPED' }), now, 60, true), 'stopped');
    assert.equal(attentionOf(aClient({ status: 'REGISTERED' }), now, 60, true), undefined);
    assert.equal(attentionOf(aClient({ leftover: true }), now, 60, true), undefined);
  });

  it('is needed by failed, stopped, silent and deactivated clients, and by no other documented state', () => {
    const needing = clientStatuses.filter((status) => attentionOf(aClient({ status }), now, 60));
    assert.deepEqual(needing, [
      'INSTALL_FAILED',
      'UPGRADE_FAILED',
      'UNINSTALL_FAILED',
      'STOPPED',
      'UNKNOWN',
      'DEACTIVATED',
    ]);
  });

  it('is needed by an active client that is silent for longer than the limit, not at the limit', () => {
    assert.equal(attentionOf(aClient({ lastHeartBeatTime: minutesAgo(61) }), now, 60), 'heartbeat-stale');
    assert.equal(attentionOf(aClient({ lastHeartBeatTime: minutesAgo(60) }), now, 60), undefined);
  });

  it('takes no old heartbeat amiss when the check is off, none was told, or the client is not active', () => {
    const silent = { lastHeartBeatTime: minutesAgo(600) };
    assert.equal(attentionOf(aClient(silent), now, 0), undefined);
    assert.equal(attentionOf(aClient(), now, 60), undefined);
    assert.equal(attentionOf(aClient({ ...silent, status: 'NOT_INSTALLED' }), now, 60), undefined);
  });

  it('is not read out of a status that happens to be called like a member of every object', () => {
    for (const status of ['constructor', 'toString', '__proto__']) {
      assert.equal(attentionOf(aBareClient({ status }), now, 60), undefined, status);
    }
  });

  it('says in words how long a heartbeat may be missing', () => {
    assert.match(attentionInWords('heartbeat-stale', 45), /45 minutes/);
  });
});
