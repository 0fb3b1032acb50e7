import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { BackupError } from '../../../src/core/service/errors';
import type { Job } from '../../../src/core/service/protection';
import { isGoingOn } from '../../../src/core/protection/jobStates';
import type { Plan, Strategy } from '../../../src/core/operations/operation';
import { createFakeService } from '../../support/fakeService';
import { createHandClock } from '../../support/handClock';
import { createMemoryDisk } from '../../support/memoryRecords';
import { aPlan, openWindow, outdatedClients } from '../../support/operationBuilders';

const minute = 60_000;
const machines = 5;

/** What happens at a minute of the operation. */
type Happening = { readonly at: number } & (
  | { readonly does: 'begin'; readonly on: number; readonly kind: Job['kind']; readonly status: string }
  | { readonly does: 'rename'; readonly on: number; readonly status: string }
  | { readonly does: 'end'; readonly on: number }
  | { readonly does: 'deny' | 'allow' | 'cutOff' | 'hang' }
);

const at = fc.integer({ min: 0, max: 40 });
const on = fc.integer({ min: 0, max: machines - 1 });
const status = fc.constantFrom('RUNNING', 'QUEUED', 'CREATED', 'CANCELING', 'REHEARSING', 'UNKNOWN');
const happenings = fc.array(
  fc.oneof(
    fc.record({
      ...{ at: fc.oneof(fc.constant(0), at), does: fc.constant('begin' as const), on, status },
      kind: fc.constantFrom('backup' as const, 'restore' as const),
    }),
    fc.record({ at, does: fc.constant('rename' as const), on, status }),
    fc.record({ at, does: fc.constant('end' as const), on }),
    fc.record({
      at,
      does: fc.constantFrom('deny' as const, 'allow' as const, 'cutOff' as const, 'hang' as const),
    }),
  ),
  { maxLength: 14 },
);
const strategies = fc.constantFrom<Strategy>(
  { kind: 'all' },
  { kind: 'canary' },
  { kind: 'zones' },
  { kind: 'batches', size: 1 },
  { kind: 'batches', size: 2 },
);

describe('an operation, whatever runs on its clients and whatever can be told of it', () => {
  it(
    'sends none that it knows to be busy unless the user included it, sends each at most once, and ends',
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(
          happenings,
          strategies,
          fc.array(fc.boolean(), { minLength: machines, maxLength: machines }),
          fc.constantFrom(5, 30),
          async (events, strategy, included, limit) => {
            const problems = await play(events, strategy, included, limit);
            assert.deepEqual(problems, []);
          },
        ),
        { numRuns: 80 },
      );
    },
  );
});

async function play(
  events: readonly Happening[],
  strategy: Strategy,
  included: readonly boolean[],
  holdLimitMinutes: number,
): Promise<readonly string[]> {
  const clock = createHandClock();
  const clients = outdatedClients(machines);
  const service = createFakeService(clients);
  const problems: string[] = [];
  const known = new Set<Job['jobId']>();
  const sent = new Set<string>();
  const { listJobs } = service;
  service.listJobs = async function* (...asked) {
    const pages = listJobs(...asked);
    for (;;) {
      const page = await pages.next();
      if (page.done) return page.value;
      for (const { jobId, status: word } of page.value) if (isGoingOn(word) === true) known.add(jobId);
      yield page.value;
    }
  };
  service.onPoll = () => ({ state: 'completed', progress: 100 });
  service.onWrite = (n, { instanceIds, clientIds }) => {
    // A client that waited is named by its own ID.
    for (const id of [...instanceIds, ...clientIds.map((clientId) => clientId.replace('c-', 'i-'))]) {
      if (sent.has(id)) problems.push(`${id} is sent twice`);
      sent.add(id);
      const busy = service.jobs.find((job) => job.instanceId === id && known.has(job.jobId));
      const isIncluded = included[clients.findIndex(({ instanceId }) => instanceId === id)];
      if (busy && busy.status !== 'COMPLETE' && !isIncluded)
        problems.push(`${id} is sent during ${busy.jobId}`);
      const client = service.clients.get(id);
      if (client) {
        const lastHeartBeatTime = clock.now() / 1000 + 31;
        service.clients.set(id, { ...client, clientVersion: '2.4.5', lastHeartBeatTime });
      }
    }
    return { taskId: `t-${n}`, requestId: `R-${n}`, refusals: [] };
  };
  let jobs = 0;
  const happen = (event: Happening): void => {
    const calls = ['hbr:DescribeBackupJobs2', 'hbr:DescribeRestoreJobs2'] as const;
    switch (event.does) {
      case 'begin':
        service.jobs.push({
          ...{ kind: event.kind, jobId: `job-${++jobs}`, status: event.status, edition: 'STANDARD' },
          ...{ instanceId: `i-${event.on}`, clientId: `c-${event.on}` },
          createdTime: Math.floor(clock.now() / 1000),
        });
        return;
      case 'rename':
      case 'end':
        for (const [index, job] of service.jobs.entries()) {
          if (job.instanceId !== `i-${event.on}` || job.status === 'COMPLETE') continue;
          service.jobs[index] = { ...job, status: event.does === 'end' ? 'COMPLETE' : event.status };
        }
        return;
      case 'deny':
        for (const call of calls) service.failures.set(call, new BackupError('permission-denied', 'no'));
        return;
      case 'cutOff':
        for (const call of calls) service.cutOff.add(call);
        return;
      case 'hang':
        service.onProtectionRead.run = () => new Promise(() => undefined);
        return;
      case 'allow':
        service.failures.clear();
        service.cutOff.clear();
        service.onProtectionRead.run = () => undefined;
    }
  };
  const happenAt = (time: number): void => {
    for (const event of events) if (event.at === time) happen(event);
  };
  happenAt(0);
  const window = openWindow(service, clock, createMemoryDisk().window());
  const plan: Plan = { ...aPlan('upgrade', clients), strategy, holdLimitMs: holdLimitMinutes * minute };
  const { id } = await window.operations.start({
    ...plan,
    machines: plan.machines.map((machine, n) => ({
      ...machine,
      zoneId: `zone-${n % 2}`,
      ...(included[n] && { whenBusy: 'send' as const }),
    })),
  });
  for (let time = 1; time <= 41; time++) {
    await clock.advance(minute);
    happenAt(time);
  }
  await clock.advance(90 * minute);
  const operation = window.operations.get(id);
  if (operation?.phase !== 'ended') problems.push(`it is ${operation?.phase ?? 'gone'}`);
  for (const { machine, outcome, reason = '' } of operation?.machines ?? []) {
    const isSent = sent.has(machine.instanceId ?? '');
    if (outcome !== (isSent ? 'done' : 'not-sent')) problems.push(`${machine.key} is ${outcome} (${reason})`);
    if (!isSent && reason !== 'job-running') problems.push(`${machine.key} is not sent: ${reason}`);
  }
  window.operations.dispose();
  return problems;
}
