import { strict as assert } from 'node:assert';
import {
  createChangeGate,
  guardedClient,
  verdictOf,
  type GuardedClient,
  type SafetyRules,
} from '../../../src/core/change/safety/safety';
import type { ChangeCall } from '../../../src/core/service/actions';
import type { BackupClient } from '../../../src/core/service/model';
import type { InstanceFacts } from '../../../src/core/change/precheck';
import { aBareClient, aClient } from '../../support/builders';
import { parseTag, safetySettingsOf } from '../../../src/core/change/safety/safetySettings';
import {
  ruleFor,
  type SafetyPolicy,
  type SafetyPolicyRule,
} from '../../../src/core/change/safety/safetyPolicy';
import type { InspectedSetting } from '../../../src/core/kernel/ownSetting';

const plain: GuardedClient = { tags: [], tagsKnown: true, backupStatus: 'UNPROTECTED' };
const backedUp: GuardedClient = { tags: [], tagsKnown: true, backupStatus: 'PROTECTED' };
const unread: GuardedClient = { tags: [], tagsKnown: false };
const inProd: GuardedClient = { tags: [{ key: 'env', value: 'prod' }], tagsKnown: true };
const rules: SafetyRules = {
  readOnly: false,
  confirmTags: [],
  confirmByTypingAbove: 5,
  policies: [],
};
const verdict = (
  machines: readonly GuardedClient[],
  changed: Partial<SafetyRules> = {},
  call: ChangeCall = 'hbr:UpgradeBackupClients',
) => verdictOf({ ...rules, ...changed }, call, machines);
const onePolicy = (...list: readonly (readonly [string, SafetyPolicyRule['action']])[]): SafetyPolicy => ({
  state: 'on',
  rules: list.map(([pattern, action]) => ({ pattern, action })),
  source: '/home/me/.aliyun/safety-policy.json',
});
const policies = (...list: readonly (readonly [string, SafetyPolicyRule['action']])[]) => [
  onePolicy(...list),
];
const typed = (...args: Parameters<typeof verdict>) => {
  const told = verdict(...args);
  return told.decision === 'ask' && told.typed;
};

