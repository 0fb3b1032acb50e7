import { strict as assert } from 'node:assert';
import type { BackupError } from '../../../src/core/service/errors';
import { Emitter } from '../../../src/core/kernel/events';
import type {
  Choice,
  PickRow,
  LiveRows,
  NoticeAction,
  Notices,
  PickButton,
  Questions,
  TextQuestion,
} from '../../../src/core/interaction/interaction';
import type { CloudAssistantStatus, Instance } from '../../../src/core/service/model';
import type { MachineProgress, Operation, Plan } from '../../../src/core/operations/operation';
import type { Operations } from '../../../src/core/operations/operations';
import type { InstanceApi } from '../../../src/core/service/api';
import type { Scope } from '../../../src/core/service/scope';

/** A modal as it is asked. */
export type Confirm = Parameters<Questions['confirm']>[0];

const first = 'the first';
const placeholder = 'the placeholder';

/** A user who agrees to everything and takes what is offered first, unless a test says otherwise. */
export class HandQuestions implements Questions {
  readonly confirms: Confirm[] = [];
  readonly typed: TextQuestion[] = [];
  /** Rows of the pick of machines as they last stood: ticked `+`, offered `-`, kept back `x`, headings `#`. */
  rows: readonly string[] = [];
  /** Third lines of those rows. */
  details: readonly string[] = [];
  readonly buttons = new Map<string, () => void>();
  /** Labels of the choices of each question that takes one of them. */
  readonly offered: (readonly string[])[] = [];
  /** What the user does with a confirm; agrees unless told otherwise. */
  decide: (question: Confirm) => Promise<string | undefined> = ({ actions }) => Promise.resolve(actions[0]);
  /** Labels to tick in the pick; by default what is ticked already; undefined backs out. */
  picks: readonly string[] | 'as offered' | undefined = 'as offered';
  /** What the user does while the pick is open. */
  whilePicking: () => Promise<unknown> = () => Promise.resolve();
  /** The label to choose where one is asked for; the first by default; undefined backs out. */
  choice: string | undefined = first;
  /** What is typed; the placeholder by default, which is the count; undefined backs out. */
  typing: string | undefined = placeholder;

  confirm(question: Confirm): Promise<string | undefined> {
    this.confirms.push(question);
    return this.decide(question);
  }

  text(question: TextQuestion): Promise<string | undefined> {
    this.typed.push(question);
    const text = this.typing === placeholder ? question.placeholder : this.typing;
    return Promise.resolve(text !== undefined && question.validate?.(text) === undefined ? text : undefined);
  }

  one<T>(_question: unknown, choices: readonly Choice<T>[]): Promise<T | undefined> {
    this.offered.push(choices.map(({ label }) => label));
    const chosen = this.choice === first ? choices[0] : choices.find(({ label }) => label === this.choice);
    return Promise.resolve(chosen?.value);
  }

  many(): never {
    return assert.fail('not asked here');
  }

  async manyLive<T>(
    { buttons = [] }: { readonly buttons?: readonly PickButton<T>[] },
    live: LiveRows<T>,
  ): Promise<readonly T[] | undefined> {
    const draw = () => {
      this.rows = live.rows().map((row) => lineOf(row));
      this.details = live.rows().map((row) => (row.kind === 'choice' ? (row.detail ?? '') : ''));
    };
    const ticked = () =>
      live.rows().flatMap((row) => {
        if (row.kind !== 'choice') return [];
        const takes = Array.isArray(this.picks) ? this.picks.includes(row.label) : row.picked === true;
        return takes ? [row.value] : [];
      });
    for (const { label, run } of buttons) this.buttons.set(label, () => run(ticked()));
    const following = live.onDidChange(draw);
    draw();
    await this.whilePicking();
    following.dispose();
    return this.picks === undefined ? undefined : ticked();
  }
}

function lineOf(row: PickRow<unknown>): string {
  if (row.kind === 'heading') return `# ${row.label}`;
  const mark = row.kind === 'blocked' ? 'x' : row.picked ? '+' : '-';
  return `${mark} ${row.label} | ${row.description ?? ''}`;
}

/** Keeps what the user is told. */
export class HandNotices implements Notices {
  readonly told: string[] = [];
  readonly failures: BackupError[] = [];
  readonly titles: string[] = [];
  readonly reports: string[] = [];
  readonly percents: (number | undefined)[] = [];
  actions: readonly NoticeAction[] = [];
  open = 0;

  info(message: string, actions: readonly NoticeAction[] = []): void {
    this.told.push(`info: ${message}`);
    this.actions = actions;
  }

