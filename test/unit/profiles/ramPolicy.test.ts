import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Profile } from '../../../src/core/profiles/profile';
import { assumeRolePolicy, createCopyRamPolicy, ramPolicy } from '../../../src/core/profiles/ramPolicy';
import { protectionCalls } from '../../../src/core/service/protection';
import { FakeNotices, FakeUser } from '../../support/fakeUser';

interface Statement {
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: string;
}

const statements = (text: string): readonly Statement[] => {
  const policy = JSON.parse(text) as { readonly Version: string; readonly Statement: readonly Statement[] };
  assert.equal(policy.Version, '1');
  return policy.Statement;
};
const actions = (text: string): readonly string[] => statements(text).flatMap(({ Action }) => Action);

/** Every operation that the code of the API names, as `service:Action`. */
function calledActions(): readonly string[] {
  const folder = path.join(process.cwd(), 'src', 'api');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const text = readFileSync(path.join(folder, name), 'utf8');
      const services = [...text.matchAll(/service: '(\w+)'/g)];
      return [...text.matchAll(/action: '(\w+)'/g)].map((match) => {
        // The service stands on the same line or in a constant above it.
        const lineEnd = text.indexOf('\n', match.index);
        const service = services.filter(({ index }) => index < lineEnd).at(-1)?.[1];
        return `${service ?? 'no-service'}:${match[1] ?? ''}`;
      });
    });
}

describe('the RAM policies', () => {
  it('grant an operator every action that is called, but for STS', () => {
    const called = calledActions();
    assert.ok(called.includes('hbr:DescribeBackupClients') && called.includes('ecs:DescribeInstances'));
    assert.ok(called.includes('sts:GetCallerIdentity'));
    const needed = called.filter((action) => !action.startsWith('sts:'));
    const granted = actions(ramPolicy('operator'));
    assert.deepEqual(
      needed.filter((action) => !granted.includes(action)),
      [],
    );
  });

  it('grant nothing that changes jobs, plans, policies, or backups, and nothing of the kind is called', () => {
    const all = [...calledActions(), ...actions(ramPolicy('operator'))];
    const about = all.filter((action) => /Job|Plan|Polic|Snapshot|Vault|Resource/.test(action));
    assert.ok(about.length >= 6);
    assert.deepEqual(
      about.filter((action) => !/^hbr:(Describe|List)/.test(action)),
      [],
    );
  });

  it('have the optional actions, which read backups, named in the README and in SECURITY', () => {
    for (const file of ['README.md', 'SECURITY.md']) {
      const text = readFileSync(path.join(process.cwd(), file), 'utf8');
      assert.deepEqual(
        protectionCalls.filter((action) => !text.includes(`\`${action}\``)),
        [],
        file,
      );
    }
  });

  it('grant nothing twice, no wildcard, on all resources as the service documents', () => {
    for (const kind of ['viewer', 'operator'] as const) {
      const granted = actions(ramPolicy(kind));
      assert.equal(new Set(granted).size, granted.length);
      assert.ok(granted.every((action) => /^(hbr|ecs):[A-Z][A-Za-z\d]+$/.test(action)));
      for (const { Effect, Resource } of statements(ramPolicy(kind))) {
        assert.deepEqual([Effect, Resource], ['Allow', '*']);
      }
    }
  });

  it('let a viewer read only, and an operator read as a viewer does', () => {
    const viewer = actions(ramPolicy('viewer'));
    assert.ok(viewer.every((action) => /:(Describe|Get|List)/.test(action)));
    assert.ok(viewer.every((action) => actions(ramPolicy('operator')).includes(action)));
  });

  it('name the role that an identity may take on', () => {
    assert.deepEqual(statements(assumeRolePolicy('acs:ram::111:role/backup')), [
      { Effect: 'Allow', Action: ['sts:AssumeRole'], Resource: 'acs:ram::111:role/backup' },
    ]);
  });
});

describe('copying a RAM policy', () => {
  const start = (active: Profile | undefined, listed: readonly Profile[]) => {
    const questions = new FakeUser().answer();
    const notices = new FakeNotices();
    const copied: string[] = [];
    const copyRamPolicy = createCopyRamPolicy({
      store: { list: () => listed },
      view: { active },
      questions,
      notices,
      copy: (text) => {
        copied.push(text);
        return Promise.resolve();
      },
    });
    return { questions, notices, copied, copyRamPolicy };
  };
  const source: Profile = { id: 'p1', name: 'base', regionId: 'cn-hangzhou' };
  const role: Profile = {
    id: 'p2',
    name: 'backup',
    regionId: 'cn-hangzhou',
    source: {
      kind: 'role',
      sourceProfileId: 'p1',
      role: { roleArn: 'acs:ram::222:role/backup', sessionName: 'vscode', durationSeconds: 3600 },
    },
  };

  it('offers a viewer and an operator, and says once where the text goes', async () => {
    const { questions, notices, copied, copyRamPolicy } = start(undefined, []);
    questions.answer('Operator');
    await copyRamPolicy();
    assert.equal(questions.asked[0]?.rows.length, 2);
    assert.deepEqual(copied, [ramPolicy('operator')]);
    assert.equal(notices.shown.length, 1);
    assert.match(notices.shown[0] ?? '', /Permissions > Policies > Create Policy > JSON\.$/);
  });

  it('says which role it is for, and offers what lets the other identity take it on', async () => {
    const { questions, notices, copied, copyRamPolicy } = start(role, [source, role]);
    questions.answer('Viewer');
    await copyRamPolicy();
    assert.match(notices.shown[0] ?? '', /grant it to the role acs:ram::222:role\/backup/);
    questions.answer('Assume the role');
    await copyRamPolicy('p2');
    assert.match(questions.asked[1]?.rows[2] ?? '', /identity of “base”.*acs:ram::222:role\/backup/);
    assert.equal(copied[1], assumeRolePolicy('acs:ram::222:role/backup'));
    assert.match(notices.shown[1] ?? '', /identity of “base”/);
  });

  it('copies nothing when the user backs out', async () => {
    const { questions, notices, copied, copyRamPolicy } = start(role, [source, role]);
    questions.answer(undefined);
    await copyRamPolicy();
    assert.deepEqual([copied, notices.shown], [[], []]);
  });
});
