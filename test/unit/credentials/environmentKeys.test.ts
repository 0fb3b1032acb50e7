import { strict as assert } from 'node:assert';
import {
  environmentKey,
  environmentKeyOfOthers,
  environmentOidc,
} from '../../../src/credentials/environmentKeys';
import { fakeKeyDeps } from '../../support/keyDeps';

const oidc = {
  ALIBABA_CLOUD_ROLE_ARN: 'acs:ram::1234567890123456:role/backup',
  ALIBABA_CLOUD_OIDC_PROVIDER_ARN: 'acs:ram::1234567890123456:oidc-provider/k8s',
  ALIBABA_CLOUD_OIDC_TOKEN_FILE: '/run/token',
};

function partsWith(env: Readonly<Record<string, string>>) {
  const parts = fakeKeyDeps('/home/user');
  Object.assign(parts.env, env);
  return parts;
}

describe('the environment', () => {
  it('gives an access key, white space around it forgiven, and tells its secret', () => {
    const parts = partsWith({
      ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAIenv',
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'secret-of-env\n',
      ALIBABA_CLOUD_SECURITY_TOKEN: '',
    });
    assert.deepEqual(environmentKey(parts), {
      kind: 'set',
      value: { key: { accessKeyId: 'LTAIenv', accessKeySecret: 'secret-of-env' } },
    });
    assert.deepEqual([...parts.hidden], ['secret-of-env']);
  });

  it('gives a temporary key with its token', () => {
    const parts = partsWith({
      ALIBABA_CLOUD_ACCESS_KEY_ID: 'STS.env',
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'secret-of-env',
      ALIBABA_CLOUD_SECURITY_TOKEN: 'token-of-env',
    });
    assert.deepEqual(environmentKey(parts), {
      kind: 'set',
      value: {
        key: { accessKeyId: 'STS.env', accessKeySecret: 'secret-of-env', securityToken: 'token-of-env' },
        tokenName: 'ALIBABA_CLOUD_SECURITY_TOKEN',
      },
    });
    assert.deepEqual([...parts.hidden], ['secret-of-env', 'token-of-env']);
  });

  it('gives the key of variables that only the CLI or Terraform reads, the first whole one', () => {
    for (const [id, secret, token] of [
      ['ALIBABACLOUD_ACCESS_KEY_ID', 'ALIBABACLOUD_ACCESS_KEY_SECRET', 'ALIBABACLOUD_SECURITY_TOKEN'],
      ['ALICLOUD_ACCESS_KEY_ID', 'ALICLOUD_ACCESS_KEY_SECRET', 'ALICLOUD_SECURITY_TOKEN'],
      ['ALICLOUD_ACCESS_KEY', 'ALICLOUD_SECRET_KEY', 'ALICLOUD_SECURITY_TOKEN'],
    ] as const) {
      const key = { accessKeyId: 'LTAIother', accessKeySecret: 'secret-of-other' };
      const pair = { [id]: key.accessKeyId, [secret]: key.accessKeySecret };
      assert.deepEqual(environmentKey(partsWith(pair)), { kind: 'unset' }, id);
      const parts = partsWith({ ...pair, ALIBABACLOUD_ACCESS_KEY_SECRET: key.accessKeySecret });
      assert.deepEqual(environmentKeyOfOthers(parts), { kind: 'set', value: { key } }, id);
      assert.deepEqual([...parts.hidden], ['secret-of-other']);
      assert.deepEqual(environmentKeyOfOthers(partsWith({ ...pair, [token]: 'token-of-other' })), {
        kind: 'set',
        value: { key: { ...key, securityToken: 'token-of-other' }, tokenName: token },
      });
    }
    assert.deepEqual(environmentKeyOfOthers(partsWith({ ALICLOUD_ACCESS_KEY: 'LTAIother' })), {
      kind: 'partly',
      present: ['ALICLOUD_ACCESS_KEY'],
      missing: ['ALICLOUD_SECRET_KEY'],
    });
  });

  it('says which half of a pair is missing', () => {
    assert.deepEqual(environmentKey(partsWith({ ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAIenv' })), {
      kind: 'partly',
      present: ['ALIBABA_CLOUD_ACCESS_KEY_ID'],
      missing: ['ALIBABA_CLOUD_ACCESS_KEY_SECRET'],
    });
    const parts = partsWith({ ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'secret-of-env' });
    assert.equal(environmentKey(parts).kind, 'partly');
    assert.deepEqual([...parts.hidden], ['secret-of-env']);
  });

  it('counts empty variables and a token alone as nothing', () => {
    assert.deepEqual(environmentKey(partsWith({ ALIBABA_CLOUD_ACCESS_KEY_ID: '  ' })), { kind: 'unset' });
    assert.deepEqual(environmentKey(partsWith({ ALIBABA_CLOUD_SECURITY_TOKEN: 'token' })), { kind: 'unset' });
  });

  it('gives a role with an OIDC token, its session name, and the STS of its region and network', () => {
    const source = {
      roleArn: oidc.ALIBABA_CLOUD_ROLE_ARN,
      sessionName: 'cloud-backup-vscode',
      durationSeconds: 3600,
      oidcProviderArn: oidc.ALIBABA_CLOUD_OIDC_PROVIDER_ARN,
      tokenFile: '/run/token',
      endpoint: 'https://sts.aliyuncs.com',
    };
    assert.deepEqual(environmentOidc(partsWith(oidc)), { kind: 'set', value: source });
    const named = partsWith({
      ...oidc,
      ALIBABA_CLOUD_ROLE_SESSION_NAME: 'pod-1',
      ALIBABA_CLOUD_STS_REGION: 'cn-beijing',
      ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED: 'true',
    });
    assert.deepEqual(environmentOidc(named), {
      kind: 'set',
      value: { ...source, sessionName: 'pod-1', endpoint: 'https://sts-vpc.cn-beijing.aliyuncs.com' },
    });
  });

  it('counts a role alone as nothing, and a token without its provider as incomplete', () => {
    assert.deepEqual(environmentOidc(partsWith({ ALIBABA_CLOUD_ROLE_ARN: oidc.ALIBABA_CLOUD_ROLE_ARN })), {
      kind: 'unset',
    });
    assert.deepEqual(environmentOidc(partsWith({ ALIBABA_CLOUD_OIDC_TOKEN_FILE: '/run/token' })), {
      kind: 'partly',
      present: ['ALIBABA_CLOUD_OIDC_TOKEN_FILE'],
      missing: ['ALIBABA_CLOUD_OIDC_PROVIDER_ARN', 'ALIBABA_CLOUD_ROLE_ARN'],
    });
  });

  it('refuses a role or a session name that STS could never take, and names the variable', () => {
    const parts = (env: Readonly<Record<string, string>>) => partsWith({ ...oidc, ...env });
    assert.throws(() => environmentOidc(parts({ ALIBABA_CLOUD_ROLE_ARN: 'backup' })), {
      sentence:
        "ALIBABA_CLOUD_ROLE_ARN in the environment isn't the ARN of a RAM role. Correct it, then try again.",
    });
    assert.throws(() => environmentOidc(parts({ ALIBABA_CLOUD_ROLE_SESSION_NAME: 'a b' })), {
      sentence: /^Use 2 to 64 .* for ALIBABA_CLOUD_ROLE_SESSION_NAME in the environment/,
    });
  });
});
