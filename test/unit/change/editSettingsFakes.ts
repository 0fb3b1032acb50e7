import { strict as assert } from 'node:assert';
import { createEditSettings, type EditSettings } from '../../../src/core/change/settings/editSettings';
import { BackupError } from '../../../src/core/service/errors';
import type { BackupClient } from '../../../src/core/service/model';
import type { Operations } from '../../../src/core/operations/operations';
import { createRetryFailed, type RetryFailed } from '../../../src/core/change/retryFailed';
import type { SafetyRules } from '../../../src/core/change/safety/safety';
import { showSummaries } from '../../../src/core/operations/summary';
import { aClient } from '../../support/builders';
import { keyed, label, noRules } from '../../support/draftBuilders';
import { FakeNotices, FakeUser, type Asked } from '../../support/fakeUser';
import { createFakeService, type FakeService } from '../../support/fakeService';
import { createHandClock, type HandClock } from '../../support/handClock';
import { createMemoryDisk, type MemoryDisk } from '../../support/memoryRecords';
import { openWindow, type createKeptLog } from '../../support/operationBuilders';
import { HandInstances } from './changeClientsFakes';

/** A client that takes every setting and has some. */
export function aSettable(name: string, fields: Partial<BackupClient> = {}): BackupClient {
  return aClient({
    instanceName: name,
    instanceId: `i-${name}`,
    clientId: `c-${name}`,
    clientVersion: '2.13.0',
    settings: {
      useHttps: false,
      dataNetworkType: 'VPC',
      dataProxySetting: 'DISABLE',
      maxCpuCore: 0,
      maxWorker: 2,
      maxMemory: 0,
    },
    ...fields,
  });
}

/** The user ticks these labels in picks, answers a question by its title, and backs out of one that has no answer. */
export interface Answers {
  answers: Readonly<Record<string, string>>;
  ticks: readonly string[];
}

export function answerFrom(user: FakeUser, given: Answers): void {
  const byTitle = ({ title }: Asked): string | undefined => given.answers[title];
  user.on = {
    text: byTitle,
    one: byTitle,
    confirmTyped: byTitle,
    many: ({ labels }) => labels.filter((label) => given.ticks.includes(label)),
    manyLive: ({ labels }) => labels.filter((label) => given.ticks.includes(label)),
  };
}

/** Titles of what was asked, with the step. */
export function titlesOf(user: FakeUser): readonly string[] {
  return user.asked.map(({ title, step }) => (step === undefined ? title : `${title} ${step}`));
}

/** Rows of all picks. */
export function rowsOf(user: FakeUser): readonly string[] {
  return user.asked.filter(({ kind }) => !kind.startsWith('confirm')).flatMap(({ rows }) => rows);
}

/** What the user is to know before agreeing, of the last question. */
export function detailOf(user: FakeUser): string {
  return user.asked.filter(({ kind }) => kind.startsWith('confirm')).at(-1)?.detail ?? '';
}

/** What text boxes start with. */
export function startsOf(user: FakeUser): readonly (string | undefined)[] {
  return user.ofKind('text').map(({ value }) => value);
}

/** The flow with everything around it in the hands of a test, and operations that run in the time of its clock. */
export interface Table extends Answers {
  readonly user: FakeUser;
  readonly notices: FakeNotices;
  readonly service: FakeService;
  readonly clock: HandClock;
  readonly log: ReturnType<typeof createKeptLog>;
  readonly disk: MemoryDisk;
  readonly operations: Operations;
  readonly hidden: readonly string[];
  /** Client ids of the calls, in order. */
  sent(): readonly string[];
  /** As they are read now. */
  rules: SafetyRules;
  readonly instances: HandInstances;
  readonly flow: EditSettings;
  readonly retryFailed: RetryFailed;
}

export function setTable(clients: readonly BackupClient[]): Table {
  const user = new FakeUser();
  const notices = new FakeNotices();
  const service = createFakeService(clients);
  const clock = createHandClock();
  const disk = createMemoryDisk();
  const hidden: string[] = [];
  const { operations, log } = openWindow(service, clock, disk.window());
  const instances = new HandInstances();
  const flow = createEditSettings({
    questions: user,
    notices,
    instances,
    operations,
    gate: { rules: () => Promise.resolve(table.rules) },
    showReport: () => undefined,
    stopRollout: () => undefined,
    protection: service,
    serviceNow: () => clock.now(),
    rolloutDefaults: () => ({ maxFailures: 2, holdLimitMs: 7_200_000 }),
    clock,
    log,
    hide: (secret) => hidden.push(secret),
  });
  const table: Table = {
    user,
    answers: {},
    ticks: [],
    notices,
    service,
    clock,
    log,
    disk,
    operations,
    hidden,
    sent: () => service.settings.map(({ clientId }) => clientId),
    rules: noRules,
    instances,
    flow,
    retryFailed: createRetryFailed({
      editSettings: flow,
      changeClients: { run: () => assert.fail('not retried here') },
      operations,
      api: service,
      notices,
    }),
  };
  answerFrom(user, table);
  showSummaries(operations, {
    notices,
    showReport: () => undefined,
    again: () => undefined,
    resumeTracking: () => undefined,
  });
  return table;
}

export const refusal = (code: ConstructorParameters<typeof BackupError>[0], serviceCode?: string) =>
  new BackupError(code, 'the service said no', { fate: 'refused', serviceCode, requestId: 'R-NO' });

/** So many clients that take every setting. */
export const fleet = (count: number): readonly BackupClient[] =>
  Array.from({ length: count }, (_, at) => aSettable(`web-${at + 1}`));

/** A table at which the user limits CPU cores to 4. */
export function limitingCores(clients: readonly BackupClient[]): Table {
  const table = setTable(clients);
  table.ticks = ['CPU cores per backup job'];
  table.answers = { 'CPU cores per backup job': '4' };
  return table;
}

/** Runs the flow on selected clients, until something was started. */
export async function runOn(table: Table, clients: readonly BackupClient[]): Promise<void> {
  await table.flow.run({ label, clients: keyed(clients), review: 'chosen' });
  await table.clock.advance(0);
}
