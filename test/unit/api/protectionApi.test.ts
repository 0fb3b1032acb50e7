import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { Call } from '../../../src/api/call';
import { createProtectionApi } from '../../../src/api/protectionApi';
import type { JobQuery, Rows } from '../../../src/core/service/protection';
import type { Scope } from '../../../src/core/service/scope';
import { aReply, neverCancelled } from '../../support/apiBuilders';

const scope: Scope = { profileId: 'p', accountId: 'a', regionId: 'cn-hangzhou', clientType: 'ECS_CLIENT' };
const waiting = { ...neverCancelled, mostPages: 10 };
const standard: JobQuery = { kind: 'backup', edition: 'STANDARD' };

type Answer = (parameters: ReadonlyMap<string, string>, n: number) => object | Promise<object>;

/** Answers each call by its parameters and its number, from 1. */
function apiThat(answer: Answer) {
  const calls: ReadonlyMap<string, string>[] = [];
  const call: Call = async (_at, _operation, { query, form = [] }) => {
    const parameters = new Map([...query, ...form]);
    calls.push(parameters);
    return aReply({ ...(await answer(parameters, calls.length)) });
  };
  return { api: createProtectionApi({ call }), calls };
}

async function read<T>(reading: Rows<T>) {
  const rows: T[] = [];
  for (;;) {
    const step = await reading.next();
    if (step.done === true) return { rows, complete: step.value.complete };
    rows.push(...step.value);
  }
}

const jobsOf = (answer: Answer, query = standard, mostPages = 10) => {
  const service = apiThat(answer);
  return { ...service, read: () => read(service.api.listJobs(scope, query, { ...waiting, mostPages })) };
};

const rowsFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ JobId: `job-${first + index}`, Status: 'RUNNING' }));

const pageOf = (total: number | undefined, size = 99): Answer => {
  return (parameters) => {
    const from = (Number(parameters.get('PageNumber')) - 1) * size;
    const count = Math.max(0, Math.min(size, (total ?? 250) - from));
    return { BackupJobs: { BackupJob: rowsFrom(from, count) }, TotalCount: total };
  };
};

const idsOf = ({ rows }: { readonly rows: readonly { readonly jobId: string }[] }) =>
  rows.map(({ jobId }) => jobId);

