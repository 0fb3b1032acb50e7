import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import {
  decodeCallerIdentity,
  decodeClientPage,
  decodeSubmission,
  decodeTask,
} from '../../../src/api/decode';
import { readReply } from '../../../src/api/readReply';
import { aReply, aRequest } from '../../support/apiBuilders';

const onlyClient = (fields: object) =>
  decodeClientPage(aReply({ Clients: [fields], TotalCount: 1 })).clients[0];
const machinesOf = (result: unknown) =>
  decodeTask(aReply({ Description: 'created', Result: result }), 't-1').machines;

describe('decodeClientPage', () => {
  it('reads every documented field', () => {
    const client = onlyClient({
      ClientId: 'c-1',
      ClientType: 'ECS_CLIENT',
      Status: 'ACTIVATED',
      BackupStatus: 'PROTECTED',
      ClientVersion: '2.4.1',
      MaxClientVersion: '2.4.5',
      InstanceId: 'i-1',
      Hostname: 'host',
      InstanceName: 'web',
      PrivateIpV4: '10.0.0.1',
      ZoneId: 'cn-hangzhou-f',
      ClusterId: 'cl-1',
      OsType: 'linux',
      ArchType: 'amd64',
      Appliance: false,
      CreatedTime: 1,
      UpdatedTime: 2,
      LastHeartBeatTime: 3,
      Tags: [{ Key: 'team', Value: 'a' }],
      Settings: {
        MaxCpuCore: '2',
        MaxWorker: '0',
        UseHttps: 'true',
        ProxyPort: 3128,
        MaxMemory: 1024,
        AlertOnPartialComplete: true,
        DataNetworkType: 'VPC',
        DataProxySetting: 'CUSTOM',
        ProxyHost: 'proxy',
        ProxyUser: 'user',
        ProxyPassword: 'hush-hush',
      },
    });
    assert.deepEqual(client, {
      clientId: 'c-1',
      clientType: 'ECS_CLIENT',
      status: 'ACTIVATED',
      backupStatus: 'PROTECTED',
      clientVersion: '2.4.1',
      maxClientVersion: '2.4.5',
      instanceId: 'i-1',
      hostname: 'host',
      instanceName: 'web',
      privateIpV4: '10.0.0.1',
      zoneId: 'cn-hangzhou-f',
      clusterId: 'cl-1',
      osType: 'linux',
      archType: 'amd64',
      appliance: false,
      createdTime: 1,
      updatedTime: 2,
      lastHeartBeatTime: 3,
      tags: [{ key: 'team', value: 'a' }],
      settings: {
        maxCpuCore: 2,
        maxWorker: 0,
        useHttps: true,
        proxyPort: 3128,
        maxMemory: 1024,
        alertOnPartialComplete: true,
        dataNetworkType: 'VPC',
        dataProxySetting: 'CUSTOM',
        proxyHost: 'proxy',
        proxyUser: 'user',
      },
    });
  });

  it('never reads the proxy password', () => {
    assert.doesNotMatch(
      JSON.stringify(onlyClient({ Settings: { ProxyPassword: 'hush-hush' } })),
      /hush-hush/,
    );
  });

  it('leaves out what the service left out, emptied or does not know', () => {
    const client = onlyClient({
      InstanceId: 'i-1',
      Status: 'NOT_INSTALLED',
      ClientId: '',
      LastHeartBeatTime: 0,
    });
    assert.deepEqual(client, { instanceId: 'i-1', clientType: '', status: 'NOT_INSTALLED', tags: [] });
  });

  it('keeps a status of the future as text', () => {
    assert.equal(onlyClient({ Status: 'HIBERNATING' })?.status, 'HIBERNATING');
  });

  it('reads statuses in any case', () => {
    const { status, backupStatus } =
      onlyClient({ Status: 'upgrade_failed', BackupStatus: 'protected' }) ?? {};
    assert.deepEqual([status, backupStatus], ['UPGRADE_FAILED', 'PROTECTED']);
    const [machine] = machinesOf('[{"instanceId":"i-1","clientStatus":"activated","errorCode":""}]');
    assert.equal(machine?.clientStatus, 'ACTIVATED');
  });

  it('takes numbers and booleans written as text, and ignores what makes no sense', () => {
    const client = onlyClient({
      Appliance: 'TRUE',
      CreatedTime: '17',
      UpdatedTime: 'soon',
      ZoneId: 5,
      Tags: [null, 'x', { Value: 'no key' }, { Key: 'k' }],
      Settings: { UseHttps: 'maybe', ProxyPort: '', MaxWorker: {} },
    });
    assert.deepEqual(client, {
      clientType: '',
      status: '',
      appliance: true,
      createdTime: 17,
      zoneId: '5',
      tags: [{ key: 'k', value: '' }],
      settings: {},
    });
  });

  it('takes the wrapped lists of the documented samples too', () => {
    const page = decodeClientPage(
      aReply({ Clients: { Client: [{ Tags: { Tag: [{ Key: 'k', Value: 'v' }] } }] }, TotalCount: '7' }),
    );
    assert.equal(page.total, 7);
    assert.deepEqual(page.clients[0]?.tags, [{ key: 'k', value: 'v' }]);
  });

  it('does not take a reply without a list for an empty list', () => {
    assert.throws(() => decodeClientPage(aReply({ TotalCount: 0 })), {
      code: 'unexpected-reply',
      requestId: 'REQUEST-1',
      message: /Clients/,
    });
  });

  it('knows the time at which the service answered', () => {
    const page = decodeClientPage(aReply({ Clients: [] }, { date: 'Fri, 02 Jan 2026 03:04:05 GMT' }));
    assert.equal(page.servedAt, 1_767_323_045);
  });
});

