// Suite `change`: plan, pick, confirm, and start of a change of 5,000 clients. The service answers at once, so what's
// measured is the time that the extension takes itself, and how long it keeps the extension host from anything else.
import { createChangeClients } from '../../src/core/change/changeClients';
import { reachOf } from '../../src/core/clients/reach';
import type { LiveQuestion, LiveRows, TypedQuestion } from '../../src/core/interaction/interaction';
import { LivePick } from '../../src/core/interaction/livePick';
import type { InstanceApi } from '../../src/core/service/api';
import type { BackupClient } from '../../src/core/service/model';
import type { ProtectionApi, Rows } from '../../src/core/service/protection';
import { systemClock } from '../../src/vscode/systemClock';
import { aNamedClient } from '../support/builders';
import { keyed, label, openGate } from '../support/draftBuilders';
import { FakeNotices, FakeUser } from '../support/fakeUser';
import { createMemoryDisk } from '../support/memoryRecords';
import { aPlan as aRecordedPlan, openWindow } from '../support/operationBuilders';
import { aJob, aPlan } from '../support/protectionBuilders';
import { printFigure } from './figure';

const machines = 5000;
const pageSize = 99;

/** Outdated, in five zones, and backed up: the confirmation of an uninstall names 5,000 plans. */
const clients: readonly BackupClient[] = Array.from({ length: machines }, (_, n) =>
  aNamedClient(`web-${n}`, {
    clientVersion: '2.4.1',
    maxClientVersion: '2.4.5',
    backupStatus: 'PROTECTED',
    zoneId: `cn-hangzhou-${'fghij'.charAt(n % 5)}`,
  }),
);
const numbers = new Map(clients.map(({ instanceId = '' }, n) => [instanceId, n]));

/** A plan for each machine, and a backup that's running on every twentieth. */
const protection: ProtectionApi = {
  listJobs: (_scope, { kind, edition, instanceIds = [] }) =>
    rows(
      kind === 'backup' && edition === 'STANDARD'
        ? instanceIds.filter((id) => (numbers.get(id) ?? 1) % 20 === 0)
        : [],
      (instanceId) => aJob({ jobId: `job ${instanceId}`, instanceId, clientId: clientOf(instanceId) }),
    ),
  listPlans: (_scope, { edition, instanceIds = [] }) =>
    rows(edition === 'STANDARD' ? instanceIds : [], (instanceId) =>
      aPlan({ planId: `plan ${instanceId}`, instanceId, clientId: clientOf(instanceId) }),
    ),
  listPolicies: () => rows([], (policyId) => ({ policyId, schedules: [] })),
  listPolicyBindings: () => rows([], () => ({ policyId: '', instanceId: '', disabled: false })),
  listEssentialInstances: () => rows([], String),
};

async function* rows<T>(ids: readonly string[], make: (id: string) => T): Rows<T> {
  for (let at = 0; at < ids.length; at += pageSize) {
    await breath();
    yield ids.slice(at, at + pageSize).map(make);
  }
  return { complete: true };
}

const instances: InstanceApi = {
  async *listInstances(_scope, { instanceIds = [] }) {
    for (let at = 0; at < instanceIds.length; at += 100) {
      await breath();
      yield instanceIds
        .slice(at, at + 100)
        .map((instanceId) => ({ instanceId, status: 'Running', privateIps: [], publicIps: [], tags: [] }));
    }
  },
  async listCloudAssistantStatus(_scope, instanceIds) {
    await breath();
    return instanceIds.map((instanceId) => ({ instanceId, running: true }));
  },
};

function clientOf(instanceId: string): string {
  return clients[numbers.get(instanceId) ?? 0]?.clientId ?? '';
}