describe('a page of jobs', () => {
  const one = async (row: object, query = standard) => {
    const list = query.kind === 'backup' ? { BackupJobs: [row] } : { RestoreJobs: [row] };
    return (await jobsOf(() => ({ ...list, TotalCount: 1 }), query).read()).rows[0];
  };

  it('is understood in every form that means the same', async () => {
    const job = { JobId: 'job-1', Status: 'RUNNING' };
    const forms: readonly object[] = [
      { BackupJobs: { BackupJob: [job] } },
      { BackupJobs: [job] },
      { BackupJobs: { BackupJob: job } },
      { BackupJobs: job },
    ];
    for (const form of forms) {
      for (const count of [{}, { TotalCount: 1 }, { TotalCount: '1' }]) {
        const result = await jobsOf(() => ({ ...form, ...count })).read();
        assert.deepEqual([idsOf(result), result.complete], [['job-1'], true], JSON.stringify(form));
      }
    }
  });

  it('is empty where it says so', async () => {
    const forms: readonly object[] = [
      { BackupJobs: { BackupJob: [] } },
      { BackupJobs: [] },
      { BackupJobs: { BackupJob: [] }, TotalCount: 0 },
      { BackupJobs: { BackupJob: null }, TotalCount: 0 },
      { BackupJobs: null, TotalCount: '0' },
      { BackupJobs: {}, TotalCount: 0 },
      { BackupJobs: '', TotalCount: 0 },
      { TotalCount: 0 },
    ];
    for (const form of forms) {
      assert.deepEqual(await jobsOf(() => form).read(), { rows: [], complete: true }, JSON.stringify(form));
    }
  });

  it('is never taken for empty where it is not understood', async () => {
    const forms: readonly object[] = [
      {},
      { BackupJobs: null },
      { BackupJobs: null, TotalCount: 3 },
      { BackupJobs: { BackupJob: null } },
      { BackupJobs: {}, TotalCount: 1 },
      { BackupJobs: 'none', TotalCount: 0 },
      { BackupJobs: { Job: [{ JobId: 'job-1' }] }, TotalCount: 0 },
      { BackupJobs: ['job-1'], TotalCount: 1 },
      { Jobs: [], TotalCount: 'many' },
    ];
    for (const form of forms) {
      await assert.rejects(jobsOf(() => form).read(), { code: 'unexpected-reply' }, JSON.stringify(form));
    }
  });

  it('has the machine that a restore writes to, never the one that it reads from', async () => {
    const row = {
      ...{ RestoreId: ' r-1 ', Status: ' running ', TargetInstanceId: 'i-target', TargetClientId: '' },
      ...{ SourceInstanceId: 'i-source', InstanceId: 'i-source', ClientId: 'c-source' },
    };
    assert.deepEqual(await one(row, { kind: 'restore', edition: 'BASIC' }), {
      ...{ kind: 'restore', edition: 'BASIC', jobId: 'r-1', status: 'RUNNING', instanceId: 'i-target' },
    });
  });

  it('has times in seconds, and none for 0', async () => {
    const row = {
      ...{ JobId: 'job-1', Status: 'RUNNING', CreatedTime: '1794981600', StartTime: 1_794_981_604_000 },
      ...{ UpdatedTime: '1794981690123', CompleteTime: 0 },
    };
    assert.deepEqual(await one(row), {
      ...{ kind: 'backup', edition: 'STANDARD', jobId: 'job-1', status: 'RUNNING' },
      ...{ createdTime: 1_794_981_600, startTime: 1_794_981_604, updatedTime: 1_794_981_690 },
    });
  });

  it('has progress in percent, within 0 and 100', async () => {
    const cases: readonly (readonly [unknown, number | undefined])[] = [
      [0, 0],
      [4250, 42.5],
      ['4250', 42.5],
      [10_000, 100],
      [12_500, 100],
      [-1, 0],
      [null, undefined],
      ['', undefined],
      ['soon', undefined],
    ];
    for (const [Progress, percent] of cases) {
      const job = await one({ JobId: 'job-1', Status: 'RUNNING', Progress });
      assert.equal(job?.percent, percent, String(Progress));
    }
  });

  it('names another account only where a row does', async () => {
    const own = '1234567890123456';
    const cases: readonly (readonly [object, string | undefined])[] = [
      [{}, undefined],
      [{ CrossAccountType: 'SELF_ACCOUNT', CrossAccountUserId: 0 }, undefined],
      [{ CrossAccountType: '', CrossAccountUserId: '0' }, undefined],
      [{ CrossAccountType: 'SELF_ACCOUNT', CrossAccountUserId: own }, undefined],
      [{ CrossAccountType: 'CROSS_ACCOUNT', CrossAccountUserId: own }, own],
    ];
    for (const [fields, account] of cases) {
      const job = await one({ JobId: 'job-1', Status: 'RUNNING', ...fields });
      assert.equal(job?.crossAccountId, account, JSON.stringify(fields));
    }
  });

  it('has no time where that is later than any that can be shown', async () => {
    for (const [sent, seconds] of [
      [99_999_999_999, 99_999_999_999],
      [1_795_000_000_000, 1_795_000_000],
      [9_000_000_000_000_000, undefined],
    ] as const) {
      const job = await one({ JobId: 'job-1', Status: 'RUNNING', StartTime: sent });
      assert.equal(job?.startTime, seconds);
    }
  });

  it('keeps a job without an ID or a status: it may occupy a machine', async () => {
    const rows = [{ InstanceId: 'i-a', Status: 'RUNNING' }, { InstanceId: 'i-b' }];
    const result = await jobsOf(() => ({ BackupJobs: rows }), { ...standard, statuses: ['RUNNING'] }).read();
    assert.deepEqual(
      result.rows.map(({ jobId, instanceId, status }) => [jobId, instanceId, status]),
      [
        ['', 'i-a', 'RUNNING'],
        ['', 'i-b', ''],
      ],
    );
  });

  it('leaves out jobs that a service sends although they were not asked for', async () => {
    const asked = {
      ...standard,
      ...{ statuses: ['RUNNING'], instanceIds: ['i-a'], createdSince: 100, completedSince: 50 },
    };
    const fits = { JobId: 'job-fits', InstanceId: 'i-a', Status: 'RUNNING', CreatedTime: 100 };
    const rows = [
      fits,
      { ...fits, JobId: 'job-machine', InstanceId: 'i-b' },
      { ...fits, JobId: 'job-old', CreatedTime: 99 },
      { ...fits, JobId: 'job-ended', CompleteTime: 49 },
      { ...fits, JobId: 'job-type', SourceType: 'NAS' },
      { ...fits, JobId: 'job-region', RegionId: 'cn-beijing' },
      { ...fits, JobId: 'job-edition', Edition: 'BASIC' },
      { ...fits, JobId: 'job-silent', InstanceId: '', CreatedTime: 0 },
    ];
    const result = await jobsOf(() => ({ BackupJobs: rows, TotalCount: rows.length }), asked).read();
    assert.deepEqual([idsOf(result), result.complete], [['job-fits', 'job-silent'], true]);
  });

  it('keeps a job in a status that was not asked for: it may be a new word for one that goes on', async () => {
    const rows = [{ JobId: 'job-1', Status: 'THROTTLED' }];
    const query = { ...standard, statuses: ['RUNNING'] };
    assert.deepEqual(idsOf(await jobsOf(() => ({ BackupJobs: rows }), query).read()), ['job-1']);
  });
});