describe('the decoders', () => {
  it('read any JSON, or say which field is missing', () => {
    const names = [
      'ClientId',
      'Status',
      'CreatedTime',
      'Appliance',
      'Tags',
      'Settings',
      'UseHttps',
      'Key',
      'Value',
    ];
    const row = fc.dictionary(fc.constantFrom(...names), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(fc.oneof(row, fc.jsonValue())), fc.jsonValue(), (clients, anything) => {
        const page = decodeClientPage(aReply({ Clients: clients, TotalCount: anything }));
        for (const client of page.clients) assert.equal(typeof client.status, 'string');
        decodeTask(aReply({ Description: 'created', Progress: anything, Result: anything }), 't-1');
        decodeSubmission(aReply({ TaskId: anything, InstanceStatuses: anything }));
      }),
    );
  });
});

describe('decodeSubmission', () => {
  it('names the machines that were refused, by flag or by code, and no other', () => {
    const submission = decodeSubmission(
      aReply({
        TaskId: 't-1',
        InstanceStatuses: [
          { InstanceId: 'i-fine', ValidInstance: true, ErrorCode: '' },
          { InstanceId: 'i-fine-too', ValidInstance: 'true' },
          { InstanceId: 'i-code', ValidInstance: true, ErrorCode: 'InstanceNotExists' },
          { InstanceId: 'i-flag', ValidInstance: false, ErrorCode: '' },
        ],
      }),
    );
    assert.deepEqual(submission, {
      taskId: 't-1',
      requestId: 'REQUEST-1',
      refusals: [
        { instanceId: 'i-code', errorCode: 'InstanceNotExists' },
        { instanceId: 'i-flag', errorCode: '' },
      ],
    });
  });

  it('has no task when none was made', () => {
    assert.deepEqual(decodeSubmission(aReply({ TaskId: '' })), { requestId: 'REQUEST-1', refusals: [] });
  });
});

describe('decodeTask', () => {
  it('reads what a task says of itself', () => {
    const task = decodeTask(
      aReply({
        Name: 'InstallBackupClientsTask',
        Description: 'completed',
        Progress: '100',
        CreatedTime: 1,
        UpdatedTime: 2,
        CompletedTime: 0,
        Result: '',
      }),
      't-1',
    );
    assert.deepEqual(task, {
      taskId: 't-1',
      name: 'InstallBackupClientsTask',
      state: 'completed',
      progress: 100,
      machines: [],
      createdTime: 1,
      requestId: 'REQUEST-1',
    });
  });

  it('keeps -1, which says that it failed', () => {
    assert.equal(decodeTask(aReply({ Description: 'created', Progress: -1 }), 't-1').progress, -1);
  });

  it('takes an empty, missing, odd or torn result for "nothing known yet"', () => {
    for (const result of ['', undefined, null, '{}', {}, [], '[]', '[{"inst', 'text', 7, [null, 'x', {}]]) {
      assert.deepEqual(machinesOf(result), []);
    }
  });

  it('reads results as text, as a list and as one object', () => {
    const wire = { instanceId: 'i-1', clientId: 'c-1', clientStatus: 'ACTIVATED', errorCode: '', more: 1 };
    const machine = { instanceId: 'i-1', clientId: 'c-1', clientStatus: 'ACTIVATED', errorCode: '' };
    for (const result of [JSON.stringify([wire]), [wire], JSON.stringify(wire), wire]) {
      assert.deepEqual(machinesOf(result), [machine]);
    }
    assert.deepEqual(machinesOf([{ InstanceId: 'i-2', ErrorCode: 'InstanceNotRunning' }]), [
      { instanceId: 'i-2', errorCode: 'InstanceNotRunning' },
    ]);
  });

  it('keeps every digit of a number inside the text of a result', () => {
    const text = '[{"instanceId":1639278212345671,"clientId":"c-1","errorCode":9007199254740993}]';
    assert.deepEqual(machinesOf(text), [
      { instanceId: '1639278212345671', clientId: 'c-1', errorCode: '9007199254740993' },
    ]);
  });

  it('cannot go without a state', () => {
    assert.throws(() => decodeTask(aReply({ Progress: 5 }), 't-1'), { code: 'unexpected-reply' });
  });
});

describe('decodeCallerIdentity', () => {
  it('keeps every digit of an account id that comes as a number, however long', () => {
    for (const id of ['1639278212345671', '9007199254740993', '12345678901234567']) {
      const text = `{"AccountId":${id},"RequestId":"R"}`;
      const reply = readReply(aRequest(), { status: 200, text, header: () => undefined });
      assert.equal(decodeCallerIdentity(reply).accountId, id);
    }
  });

  it('reads whose key it is, an account id sent as a number too', () => {
    const identity = decodeCallerIdentity(
      aReply({
        AccountId: 1234567890123456,
        IdentityType: 'RAMUser',
        Arn: 'acs:ram::1234567890123456:user/a',
      }),
    );
    assert.deepEqual(identity, {
      accountId: '1234567890123456',
      identityType: 'RAMUser',
      arn: 'acs:ram::1234567890123456:user/a',
      requestId: 'REQUEST-1',
    });
  });

  it('cannot go without an account', () => {
    assert.throws(() => decodeCallerIdentity(aReply({})), { code: 'unexpected-reply' });
  });
});
