import { strict as assert } from 'node:assert';
import { requestOf } from '../../../src/api/call';
import { AttemptError } from '../../../src/api/attemptError';
import type { FailureKind } from '../../../src/api/fates';
import { pipeline, type Send } from '../../../src/api/pipeline';
import { renew } from '../../../src/api/policies/renew';
import { retry } from '../../../src/api/policies/retry';
import { sign } from '../../../src/api/policies/sign';
import { SourceUnusable } from '../../../src/core/profiles/keys/credentialSource';
import { BackupError, isCancelled } from '../../../src/core/service/errors';
import type { AccessKey } from '../../../src/core/service/model';
import { aReply, aRequest, neverCancelled } from '../../support/apiBuilders';
import { createInstantClock } from '../../support/handClock';

function aKey(name: string): AccessKey {
  return { accessKeyId: name, accessKeySecret: `${name}-secret`, securityToken: `${name}-token` };
}

/** Refuses calls signed with the key `old`; keeps the names of the keys it was sent. */
function service(kind: FailureKind = 'token-rejected'): { readonly send: Send; readonly keys: string[] } {
  const keys: string[] = [];
  return {
    keys,
    send: (request) => {
      const used = /Credential=([^,]+)/.exec(request.headers['authorization'] ?? '')?.[1] ?? '';
      keys.push(used);
      return used.startsWith('old')
        ? Promise.reject(new AttemptError(kind, kind))
        : Promise.resolve(aReply());
    },
  };
}

function sending(send: Send): Send {
  const clock = createInstantClock();
  return pipeline([retry(clock, () => 0), renew(), sign(clock, () => 'nonce')], send);
}

describe('renew', () => {
  for (const kind of ['token-rejected', 'key-rejected'] as const) {
    it(`tries once more with another key after "${kind}", a write too`, async () => {
      const { send, keys } = service(kind);
      const asked: (string | undefined)[] = [];
      const request = aRequest({
        kind: 'write',
        accessKey: (refused) => {
          asked.push(refused?.accessKeyId);
          return Promise.resolve(aKey(refused ? 'new' : 'old'));
        },
      });
      await sending(send)(request, neverCancelled);
      assert.deepEqual(keys, ['old', 'new']);
      assert.deepEqual(asked, [undefined, 'old']);
    });
  }

  it('throws the failure as it was when there is no other key', async () => {
    const { send, keys } = service();
    const request = aRequest({ accessKey: () => Promise.resolve(aKey('old')) });
    await assert.rejects(sending(send)(request, neverCancelled), {
      code: 'credentials-expired',
      message: 'token-rejected',
    });
    assert.deepEqual(keys, ['old']);
  });

  it('gives up when the other key is refused as well', async () => {
    const { send, keys } = service();
    let count = 0;
    const request = aRequest({ accessKey: () => Promise.resolve(aKey(`old-${++count}`)) });
    await assert.rejects(sending(send)(request, neverCancelled), { code: 'credentials-expired' });
    assert.deepEqual(keys, ['old-1', 'old-2']);
  });

  it('asks for no other key after any other failure', async () => {
    const { send } = service('denied');
    let asked = 0;
    const request = aRequest({
      accessKey: () => {
        asked++;
        return Promise.resolve(aKey('old'));
      },
    });
    await assert.rejects(sending(send)(request, neverCancelled), { code: 'permission-denied' });
    assert.equal(asked, 1);
  });

  it('lets sixteen calls with one expired key share one renewal, each of them repeated once', async () => {
    const { send, keys } = service();
    let current = aKey('old');
    let renewals = 0;
    let renewal: Promise<AccessKey> | undefined;
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    // As a connection does it: whoever comes with a key that is no longer the current one is given that.
    const accessKey = (refused?: AccessKey): Promise<AccessKey> => {
      if (refused?.accessKeyId !== current.accessKeyId) return renewal ?? Promise.resolve(current);
      return (renewal ??= opened.then(() => {
        renewals++;
        current = aKey('new');
        renewal = undefined;
        return current;
      }));
    };
    const calls = Array.from({ length: 16 }, () => sending(send)(aRequest({ accessKey }), neverCancelled));
    // All of them are refused and wait by now.
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([keys.length, renewals], [16, 0]);
    open();
    await Promise.all(calls);
    assert.equal(renewals, 1);
    const sixteen = (name: string): string[] => Array.from({ length: 16 }, () => name);
    assert.deepEqual(keys, [...sixteen('old'), ...sixteen('new')]);
  });

  it('says what hindered the source, and that the call did not run', async () => {
    const { send } = service();
    const refusal = new AttemptError('denied', 'AssumeRole failed: NoPermission', {
      ...{ serviceCode: 'NoPermission', requestId: 'R', httpStatus: 403 },
      ...{ ramAction: 'sts:AssumeRole', action: 'AssumeRole' },
    });
    const denied = aRequest({
      kind: 'write',
      accessKey: (refused) => (refused ? Promise.reject(refusal) : Promise.resolve(aKey('old'))),
    });
    await assert.rejects(sending(send)(denied, neverCancelled), {
      ...{ code: 'permission-denied', ramAction: 'sts:AssumeRole', action: 'AssumeRole', requestId: 'R' },
      ...{ serviceCode: 'NoPermission', httpStatus: 403, fate: 'not-run' },
    });
    const unusable = aRequest({
      accessKey: () => Promise.reject(new SourceUnusable('Run "aliyun configure" again.', 'no token')),
    });
    await assert.rejects(
      sending(send)(unusable, neverCancelled),
      (error: unknown) => error instanceof SourceUnusable && error.fate === 'not-run',
    );
  });

  it('ends at once when the call is cancelled while it waits for a key', async () => {
    const { send } = service();
    const cancel = new AbortController();
    const call = sending(send)(
      aRequest({ accessKey: () => new Promise<AccessKey>(() => undefined) }),
      cancel,
    );
    cancel.abort();
    await assert.rejects(call, isCancelled);
    await assert.rejects(
      sending(send)(aRequest({ accessKey: () => Promise.reject(new BackupError('internal', 'x')) }), cancel),
      isCancelled,
    );
  });

  it('leaves a call that is not signed alone', async () => {
    let sent = 0;
    const send: Send = ({ headers }) => {
      sent++;
      assert.equal(headers['authorization'], undefined);
      return Promise.reject(new AttemptError('token-rejected', 'token-rejected'));
    };
    const unsigned = requestOf(
      { service: 'sts', version: '2015-04-01', action: 'AssumeRoleWithOIDC', kind: 'read' },
      'https://sts.aliyuncs.com',
      { query: [] },
    );
    await assert.rejects(sending(send)(unsigned, neverCancelled), { code: 'credentials-expired' });
    assert.equal(sent, 1);
  });
});