describe('the safety rules', () => {
  it('ask once for one client without backups', () => {
    assert.deepEqual(verdict([plain]), { decision: 'ask', typed: false, reasons: [] });
  });

  it('ask to type where an uninstall stops backups, and only there', () => {
    assert.deepEqual(verdict([plain, backedUp], {}, 'hbr:UninstallBackupClients'), {
      decision: 'ask',
      typed: true,
      // The details of the uninstall say it.
      reasons: [],
    });
    assert.equal(typed([plain], {}, 'hbr:UninstallBackupClients'), false);
    assert.equal(typed([backedUp]), false);
  });

  it('speak of one client where there is one, and of the limit as it is', () => {
    const reasons = (client: GuardedClient, changed: Partial<SafetyRules> = {}) => {
      const told = verdict(
        [client],
        { confirmTags: [{ key: 'env' }], ...changed },
        'hbr:UninstallBackupClients',
      );
      return told.decision === 'ask' ? told.reasons : [];
    };
    assert.deepEqual(reasons(inProd), ['This client is tagged env.']);
    assert.deepEqual(reasons(unread), [
      "Tags couldn't be read, so this client might have a safeguarded tag.",
    ]);
    assert.deepEqual(reasons(plain, { confirmByTypingAbove: 0 }), [
      'Your settings ask you to confirm every change by typing.',
    ]);
    const above = (limit: number) => verdict([plain, plain, plain], { confirmByTypingAbove: limit });
    assert.deepEqual(
      [above(1), above(2)].map((told) => (told.decision === 'ask' ? told.reasons : [])),
      [['More than 1 client is selected.'], ['More than 2 clients are selected.']],
    );
  });

  it('ask to type the number above the limit, not at it', () => {
    const many = (count: number) => Array.from({ length: count }, () => plain);
    assert.equal(typed(many(5)), false);
    assert.equal(typed(many(6)), true);
    assert.equal(typed(many(1), { confirmByTypingAbove: 0 }), true);
  });

  it('ask to type the number for a safeguarded tag, by key or by key and value', () => {
    assert.equal(typed([plain, inProd], { confirmTags: [{ key: 'env' }] }), true);
    assert.equal(typed([inProd], { confirmTags: [{ key: 'env', value: 'prod' }] }), true);
    assert.equal(typed([inProd], { confirmTags: [{ key: 'env', value: 'test' }] }), false);
    assert.equal(typed([inProd], { confirmTags: [{ key: 'Env' }] }), false);
  });

  it('ask to type the number where tags could not be read, and some are safeguarded', () => {
    assert.equal(typed([unread]), false);
    assert.deepEqual(verdict([plain, unread], { confirmTags: [{ key: 'env' }] }), {
      decision: 'ask',
      typed: true,
      reasons: ["Tags couldn't be read, so some clients might have a safeguarded tag."],
    });
  });

  it('know the tags of a client once ECS responded, or where there is no instance to have any', () => {
    const client = aClient({ instanceId: 'i-1', tags: [{ key: 'a', value: '1' }] });
    const local = aBareClient();
    const seen = (one: BackupClient, facts?: InstanceFacts) =>
      guardedClient(one, { instances: new Map(facts ? [['i-1', facts]] : []) });
    assert.equal(seen(client).tagsKnown, false);
    assert.equal(seen(client, { assistantRunning: true }).tagsKnown, false);
    assert.equal(seen(client, { exists: false }).tagsKnown, true);
    assert.equal(seen(local).tagsKnown, true);
    assert.equal(seen({ ...client, clientType: 'LOCAL_CLIENT' }).tagsKnown, true);
    assert.deepEqual(seen(client, { exists: true, tags: [{ key: 'b', value: '2' }] }), {
      ...{ tagsKnown: true, backupStatus: client.backupStatus },
      tags: [
        { key: 'a', value: '1' },
        { key: 'b', value: '2' },
      ],
    });
  });

  it('refuse everything in read-only mode', () => {
    const told = verdict([plain], { readOnly: true, policies: policies(['*', 'allow']) });
    assert.match(told.decision === 'refused' ? told.message : '', /read-only mode is on/);
  });

  it('refuse what a rule of the CLI denies, and show the rule and where it is', () => {
    assert.deepEqual(verdict([plain], { policies: policies(['ecs:*', 'allow'], ['HBR:upgrade*', 'deny']) }), {
      decision: 'refused',
      message:
        'Nothing was changed because the Alibaba Cloud CLI safety policy in /home/me/.aliyun/safety-policy.json ' +
        'denies hbr:UpgradeBackupClients: “HBR:upgrade*”: deny.',
    });
  });

  it('ask to type the number where a rule says confirm, and nothing more where it says allow', () => {
    assert.deepEqual(verdict([plain], { policies: policies(['hbr:*', 'confirm']) }), {
      decision: 'ask',
      typed: true,
      reasons: ['The Alibaba Cloud CLI safety policy asks for confirmation: “hbr:*”: confirm.'],
    });
    assert.equal(typed([plain], { policies: policies(['hbr:*', 'allow']) }), false);
    assert.equal(
      typed([inProd], { policies: policies(['*', 'allow']), confirmTags: [{ key: 'env' }] }),
      true,
    );
  });

  it('refuse while the policy of the CLI is broken, with the reason', () => {
    assert.deepEqual(verdict([plain], { policies: [{ state: 'broken', problem: 'Line 3 is not JSON.' }] }), {
      decision: 'refused',
      message: 'Nothing was changed. Line 3 is not JSON.',
    });
  });

  it('follow the stricter of two policies, and of the two spellings of a command', () => {
    const answer = (...list: readonly SafetyPolicy[]) => {
      const told = verdict([plain], { policies: list });
      return told.decision === 'ask' && told.reasons.length === 0 ? 'allow' : told.decision;
    };
    const allowed = onePolicy(['hbr:*', 'allow']);
    const denied = onePolicy(['hbr:upgrade-backup-clients', 'deny']);
    assert.equal(answer(allowed), 'allow');
    assert.equal(answer(allowed, denied), 'refused');
    assert.equal(answer(denied, allowed), 'refused');
    assert.equal(answer(onePolicy(['hbr:UpgradeBackupClients', 'allow'], ['*', 'deny'])), 'refused');
    assert.equal(answer({ state: 'off' }, { state: 'broken', problem: 'Line 3 is not JSON.' }), 'refused');
    assert.equal(typed([plain], { policies: [allowed, onePolicy(['*', 'confirm'])] }), true);
  });

  it('cover changed settings in both spellings too', () => {
    for (const pattern of ['hbr:UpdateClientSettings', 'hbr:update-client-*']) {
      const told = verdict([plain], { policies: policies([pattern, 'deny']) }, 'hbr:UpdateClientSettings');
      assert.equal(told.decision, 'refused', pattern);
    }
  });

  it('say that a rule denies because its action is another word', () => {
    const rule = { pattern: 'hbr:*', action: 'deny', unknownWord: 'block' } as const;
    const told = verdict([plain], { policies: [{ state: 'on', rules: [rule], source: 'here' }] });
    assert.match(
      told.decision === 'refused' ? told.message : '',
      /in here denies .*: “hbr:\*”: block \(not an action that the CLI knows, so it counts as deny\)\.$/,
    );
  });

  it('are read again each time, and the policy only where it counts', async () => {
    let readOnly = false;
    let useCliPolicy = true;
    let read = 0;
    const gate = createChangeGate({
      settings: () => ({ readOnly, confirmTags: [], confirmByTypingAbove: 5, useCliPolicy }),
      readPolicies: () => Promise.resolve((read++, policies(['*', 'deny']))),
    });
    const decide = async () => verdictOf(await gate.rules(), 'hbr:InstallBackupClients', [plain]).decision;
    assert.equal(await decide(), 'refused');
    useCliPolicy = false;
    assert.equal(await decide(), 'ask');
    assert.equal(read, 1);
    readOnly = true;
    assert.equal(await decide(), 'refused');
  });
});

