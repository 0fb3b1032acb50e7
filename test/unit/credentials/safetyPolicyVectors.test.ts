import { strict as assert } from 'node:assert';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verdictOf } from '../../../src/core/change/safety/safety';
import type { ChangeCall } from '../../../src/core/service/actions';
import { ruleFor } from '../../../src/core/change/safety/safetyPolicy';
import { readCliSafetyPolicies } from '../../../src/credentials/cliSafetyPolicy';

type Answer = 'allow' | 'confirm' | 'deny';

interface Vector {
  readonly n: number;
  readonly rules: readonly (readonly [pattern: string, action: string])[];
  /** Command ids and what the CLI does with each; `ours` where that is another answer, always a stricter one. */
  readonly asks: readonly (readonly [id: string, cli: Answer, ours?: Answer])[];
  readonly enabled?: false;
  readonly env?: Readonly<Record<string, string>>;
}

const enabledVariable = 'ALIBABA_CLOUD_SAFETY_POLICY_ENABLED';
const rulesVariable = 'ALIBABA_CLOUD_SAFETY_POLICY_RULES';
const install = 'hbr:InstallBackupClients';
const upgrade = 'hbr:UpgradeBackupClients';
const uninstall = 'hbr:UninstallBackupClients';
const uninstallPlugin = 'hbr:uninstall-backup-clients';

/** How the CLI answers, and what follows for a change here, which may be typed either way in the CLI. */
const vectors: readonly Vector[] = [
  { n: 1, rules: [['hbr:Uninstall*', 'deny']], asks: [[uninstall, 'deny']] },
  { n: 2, rules: [['hbr:Uninstall*', 'deny']], asks: [[uninstallPlugin, 'deny']] },
  { n: 3, rules: [['hbr:Uninstall*', 'deny']], asks: [[install, 'allow']] },
  { n: 4, rules: [[uninstall, 'deny']], asks: [[uninstallPlugin, 'allow', 'deny']] },
  { n: 5, rules: [['hbr:uninstall-*', 'deny']], asks: [[uninstall, 'allow', 'deny']] },
  { n: 6, rules: [['Uninstall*', 'deny']], asks: [[uninstall, 'allow']] },
  {
    n: 7,
    rules: [['*Uninstall*', 'forbid']],
    asks: [
      [uninstall, 'confirm'],
      [uninstallPlugin, 'confirm'],
    ],
  },
  { n: 8, rules: [['hbr:*Install*', 'deny']], asks: [[uninstall, 'deny']] },
  {
    n: 9,
    rules: [
      ['hbr:Describe*', 'allow'],
      ['hbr:*', 'confirm'],
    ],
    asks: [
      ['hbr:DescribeTask', 'allow'],
      [upgrade, 'confirm'],
    ],
  },
  {
    n: 10,
    rules: [
      ['hbr:*', 'confirm'],
      [uninstall, 'deny'],
    ],
    asks: [[uninstall, 'confirm']],
  },
  {
    n: 11,
    rules: [
      ['hbr:Upgrade*', 'Deny'],
      ['hbr:*', 'deny'],
    ],
    asks: [[upgrade, 'allow', 'deny']],
  },
  { n: 12, rules: [['hbr:Upgrade?ackupClients', 'deny']], asks: [[upgrade, 'allow']] },
  { n: 13, rules: [['  HBR:upgradebackupclients ', 'confirm']], asks: [[upgrade, 'confirm']] },
  { n: 14, rules: [[uninstallPlugin, 'deny']], asks: [[`${uninstallPlugin}:i-a`, 'allow']] },
  { n: 15, rules: [['hbr:*', 'deny']], enabled: false, asks: [[upgrade, 'allow']] },
  {
    n: 16,
    rules: [['hbr:*', 'deny']],
    enabled: false,
    env: { [enabledVariable]: 'T' },
    asks: [[upgrade, 'deny']],
  },
  {
    n: 17,
    rules: [['hbr:*', 'deny']],
    env: { [rulesVariable]: 'hbr:Upgrade*=CONFIRM,x,y=nope' },
    asks: [
      [upgrade, 'confirm'],
      [uninstall, 'allow'],
    ],
  },
  { n: 18, rules: [['hbr:*', 'deny']], env: { [rulesVariable]: '  ' }, asks: [[uninstall, 'allow']] },
  { n: 18, rules: [['hbr:*', 'deny']], env: { [rulesVariable]: 'rubbish' }, asks: [[uninstall, 'deny']] },
];

/** The change that a command of the CLI is, in either spelling. */
const changes: ReadonlyMap<string, ChangeCall> = new Map([
  [install, 'hbr:InstallBackupClients'],
  [upgrade, 'hbr:UpgradeBackupClients'],
  [uninstall, 'hbr:UninstallBackupClients'],
  [uninstallPlugin, 'hbr:UninstallBackupClients'],
]);

describe('the safety policy of the CLI, as its own vectors have it', () => {
  let home: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'cloud-backup-vectors-'));
    await mkdir(join(home, '.aliyun'));
  });
  afterEach(() => rm(home, { recursive: true }));

  for (const { n, rules, asks, enabled = true, env = {} } of vectors) {
    it(`${n}: ${rules.map((rule) => rule.join(' ')).join(', ')} ${Object.values(env).join(' ')}`, async () => {
      await writeFile(
        join(home, '.aliyun', 'safety-policy.json'),
        JSON.stringify({ enabled, rules: rules.map(([pattern, action]) => ({ pattern, action })) }),
      );
      const policies = await readCliSafetyPolicies({ platform: 'linux', home, env, setting: '' });
      for (const [id, cli, ours = cli] of asks) {
        const call = changes.get(id);
        if (call === undefined) {
          // Not a change of ours: how the pattern matches is what is to be seen.
          const [policy] = policies;
          assert.ok(policy?.state === 'on');
          assert.equal(ruleFor(policy.rules, id)?.action ?? 'allow', ours, id);
          continue;
        }
        const verdict = verdictOf(
          { readOnly: false, confirmTags: [], confirmByTypingAbove: 5, policies },
          call,
          [{ tags: [], tagsKnown: true }],
        );
        const answer =
          verdict.decision === 'refused' ? 'deny' : verdict.reasons.length > 0 ? 'confirm' : 'allow';
        assert.equal(answer, ours, id);
      }
    });
  }
});