  warn(message: string, actions: readonly NoticeAction[] = []): void {
    this.told.push(`warn: ${message}`);
    this.actions = actions;
  }

  failure(error: BackupError): void {
    this.failures.push(error);
  }

  async progress<T>(title: string, place: string, work: Parameters<typeof run<T>>[0]): Promise<T> {
    if (place === 'notification') this.titles.push(`${place}: ${title}`);
    this.open++;
    try {
      return await run(work, this);
    } finally {
      this.open--;
    }
  }
}

function run<T>(
  work: (report: (message: string, percent?: number) => void, waiting: { signal: AbortSignal }) => Promise<T>,
  notices: HandNotices,
): Promise<T> {
  return work(
    (message, percent) => {
      notices.reports.push(message);
      notices.percents.push(percent);
    },
    { signal: new AbortController().signal },
  );
}

/** Operations that go on as the test says. */
export class HandOperations implements Pick<Operations, 'start' | 'get' | 'holderOf' | 'list'> {
  readonly plans: Plan[] = [];
  readonly #changes = new Emitter<Operation>();
  readonly #operations = new Map<string, Operation>();
  readonly onDidChange = this.#changes.event;
  busy: readonly string[] = [];
  startFailure: Error | undefined;

  start(plan: Plan): Promise<Operation> {
    this.plans.push(plan);
    if (this.startFailure) return Promise.reject(this.startFailure);
    const operation: Operation = {
      id: `op-${this.plans.length}`,
      ...plan,
      startedAt: 0,
      timeScale: 1,
      phase: 'sending',
      sendingStopped: false,
      watchingStopped: false,
      strategy: { kind: 'all' },
      maxFailures: 0,
      waves: [],
      machines: plan.machines.map((machine) => ({ machine, outcome: 'waiting' })),
      calls: [],
    };
    this.#operations.set(operation.id, operation);
    return Promise.resolve(operation);
  }

  /** Changes the operation and tells of it; `outcomes` go to its machines in order. */
  change(fields: Partial<Operation>, ...outcomes: readonly (Partial<MachineProgress> | undefined)[]): void {
    const id = `op-${this.plans.length}`;
    const before = this.#operations.get(id);
    if (!before) throw new Error('nothing was started');
    const machines = before.machines.map((machine, i) => ({ ...machine, ...outcomes[i] }));
    const operation = { ...before, machines, ...fields };
    this.#operations.set(id, operation);
    this.#changes.fire(operation);
  }

  get(id: string): Operation | undefined {
    return this.#operations.get(id);
  }

  list(): readonly Operation[] {
    return [...this.#operations.values()];
  }

  holderOf(
    _scope: unknown,
    { instanceId }: { readonly instanceId?: string | undefined },
  ): ReturnType<Operations['holderOf']> {
    return this.busy.some((id) => id === instanceId)
      ? { id: 'op-other', action: 'upgrade', profileName: 'other', heldForMs: 192_000 }
      : undefined;
  }
}

/** ECS where every instance runs and answers, unless a test says otherwise. */
export class HandInstances implements InstanceApi {
  readonly asked: string[] = [];
  /** What an instance is; null: ECS does not know it. */
  readonly known = new Map<string, Partial<Instance> | null>();
  readonly silent = new Set<string>();
  readonly failures = new Map<'instances' | 'assistant', BackupError>();
  /** Answers wait for it. */
  ready: Promise<unknown> = Promise.resolve();

  async *listInstances(
    _scope: Scope,
    { instanceIds = [...this.known.keys()], status }: { instanceIds?: readonly string[]; status?: string },
  ): AsyncGenerator<readonly Instance[], void, void> {
    this.asked.push(`instances ${instanceIds.join()}`);
    await this.ready;
    const failure = this.failures.get('instances');
    if (failure) throw failure;
    for (const instanceId of instanceIds) {
      const fields = this.known.get(instanceId);
      if (fields === null) continue;
      const one = { instanceId, status: 'Running', privateIps: [], publicIps: [], tags: [], ...fields };
      if (status === undefined || one.status === status) yield [one];
    }
  }

  async listCloudAssistantStatus(
    _scope: Scope,
    instanceIds: readonly string[],
  ): Promise<readonly CloudAssistantStatus[]> {
    this.asked.push(`assistant ${instanceIds.join()}`);
    await this.ready;
    const failure = this.failures.get('assistant');
    if (failure) throw failure;
    return instanceIds.map((instanceId) => ({ instanceId, running: !this.silent.has(instanceId) }));
  }
}