describe('the rules of the CLI', () => {
  const decides = (pattern: string, call: string) =>
    ruleFor([{ pattern, action: 'deny' }], call) !== undefined;

  it('match whole names, with stars for any text and no difference in case', () => {
    for (const [pattern, call, expected] of [
      ['hbr:UninstallBackupClients', 'hbr:UninstallBackupClients', true],
      ['hbr:uninstall*', 'hbr:UninstallBackupClients', true],
      ['*', 'hbr:UninstallBackupClients', true],
      ['hbr:*Clients', 'hbr:UninstallBackupClients', true],
      ['*:*Backup*', 'hbr:UninstallBackupClients', true],
      ['hbr:Uninstall', 'hbr:UninstallBackupClients', false],
      ['Uninstall*', 'hbr:UninstallBackupClients', false],
      ['hbr:Un*ll*ll*', 'hbr:UninstallBackupClients', false],
      ['hbr:*ss', 'hbr:s', false],
      ['hbr.*', 'hbr:UninstallBackupClients', false],
    ] as const) {
      assert.equal(decides(pattern, call), expected, pattern);
    }
  });

  it('decide by the first that matches', () => {
    const list = [
      { pattern: 'hbr:Upgrade*', action: 'allow' },
      { pattern: 'hbr:*', action: 'deny' },
    ] as const;
    assert.equal(ruleFor(list, 'hbr:UpgradeBackupClients')?.action, 'allow');
    assert.equal(ruleFor(list, 'hbr:InstallBackupClients')?.action, 'deny');
    assert.equal(ruleFor(list, 'ecs:DeleteInstance'), undefined);
  });

  it('cannot be made slow by a pattern of many stars', () => {
    assert.equal(decides(`${'*a'.repeat(200)}b`, 'a'.repeat(5000)), false);
  });
});

