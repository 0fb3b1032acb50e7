import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';
import type { AccessKey } from '../../src/core/service/model';
import type { JournalEntry } from '../../simulator/main';
import { neverCancelled } from '../support/apiBuilders';
import { ownerOf, signedIn } from '../support/signedIn';
import { inTemporaryFolder } from '../support/temporaryFolder';

interface Asking {
  readonly provider: string;
  readonly key?: AccessKey;
  /** Methods of the official builder, and what they are given. */
  readonly options: Readonly<Record<string, string | number>>;
}

/** Lets the official package ask for a key; rejects with what it says. */
async function officialKey(asking: Asking): Promise<AccessKey> {
  const program = path.join('test', 'fixtures', 'officialCredentials.js');
  const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(asking)]);
  const value: unknown = JSON.parse(stdout);
  assert.ok(typeof value === 'object' && value !== null);
  const { accessKeyId, accessKeySecret, securityToken } = Object.fromEntries(Object.entries(value));
  return {
    accessKeyId: String(accessKeyId),
    accessKeySecret: String(accessKeySecret),
    securityToken: String(securityToken),
  };
}

/** What of a call has to be the same, whoever makes it. */
const shapeOf = ({ action, version, parameters, inQuery, executed }: JournalEntry): object => ({
  ...{ action, version, parameters, inQuery, executed },
});

/** The calls of the official package, then ours: all of them are carried out, and look the same. */
function assertSame(entries: readonly JournalEntry[], count: number): void {
  assert.equal(entries.length, count);
  const [first, ...others] = entries.map(shapeOf);
  for (const other of others) assert.deepEqual(other, first);
  assert.ok(entries.every(({ executed }) => executed));
}

describe('the official credential package', () => {
  const now = { clock: { nowMs: () => Date.now() } };

  it('assumes a role at the simulator, and asks for it as we do', () =>
    signedIn({ clients: 0, ...now }, async (world) => {
      const { simulator, sts } = world;
      const { accessKeyId, accessKeySecret } = simulator;
      const roleArn = `acs:ram::${simulator.accountId}:role/partner-operator`;
      const policy = '{"Version":"1","Statement":[]}';
      const role = { roleArn, sessionName: 'session', externalId: 'partner/7', policy, durationSeconds: 900 };
      const options = {
        ...{ withRoleArn: roleArn, withRoleSessionName: 'session', withExternalId: 'partner/7' },
        ...{
          withPolicy: policy,
          withDurationSeconds: 900,
          withStsEndpoint: new URL(simulator.endpoint).host,
        },
      };
      for (const key of [{ accessKeyId, accessKeySecret }, simulator.issueTemporaryKey(3600)]) {
        simulator.clearJournal();
        const theirs = await officialKey({ provider: 'ram_role_arn', key, options });
        assert.match(await ownerOf(world, theirs), /assumed-role\/partner-operator\/session$/);
        const ours = await sts.assumeRole(simulator.endpoint, key, role, neverCancelled);
        assert.match(await ownerOf(world, ours.key), /assumed-role\/partner-operator\/session$/);
        assertSame(world.calls('AssumeRole'), 2);
      }
    }));

  it('turns an OIDC token into a key at the simulator, and asks for it as we do', () =>
    inTemporaryFolder((folder) =>
      signedIn({ clients: 0, ...now }, async (world) => {
        const { simulator, sts } = world;
        const oidcToken = simulator.issueOidcToken(600);
        const withOIDCTokenFilePath = path.join(folder, 'token');
        await writeFile(withOIDCTokenFilePath, oidcToken);
        const roleArn = `acs:ram::${simulator.accountId}:role/cluster-operator`;
        const oidcProviderArn = `acs:ram::${simulator.accountId}:oidc-provider/cluster`;
        const theirs = await officialKey({
          provider: 'oidc_role_arn',
          options: {
            ...{ withRoleArn: roleArn, withRoleSessionName: 'session', withDurationSeconds: 900 },
            ...{ withOIDCProviderArn: oidcProviderArn, withOIDCTokenFilePath },
            withStsEndpoint: new URL(simulator.endpoint).host,
          },
        });
        assert.match(await ownerOf(world, theirs), /assumed-role\/cluster-operator\/session$/);
        const from = { roleArn, oidcProviderArn, oidcToken, sessionName: 'session', durationSeconds: 900 };
        await sts.assumeRoleWithOidc(simulator.endpoint, from, neverCancelled);
        assertSame(world.calls('AssumeRoleWithOIDC'), 2);
      }),
    ));

  it('takes keys of the credentials URI', () =>
    signedIn({ clients: 0, ...now }, async (world) => {
      const { credentialsUri } = await world.simulator.serveMetadata();
      const theirs = await officialKey({
        provider: 'uri',
        options: { withCredentialsURI: credentialsUri },
      });
      assert.match(await ownerOf(world, theirs), /assumed-role\/instance-operator\//);
    }));
});
