import { strict as assert } from 'node:assert';
import { markdownText } from '../../../src/core/kernel/markdownText';
import type { MachineProgress, Operation } from '../../../src/core/operations/operation';
import { csvCell } from '../../../src/core/operations/report/csvReport';
import { reportFileName, reportOf } from '../../../src/core/operations/report/report';
import { aScope } from '../../support/builders';
import { aCall, aMachine, anOperation, aTask, startedAt } from './taskPageOperations';

const surroundings = {
  redact: (text: string) => text.replaceAll('s3cret', '******'),
  dateInWords: (ms: number) => new Date(ms).toISOString(),
};
const operation = anOperation({
  phase: 'ended',
  endedAt: startedAt + 192_000,
  profileName: 'Production s3cret',
  waves: [
    { number: 1, machineKeys: ['k-web-01'], state: 'ended' },
    { number: 2, machineKeys: ['k-=cmd|x'], state: 'ended' },
  ],
  machines: [
    aMachine({ outcome: 'done', clientVersion: '2.4.5' }),
    aMachine({ outcome: 'refused', reason: 'InstanceNotRunning' }, '=cmd|x'),
  ],
  calls: [
    aCall({ machineKeys: ['k-web-01', 'k-=cmd|x'], task: aTask({ state: 'completed', end: 'completed' }) }),
  ],
});