describe('the safety settings', () => {
  const read = (values: Readonly<Record<string, InspectedSetting>>) =>
    safetySettingsOf((name) => values[name]);
  const defaults = { readOnly: false, useCliPolicy: true, confirmByTypingAbove: 5, confirmTags: [] };

  it('have careful defaults', () => {
    assert.deepEqual(read({}), { settings: defaults, problems: [] });
  });

  it('are what the user set', () => {
    const { settings } = read({
      readOnly: { globalValue: true },
      useCliSafetyPolicy: { globalValue: false },
      refuseEssentialEdition: { globalValue: false },
      confirmByTypingAbove: { globalValue: 2 },
      confirmTags: { globalValue: ['env=prod', 'critical', ' team = core '] },
    });
    assert.deepEqual(settings, {
      readOnly: true,
      useCliPolicy: false,
      allowsEssentialEdition: true,
      confirmByTypingAbove: 2,
      confirmTags: [{ key: 'env', value: 'prod' }, { key: 'critical' }, { key: 'team', value: 'core' }],
    });
  });

  it('take nothing from a workspace', () => {
    const weak: InspectedSetting & { workspaceValue: unknown; workspaceFolderValue: unknown } = {
      globalValue: true,
      workspaceValue: false,
      workspaceFolderValue: false,
    };
    assert.equal(read({ readOnly: weak }).settings.readOnly, true);
  });

  it('take nothing from the settings file of a remote computer', () => {
    const own = (local: unknown, remote: unknown): InspectedSetting => ({
      globalValue: remote,
      globalLocalValue: local,
      globalRemoteValue: remote,
    });
    assert.deepEqual(
      read({
        readOnly: own(true, false),
        confirmByTypingAbove: own(undefined, 100000),
        confirmTags: own(['env'], []),
        useCliSafetyPolicy: own(undefined, false),
      }).settings,
      { readOnly: true, useCliPolicy: true, confirmByTypingAbove: 5, confirmTags: [{ key: 'env' }] },
    );
  });

  it('ask to type the number for every change while the safeguarded tags cannot be read', () => {
    for (const value of ['env', 7, ['env', 7], ['=prod'], { env: 'prod' }]) {
      const { settings, problems } = read({ confirmTags: { globalValue: value } });
      assert.equal(typed([plain], settings), true, JSON.stringify(value));
      assert.equal(problems.length, 1);
    }
    assert.equal(typed([plain], read({ confirmTags: { globalValue: [] } }).settings), false);
  });

  it('count what makes no sense as the more careful, and say so', () => {
    const { settings, problems } = read({
      readOnly: { globalValue: 'off' },
      useCliSafetyPolicy: { globalValue: 0 },
      refuseEssentialEdition: { globalValue: 'no' },
      confirmByTypingAbove: { globalValue: 'many' },
      confirmTags: { globalValue: ['env', 7, '=prod'] },
    });
    assert.deepEqual(settings, {
      readOnly: true,
      useCliPolicy: true,
      confirmByTypingAbove: 0,
      confirmTags: 'unreadable',
    });
    assert.equal(problems.length, 5);
    assert.ok(problems.every((problem) => problem.includes('cloudBackup.safety.')));
  });

  it('read a tag with or without a value', () => {
    assert.deepEqual(parseTag('a=b=c'), { key: 'a', value: 'b=c' });
    assert.deepEqual(parseTag('a='), { key: 'a', value: '' });
    assert.equal(parseTag(' '), undefined);
  });
});
