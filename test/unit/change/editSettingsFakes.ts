import { strict as assert } from 'node:assert';
import { createEditSettings, type EditSettings } from '../../../src/core/change/settings/editSettings';
import { BackupError } from '../../../src/core/service/errors';
import type {
  Choice,
  ChoiceQuestion,
  Notices,
  Questions,
  TextQuestion,
} from '../../../src/core/interaction/interaction';
import type { BackupClient } from '../../../src/core/service/model';
import type { Operations } from '../../../src/core/operations/operations';
import { createRetryFailed, type RetryFailed } from '../../../src/core/change/retryFailed';
import type { SafetyRules } from '../../../src/core/change/safety/safety';
import { tellSummaries } from '../../../src/core/operations/summary';
import { aClient } from '../../support/builders';
import { noRules } from '../../support/draftBuilders';
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

/** A user who answers each question by its title, and backs out of one that has no answer. */
export class HandUser implements Questions {
  /** Titles of what was asked, with the step. */
  readonly asked: string[] = [];
  /** Rows of every pick: label, then what stands behind it. */
  readonly rows: string[] = [];
  /** Texts that boxes started with, and what they refused. */
  readonly started: (string | undefined)[] = [];
  readonly problems: string[] = [];
  readonly secrets: string[] = [];
  readonly confirms: { readonly message: string; readonly detail?: string }[] = [];
  ticks: readonly string[] = [];
  answers: Readonly<Record<string, string>> = {};
  agrees = true;
  /** What happens while the modal is open. */
  whileConfirming: () => Promise<unknown> = () => Promise.resolve();

  text(question: TextQuestion): Promise<string | undefined> {
    const { title, step, value, secret, validate } = question;
    this.asked.push(step ? `${title} ${step.number}/${step.of}` : title);
    this.started.push(value);
    if (secret) this.secrets.push(title);
    const answer = this.answers[title];
    const problem = answer === undefined ? undefined : validate?.(answer);
    if (problem !== undefined) this.problems.push(problem);
    return Promise.resolve(problem === undefined ? answer : undefined);
  }

  one<T>({ title, step }: ChoiceQuestion, choices: readonly Choice<T>[]): Promise<T | undefined> {
    this.asked.push(step ? `${title} ${step.number}/${step.of}` : title);
    this.#keep(choices);
    return Promise.resolve(choices.find(({ label }) => label === this.answers[title])?.value);
  }

  many<T>({ title }: ChoiceQuestion, choices: readonly Choice<T>[]): Promise<readonly T[] | undefined> {
    this.asked.push(title);
    this.#keep(choices);
    return Promise.resolve(
      choices.filter(({ label }) => this.ticks.includes(label)).map(({ value }) => value),
    );
  }

  async confirm(question: {
    readonly message: string;
    readonly detail?: string;
    readonly actions: readonly string[];
  }): Promise<string | undefined> {
    this.confirms.push(question);
    await this.whileConfirming();
    return this.agrees ? question.actions[0] : undefined;
  }

  manyLive(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  #keep(choices: readonly Choice<unknown>[]): void {
    this.rows.push(
      ...choices.map(
        ({ label, description, picked }) => `${label} | ${description ?? ''}${picked ? ' | picked' : ''}`,
      ),
    );
  }
}

class HandNotices implements Notices {
  readonly told: string[] = [];
  readonly failures: BackupError[] = [];
  readonly titles: string[] = [];
  readonly reports: string[] = [];
  readonly cancelling = new AbortController();

  info(message: string): void {
    this.told.push(`info: ${message}`);
  }

  warn(message: string): void {
    this.told.push(`warn: ${message}`);
  }

  failure(error: BackupError): void {
    this.failures.push(error);
  }

  progress<T>(
    title: string,
    place: string,
    work: (
      report: (message: string, percent?: number) => void,
      waiting: { signal: AbortSignal },
    ) => Promise<T>,
  ): Promise<T> {
    this.titles.push(`${place}: ${title}`);
    return work((message) => this.reports.push(message), { signal: this.cancelling.signal });
  }
}

/** The flow with everything around it in the hands of a test, and operations that run in the time of its clock. */
export interface Table {
  readonly user: HandUser;
  readonly notices: HandNotices;
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
  const user = new HandUser();
  const notices = new HandNotices();
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
    rolloutDefaults: () => ({ maxFailures: 2 }),
    clock,
    log,
    hide: (secret) => hidden.push(secret),
  });
  const table: Table = {
    user,
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
  tellSummaries(operations, {
    notices,
    showReport: () => undefined,
    retryFailed: () => undefined,
  });
  return table;
}

export const refusal = (code: ConstructorParameters<typeof BackupError>[0], serviceCode?: string) =>
  new BackupError(code, 'the service said no', { fate: 'refused', serviceCode, requestId: 'R-NO' });