/** Another turn of the event loop, as each answer of the network and of the user is. */
async function breath(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** CPU time of this process: what else runs on the machine doesn't make a task longer. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Times the steps of a change, each from the end of the one before it, and the longest task in each. */
class Steps {
  readonly #action: string;
  #since = performance.now();
  #turn = cpuMs();
  #longest = 0;
  #ended = false;

  constructor(action: string) {
    this.#action = action;
    const turn = (): void => {
      this.#look();
      if (!this.#ended) setImmediate(turn);
    };
    turn();
  }

  /** Ends a step. The next one begins at the next call of `begin`. */
  end(step: string): void {
    this.#look();
    const what = `${this.#action} of ${machines.toLocaleString('en-US')} clients: ${step}`;
    const better = 'lower';
    printFigure({
      ...{ goal: 'plan, pick, confirm, and start', what, unit: 'ms', limit: 1000, better },
      value: performance.now() - this.#since,
    });
    printFigure({
      ...{ goal: 'longest task', what, unit: 'ms CPU', limit: 100, better, value: this.#longest },
    });
  }

  begin(): void {
    this.#since = performance.now();
    this.#turn = cpuMs();
    this.#longest = 0;
  }

  dispose(): void {
    this.#ended = true;
  }

  #look(): void {
    const now = cpuMs();
    this.#longest = Math.max(this.#longest, now - this.#turn);
    this.#turn = now;
  }
}

/** Takes what is offered. A pick is drawn as VS Code gets it, again with each answer of the pre-check, and typed into. */
class BenchUser extends FakeUser {
  readonly #steps: Steps;

  constructor(steps: Steps) {
    super();
    this.#steps = steps;
  }

  override async manyLive<T>(question: LiveQuestion<T>, live: LiveRows<T>): Promise<readonly T[]> {
    this.#steps.end('plan');
    this.#steps.begin();
    const pick = new LivePick(question, live);
    let drawn = pick.draw('');
    const following = live.onDidChange(() => {
      drawn = pick.draw('');
    });
    this.#steps.end('pick opens');
    this.#steps.begin();
    while (live.running()) await breath();
    this.#steps.end('checks while the pick is open');
    this.#steps.begin();
    for (const text of ['w', 'we', 'web-49', 'web-4999']) {
      await breath();
      if (pick.type(text) === 'draw') drawn = pick.draw(text);
    }
    this.#steps.end('typing 4 times in the pick');
    following.dispose();
    printFigure({
      ...{ goal: 'picks filter', what: 'rows that VS Code gets', value: drawn.length, unit: 'rows' },
      ...{ limit: 1000, better: 'lower' },
    });
    const answer = pick.values();
    await this.#thinks();
    return answer;
  }

  override async confirm({ actions }: { readonly actions: readonly string[] }): Promise<string | undefined> {
    this.#steps.end('confirmation opens');
    await this.#thinks();
    return actions[0];
  }

  override async confirmTyped({ actions, facts }: TypedQuestion): Promise<string | undefined> {
    this.#steps.end('confirmation opens');
    printFigure({
      ...{ goal: 'picks filter', what: 'facts in the box', value: facts.length, unit: 'rows' },
      ...{ limit: 1000, better: 'lower' },
    });
    await this.#thinks();
    return actions[0];
  }

  async #thinks(): Promise<void> {
    await breath();
    this.#steps.begin();
  }
}

async function measure(action: 'upgrade' | 'uninstall'): Promise<void> {
  const steps = new Steps(action);
  const never = (): Promise<never> => new Promise(() => undefined);
  const service = {
    ...protection,
    listClients: () => rows([], () => ({})) as never,
    installClients: never,
    upgradeClients: never,
    uninstallClients: never,
    updateClientSettings: never,
    getTask: never,
    timeScale: () => 1,
    clockOffsetMs: () => 0,
  };
  const { operations, log } = openWindow(service, systemClock, createMemoryDisk().window());
  // Others that are running: it's asked of each client whether one of them has it.
  for (let n = 0; n < 50; n++) {
    const others = Array.from({ length: 20 }, (_, i) => aNamedClient(`other-${n}-${i}`));
    await operations.start(aRecordedPlan('upgrade', others));
  }
  const changes = createChangeClients({
    questions: new BenchUser(steps),
    notices: new FakeNotices(),
    operations: {
      holdersIn: (scope) => operations.holdersIn(scope),
      start: async (...plan) => {
        steps.end('last look');
        await breath();
        steps.begin();
        const operation = await operations.start(...plan);
        steps.end('start');
        return operation;
      },
    },
    api: service,
    instances,
    protection,
    serviceNow: () => Date.now(),
    clock: systemClock,
    log,
    gate: openGate,
    reachIn: () => reachOf(clients, true),
    rolloutDefaults: () => ({
      order: { kind: 'batches', size: 500 },
      maxFailures: 0,
      batchSize: 20,
      holdLimitMs: 7_200_000,
    }),
    showDocument: () => undefined,
    showReport: () => undefined,
    stopRollout: () => undefined,
  });
  const nodes = keyed(clients);
  await breath();
  steps.begin();
  await changes.run({ action, label, clients: nodes, review: 'offered' });
  steps.dispose();
  changes.dispose();
  operations.dispose();
}

async function main(): Promise<void> {
  await measure('upgrade');
  await measure('uninstall');
  process.exit(0);
}

void main();