describe('a cell of a CSV report', () => {
  const cells: readonly (readonly [string, string])[] = [
    ['web-01', 'web-01'],
    ['=1+1', "'=1+1"],
    ['+49', "'+49"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['＝1+1', "'＝1+1"],
    ['1639278212345671', "'1639278212345671"],
    ['163927821234', "'163927821234"],
    ['007', "'007"],
    ['12E5', "'12E5"],
    ['1.5e-10', "'1.5e-10"],
    ['2026-11-29', "'2026-11-29"],
    ['3/4', "'3/4"],
    ['42', '42'],
    ['0', '0'],
    ['10.0.0.1', '10.0.0.1'],
    ['i-bp1639278212345671', 'i-bp1639278212345671'],
    ['a,b', '"a,b"'],
    ['a;b', '"a;b"'],
    ['say "x"', '"say ""x"""'],
    ['=a,b', `"'=a,b"`],
    ['', ''],
  ];
  for (const [text, expected] of cells) {
    it(`takes ${JSON.stringify(text)} for text and not for a formula, a number or a date`, () => {
      assert.equal(csvCell(text), expected);
    });
  }
});

describe('a report', () => {
  it('has one CSV row a machine, with codes, causes and RequestIds, and no secret', () => {
    const text = reportOf(operation, 'csv', surroundings);
    const lines = text.slice(1).trimEnd().split('\r\n');
    assert.equal(text.charCodeAt(0), 0xfeff);
    assert.equal(lines.length, 3);
    assert.match(
      lines[0] ?? '',
      /^Action,Client,Instance ID,Client ID,State,Cause,.*,Request IDs,Operation$/,
    );
    assert.match(lines[1] ?? '', /^Upgrade,web-01,i-web-01,,Completed,,,2\.4\.1,2\.4\.5,2\.4\.5,/);
    assert.match(lines[1] ?? '', /,1,t-1,REQ-1 REQ-2,op-1$/);
    assert.match(
      lines[2] ?? '',
      /^Upgrade,'=cmd\|x,.*Rejected,"?The ECS instance isn't running.*,InstanceNotRunning,2\.4\.1,2\.4\.5,,/,
    );
    assert.doesNotMatch(text, /s3cret/);
  });

  it('says of each machine the version that it is known to have, and not the one it was meant for', () => {
    const versions = (action: Operation['action'], parts: Partial<MachineProgress>) => {
      const of = anOperation({ action, phase: 'ended', machines: [aMachine(parts)] });
      const json = reportOf(of, 'json', surroundings);
      const [, before, now] = /"versionBefore": "(.*)",\s*"versionNow": "(.*)"/.exec(json) ?? [];
      const [, column] = /Failed \| (.*?) \||Done \| (.*?) \|/.exec(reportOf(of, 'md', surroundings)) ?? [];
      return [before, now, column?.replaceAll('\\', '')];
    };
    assert.deepEqual(versions('upgrade', { outcome: 'failed', clientVersion: '2.4.1' }), [
      '2.4.1',
      '2.4.1',
      '2.4.1',
    ]);
    assert.deepEqual(versions('upgrade', { outcome: 'failed' }), ['2.4.1', '', '2.4.1']);
    const [, removed] = versions('uninstall', { outcome: 'done', clientVersion: '2.4.1' });
    assert.equal(removed, '');
  });

  it('says of a machine that is done nevertheless what its task reported', () => {
    const machines = [aMachine({ outcome: 'done', reason: 'cancelled', clientVersion: '2.4.5' })];
    const report = JSON.parse(reportOf({ ...operation, machines }, 'json', surroundings)) as {
      machines: readonly { outcome: string; code: string; cause: string }[];
    };
    const [row] = report.machines;
    assert.deepEqual(
      [row?.outcome, row?.code, row?.cause],
      ['done', 'cancelled', 'Verified by the client list, although the task reported cancelled.'],
    );
  });

  it('keeps ids, codes and words of ours whole, though a secret is part of them', () => {
    const secrets = [
      'i-web',
      'upgrade',
      'Upgrade',
      '1234567',
      'cn-hang',
      'REQ-',
      't-1',
      'Instance',
      'Profile',
      '2.4',
    ];
    const redact = (text: string) =>
      secrets.reduce((left, secret) => left.replaceAll(secret, '******'), text);
    const scope = aScope({
      accountId: '1234567890123456',
      crossAccount: {
        type: 'CROSS_ACCOUNT',
        userId: '1234567000000001',
        roleName: 'upgrade-role',
        alias: 'i-web',
      },
    });
    const exact = anOperation({
      ...operation,
      scope,
      calls: [
        aCall({
          failure: {
            code: 'bad-request',
            message: 'no REQ-9 here',
            ambiguous: false,
            serviceCode: 'Instance.Odd',
          },
        }),
      ],
    });
    const texts = (['csv', 'json', 'md'] as const).map((format) =>
      reportOf(exact, format, { ...surroundings, redact }).replaceAll('\\', ''),
    );
    for (const text of texts) {
      for (const id of [
        '1234567000000001',
        '1234567890123456',
        'cn-hangzhou',
        'REQ-1',
        't-1',
        'i-web-01',
        '2.4.1',
      ]) {
        assert.ok(text.includes(id), `${id}: ${text}`);
      }
      assert.ok(text.includes('InstanceNotRunning') && !text.includes('REQ-9'), text);
    }
    const [csv, json, md] = texts;
    assert.match(csv ?? '', /,1234567000000001 \(\*{6}\) through 1234567890123456,/);
    assert.match(
      json ?? '',
      /"action": "upgrade"[^]*"roleName": "upgrade-role",\s*"alias": "\*{6}"[^]*"Instance.Odd"/,
    );
    assert.match(md ?? '', /^# Upgrade 2 clients\n/);
  });

  it('says which settings were changed, and of a password that it was', () => {
    const settings = { values: { maxCpuCore: 0, proxyUser: 's3cret' }, proxyPasswordChanged: true } as const;
    const changed = anOperation({ ...operation, action: 'settings', settings });
    const report = JSON.parse(reportOf(changed, 'json', surroundings)) as Readonly<Record<string, unknown>>;
    assert.deepEqual(report['settings'], {
      values: { maxCpuCore: 0, proxyUser: '******' },
      proxyPassword: 'changed',
    });
    const text = reportOf(changed, 'md', surroundings);
    assert.match(text, /^- Proxy user: .*, Proxy password: changed, CPU cores per backup job: no limit$/m);
    assert.doesNotMatch(text, /s3cret/);
    assert.match(reportFileName(changed, 'md'), /^settings-/);
  });

  it('has no password that somebody typed into another field, in any format', () => {
    const values = { proxyUser: 'backup:pw-canary', proxyHost: 'http://backup:pw-canary@proxy.example.com' };
    const changed = anOperation({ ...operation, action: 'settings', settings: { values } });
    for (const format of ['csv', 'json', 'md'] as const) {
      const text = reportOf(changed, format, surroundings);
      assert.doesNotMatch(text, /canary/, format);
    }
    assert.match(reportOf(changed, 'json', surroundings), /backup:\*{6}/);
  });

  it('masks a secret before it cuts a long text', () => {
    const secret = `begin-${'x'.repeat(600)}`;
    const long = anOperation({
      phase: 'ended',
      machines: [aMachine({ outcome: 'refused', reason: `Refused ${secret}` })],
    });
    const redact = (text: string) => text.replaceAll(secret, '******');
    for (const format of ['csv', 'json', 'md'] as const) {
      const text = reportOf(long, format, { ...surroundings, redact });
      assert.match(text, /Refused/, format);
      assert.doesNotMatch(text, /begin-/, format);
    }
  });

  it('says in every format whose machines they were, and which account asked', () => {
    const scope = aScope({
      accountId: '42',
      crossAccount: { type: 'CROSS_ACCOUNT', userId: '99', roleName: 'backup', alias: 'logistics' },
    });
    const elsewhere = anOperation({ scope, profileName: 'production' });
    assert.match(reportOf(elsewhere, 'csv', surroundings), /production,99 \(logistics\) through 42,/);
    assert.match(reportOf(elsewhere, 'md', surroundings), /99 \(logistics\) through 42/);
    const report = JSON.parse(reportOf(elsewhere, 'json', surroundings)) as Readonly<Record<string, unknown>>;
    assert.equal(report['accountId'], '99');
    assert.deepEqual(report['crossAccount'], {
      type: 'CROSS_ACCOUNT',
      roleName: 'backup',
      alias: 'logistics',
      managedFrom: '42',
    });
  });

  it('says in Markdown and JSON what the list of its clients was limited to, without a secret', () => {
    const filter = { tags: [{ key: 'team', value: 's3cret shop' }], instanceIds: ['i-1', 'i-2'] };
    const limited = anOperation({ scope: aScope({ filter }), profileName: 'production' });
    assert.match(reportOf(limited, 'md', surroundings), /cn-hangzhou · team=(\\\*){6} shop · 2 instances$/m);
    const report = JSON.parse(reportOf(limited, 'json', surroundings)) as Readonly<Record<string, unknown>>;
    assert.equal(report['clientType'], 'ECS_CLIENT');
    assert.deepEqual(report['filter'], {
      tags: [{ key: 'team', value: '****** shop' }],
      instanceIds: ['i-1', 'i-2'],
    });
  });

  it('has codes and not words in JSON, and every RequestId', () => {
    const text = reportOf(operation, 'json', surroundings);
    const report = JSON.parse(text) as Readonly<Record<string, unknown>>;
    assert.deepEqual([report['version'], report['state']], [1, 'partly']);
    assert.equal(report['profile'], 'Production ******');
    assert.equal(report['endedAt'], new Date(startedAt + 192_000).toISOString());
    assert.match(text, /"outcome": "refused",\s*"code": "InstanceNotRunning"/);
    assert.match(JSON.stringify(report['calls']), /"requestIds":\["REQ-1","REQ-2"\]/);
  });

  it('stands in Markdown as text, whatever a machine is called', () => {
    const text = reportOf(operation, 'md', surroundings);
    assert.match(text, /^# Upgrade 2 clients\n/);
    assert.match(text, /\| web-01 \| i-web-01 \| 1 \| Completed \| 2\.4\.1 → 2\.4\.5 \|/);
    assert.match(text, /=cmd\\\|x/);
    assert.match(text, /Took 3 min 12 s/);
    assert.doesNotMatch(text, /s3cret/);
    assert.equal(markdownText('[a](b) <i> `c`'), '\\[a\\]\\(b\\) \\<i\\> \\`c\\`');
    // What renderers turn into a link by themselves.
    const address = markdownText('https://evil.example/x www.evil.example me@evil.example');
    assert.doesNotMatch(address, /[^\\]:\/\/|www\.|[^\\]@/);
  });

  it('says in CSV when it began and ended, with the zone', () => {
    const [, row = ''] = reportOf(operation, 'csv', surroundings).split('\r\n');
    const times = row.split(',').filter((cell) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/.test(cell));
    assert.deepEqual(
      times.map((time) => Date.parse(time)),
      [startedAt, startedAt + 192_000],
    );
  });

  it('is named after what was done and when', () => {
    assert.match(reportFileName(operation, 'csv'), /^upgrade-2026-01-0\d-\d{4}\.csv$/);
    assert.match(reportFileName({ ...operation, foreign: true }, 'md'), /^task-.*\.md$/);
  });
});