describe('the replies of the reference', () => {
  const wrapped = (list: string, row: string, fields: object) => () => ({
    ...{ RequestId: 'R-1', Success: true, Code: '200', Message: 'successful' },
    ...{ PageNumber: 1, PageSize: 99, TotalCount: 1, [list]: { [row]: [fields] } },
  });

  it('have a running backup', async () => {
    const service = jobsOf(
      wrapped('BackupJobs', 'BackupJob', {
        ...{ JobId: 'job-1', JobName: '', PlanId: 'plan-1', VaultId: 'v-1', ClientId: 'c-1' },
        ...{ InstanceId: 'i-1', SourceType: 'ECS_FILE', BackupType: 'COMPLETE', Status: 'RUNNING' },
        ...{ Progress: 4250, BytesTotal: 2_147_483_648, BytesDone: 912_680_550, Speed: 20_480 },
        ...{ CreatedTime: 1_794_981_600, StartTime: 1_794_981_604, UpdatedTime: 1_794_981_690 },
        ...{ CompleteTime: 0, ErrorMessage: '', Paths: { Path: ['/srv/app'] } },
      }),
    );
    assert.deepEqual((await service.read()).rows, [
      {
        ...{ kind: 'backup', edition: 'STANDARD', jobId: 'job-1', status: 'RUNNING', percent: 42.5 },
        ...{ clientId: 'c-1', instanceId: 'i-1', planId: 'plan-1' },
        ...{ createdTime: 1_794_981_600, startTime: 1_794_981_604, updatedTime: 1_794_981_690 },
      },
    ]);
  });

  it('have a queued restore, on the machine that receives its files', async () => {
    const service = jobsOf(
      wrapped('RestoreJobs', 'RestoreJob', {
        ...{ RestoreId: 'r-1', RestoreType: 'ECS_FILE', SourceType: 'ECS_FILE', Status: 'QUEUED' },
        ...{ Progress: 0, TargetInstanceId: 'i-2', TargetClientId: 'c-2', SnapshotId: 's-1' },
        ...{ VaultId: 'v-1', TargetPath: '/', CreatedTime: 1_794_981_600 },
      }),
      { kind: 'restore', edition: 'STANDARD' },
    );
    assert.deepEqual((await service.read()).rows, [
      {
        ...{ kind: 'restore', edition: 'STANDARD', jobId: 'r-1', status: 'QUEUED', percent: 0 },
        ...{ clientId: 'c-2', instanceId: 'i-2', createdTime: 1_794_981_600 },
      },
    ]);
  });

  it('have a plan whose job goes on', async () => {
    const { api } = apiThat(
      wrapped('BackupPlans', 'BackupPlan', {
        ...{ PlanId: 'plan-1', PlanName: 'nightly', SourceType: 'ECS_FILE', VaultId: 'v-1' },
        ...{ InstanceId: 'i-1', ClientId: 'c-1', Schedule: 'I|1790013600|P1D', Retention: 30 },
        ...{ KeepLatestSnapshots: 1, Disabled: false, BusinessStatus: 'ACTIVE' },
        ...{ CreatedTime: 1_790_010_000, UpdatedTime: 1_790_010_000, LatestExecuteJobId: 'job-1' },
      }),
    );
    const { rows } = await read(api.listPlans(scope, { edition: 'BASIC' }, waiting));
    assert.deepEqual(rows, [
      {
        ...{ planId: 'plan-1', edition: 'BASIC', name: 'nightly', instanceId: 'i-1', clientId: 'c-1' },
        ...{ schedule: 'I|1790013600|P1D', retentionDays: 30, disabled: false },
        ...{ createdTime: 1_790_010_000, latestStartedJobId: 'job-1' },
      },
    ]);
  });
});

describe('a plan or binding that is suspended', () => {
  it('is so in every form that means it, and not in others', async () => {
    const cases: readonly (readonly [unknown, boolean])[] = [
      [true, true],
      ['true', true],
      ['True', true],
      [false, false],
      ['false', false],
      ['', false],
      [undefined, false],
    ];
    for (const [Disabled, disabled] of cases) {
      const plan = { PlanId: 'plan-1', InstanceId: 'i-1', Schedule: '', Disabled };
      const binding = { PolicyId: 'po-1', DataSourceId: 'i-1', Disabled };
      const { api } = apiThat(() => ({ BackupPlans: [plan], PolicyBindings: [binding] }));
      const found = [
        ...(await read(api.listPlans(scope, { edition: 'STANDARD' }, waiting))).rows,
        ...(await read(api.listPolicyBindings(scope, {}, waiting))).rows,
      ];
      assert.deepEqual(
        found.map((one) => one.disabled),
        [disabled, disabled],
        String(Disabled),
      );
    }
  });
});

describe('pages of jobs', () => {
  it('are read one after the other, so that a job which is added meanwhile hides no other', async () => {
    let underWay = 0;
    const ids = rowsFrom(0, 500).reverse();
    const service = jobsOf(async (parameters) => {
      assert.equal(++underWay, 1);
      await new Promise((resolve) => setImmediate(resolve));
      underWay--;
      const from = (Number(parameters.get('PageNumber')) - 1) * 99;
      const page = { BackupJobs: ids.slice(from, from + 99), TotalCount: ids.length };
      // At the front, as new jobs are.
      ids.unshift({ JobId: `job-new-${from}`, Status: 'RUNNING' });
      return page;
    });
    const result = await service.read();
    assert.deepEqual([new Set(idsOf(result)).size, result.rows.length, result.complete], [500, 500, true]);
    assert.equal(service.calls.length, 6);
  });

  it('without a count end with one that is not full', async () => {
    const service = jobsOf(pageOf(undefined));
    const result = await service.read();
    assert.deepEqual([result.rows.length, result.complete, service.calls.length], [250, true, 3]);
  });

  it('that are smaller than asked for are all read', async () => {
    const service = jobsOf(pageOf(120, 50));
    const result = await service.read();
    assert.deepEqual([result.rows.length, result.complete], [120, true]);
  });

  it('are not complete where fewer come than the first one counted', async () => {
    const cases: readonly Answer[] = [
      () => ({ BackupJobs: { BackupJob: [] }, TotalCount: 500 }),
      () => ({ BackupJobs: { BackupJob: rowsFrom(0, 3) }, TotalCount: 4 }),
      (parameters) => ({
        BackupJobs: { BackupJob: parameters.get('PageNumber') === '1' ? rowsFrom(0, 99) : [] },
        TotalCount: 150,
      }),
    ];
    for (const answer of cases) assert.equal((await jobsOf(answer).read()).complete, false);
  });

  it('that never add up are read three times at most, and never beyond the bound', async () => {
    const answer: Answer = (parameters) => ({
      BackupJobs: { BackupJob: rowsFrom(0, parameters.get('PageNumber') === '1' ? 99 : 50) },
      TotalCount: 150,
    });
    const service = jobsOf(answer);
    const result = await service.read();
    assert.deepEqual([result.rows.length, result.complete, service.calls.length], [99, false, 6]);
    const bounded = jobsOf(answer, standard, 3);
    assert.equal((await bounded.read()).complete, false);
    assert.equal(bounded.calls.length, 2);
  });

  it('that say they are complete show each job that was there throughout', async () => {
    const change = fc.record({ remove: fc.array(fc.nat(), { maxLength: 2 }), add: fc.nat({ max: 2 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 320 }),
        fc.array(change, { maxLength: 6 }),
        fc.boolean(),
        async (count, changes, newestFirst) => {
          const list = rowsFrom(0, count);
          const gone = new Set<string>();
          let added = 0;
          const result = await jobsOf((parameters, n) => {
            const from = (Number(parameters.get('PageNumber')) - 1) * 99;
            const page = { BackupJobs: list.slice(from, from + 99), TotalCount: list.length };
            const { remove = [], add = 0 } = changes[n - 1] ?? {};
            // One or the other between two pages: together they'd leave the count as it was.
            if (remove.length > 0) {
              for (const at of remove) {
                for (const { JobId } of list.splice(at % Math.max(1, list.length), 1)) gone.add(JobId);
              }
              return page;
            }
            const fresh = rowsFrom(1000 + added, add);
            added += add;
            if (newestFirst) list.unshift(...fresh);
            else list.push(...fresh);
            return page;
          }).read();
          const ids = idsOf(result);
          assert.equal(new Set(ids).size, ids.length);
          if (!result.complete) return;
          for (const { JobId } of rowsFrom(0, count))
            assert.ok(gone.has(JobId) || ids.includes(JobId), JobId);
        },
      ),
    );
  });

  it('are complete where jobs were added meanwhile', async () => {
    const result = await jobsOf((parameters) => {
      const number = Number(parameters.get('PageNumber'));
      return {
        BackupJobs: { BackupJob: number === 1 ? rowsFrom(0, 99) : rowsFrom(97, 53) },
        TotalCount: number === 1 ? 150 : 152,
      };
    }).read();
    assert.deepEqual([result.rows.length, result.complete], [150, true]);
  });
});

describe('lists with tokens', () => {
  it('end where tokens go round in circles', async () => {
    const service = apiThat((parameters) => ({
      PolicyBindings: [{ PolicyId: 'po-1', DataSourceId: 'i-a' }],
      NextToken: parameters.get('NextToken') === 'a' ? 'b' : 'a',
    }));
    await assert.rejects(read(service.api.listPolicyBindings(scope, {}, waiting)), {
      code: 'unexpected-reply',
    });
  });

  it('are not complete where there are rows by their count and none comes', async () => {
    const service = apiThat(() => ({ Policies: [], TotalCount: 2 }));
    assert.deepEqual(await read(service.api.listPolicies(scope, waiting)), { rows: [], complete: false });
  });

  it('are not complete where they end before all rows of their count came', async () => {
    const some = { ProtectedResources: [{ ResourceId: 'i-a', CreatedByProduct: 'BASIC' }] };
    for (const [total, complete] of [
      [1, true],
      [250, false],
    ] as const) {
      const service = apiThat(() => ({ ...some, TotalCount: total }));
      assert.deepEqual(await read(service.api.listEssentialInstances(scope, {}, waiting)), {
        ...{ rows: ['i-a'], complete },
      });
    }
  });

  it('have a schedule for each backup rule, also one that says nothing', async () => {
    const service = apiThat(() => ({
      Policies: [
        {
          PolicyId: 'po-1',
          Rules: {
            Rule: [
              { RuleType: 'BACKUP', Schedule: '' },
              { RuleType: 'TRANSITION', Retention: '-1' },
            ],
          },
        },
        { PolicyId: 'po-2' },
        { PolicyName: 'nobody can be bound to it' },
      ],
    }));
    assert.deepEqual((await read(service.api.listPolicies(scope, waiting))).rows, [
      { policyId: 'po-1', schedules: [''] },
      { policyId: 'po-2', schedules: [] },
    ]);
  });

  it('take a machine without the name of a product for one of Essential Edition, which was asked for', async () => {
    const service = apiThat(() => ({
      ProtectedResources: [
        { ResourceId: 'i-silent' },
        { ResourceId: 'i-standard', CreatedByProduct: '' },
        { ResourceId: 'i-basic', CreatedByProduct: 'BASIC', ResourceRegionId: 'cn-hangzhou' },
        { ResourceId: 'i-elsewhere', CreatedByProduct: 'BASIC', ResourceRegionId: 'cn-beijing' },
        { ResourceId: '', CreatedByProduct: 'BASIC' },
      ],
    }));
    assert.deepEqual((await read(service.api.listEssentialInstances(scope, {}, waiting))).rows, [
      'i-silent',
      'i-basic',
    ]);
  });
});
