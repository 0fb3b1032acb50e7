import { t } from '@vscode/l10n';
import { markLeftovers } from '../operations/leftovers';
import { joinReach, reachOf, type Reach } from '../clients/reach';
import { clientOf, readByIds, readClients, type ClientReading } from '../clients/readClients';
import type { BackupClient } from '../service/model';
import type { Disposable } from '../kernel/disposables';
import { isCancelled, toBackupError } from '../service/errors';
import type { Notices, Questions } from '../interaction/interaction';
import type { BackupApi, InstanceApi } from '../service/api';
import type { Clock } from '../kernel/clock';
import type { Log } from '../kernel/log';
import { regionName } from '../service/regions';
import type { Action } from '../service/actions';
import type { Scope } from '../service/scope';
import { actionInWords } from '../service/words';
import { startAndTell, type NoticeWorld } from './changeClientsNotice';
import { askAction, askStrategy, reviewPlan } from './changeClientsReview';
import { taskActionOf, type Operation, type PlannedMachine } from '../operations/operation';
import type { Operations } from '../operations/operations';
import { changeCalls } from '../service/actions';
import {
  operationPlanOf,
  planOf,
  type ChangeContext,
  type ChangePlan,
  type KeyedClient,
  type LeftOut,
  type PlanFacts,
  type WaveChoice,
} from './plan';
import { planDocumentOf, type PlanDocument } from './planDocument';
import { confirmDetail, confirmMessage, nothingEligible, typeCountPrompt } from './planTexts';
import { startPrecheck, type Precheck } from './precheck';
import { retryPlanOf } from '../operations/retryPlan';
import type { ChangeGate } from './safety/safety';
import { askToAgree } from './safety/safetyConfirm';

/** What the user wants to change. */
export interface ChangeRequest {
  readonly action: Action;
  readonly context: ChangeContext;
  readonly machines: readonly KeyedClient[];
  /**
   * `chosen`: the user selected these; they are shown ticked when they are several or some cannot be changed. `all`:
   * nobody chose yet, so nothing is ticked. `reviewed`: they were ticked in a pick already.
   */
  readonly review: 'chosen' | 'all' | 'reviewed';
  /** What was kept back before, with reasons. */
  readonly leftOut?: readonly LeftOut[];
  /** Which clients share an instance, where that was just read; else the list tells. */
  readonly reach?: Reach;
  /** The order that is offered first; by default that of the settings. */
  readonly waves?: WaveChoice;
  /** Id of the operation whose failed machines are tried again. */
  readonly retryOf?: string;
}

/** Install, upgrade and uninstall: plans, asks, starts, and tells how it went. */
export interface ChangeClients extends Disposable {
  /**
   * Shows the plan, asks once, and says in one notification what was started. Resolves then; never rejects for a
   * failure that the user was told of.
   */
  run(request: ChangeRequest): Promise<void>;
  /** Asks which action is meant, shows its plan as a document and changes nothing. */
  preview(request: Pick<ChangeRequest, 'context' | 'machines'>): Promise<void>;
  /** Asks about the machines of an operation that did not get there, and does it again for them only. */
  retryFailed(operation: Operation): Promise<void>;
}

/** How machines are sent unless the user chooses otherwise. */
export interface WaveDefaults extends WaveChoice {
  /** Machines of a batch, whatever the default order is. */
  readonly batchSize: number;
}

/** What the flow acts on. */
export interface ChangeClientsWorld extends NoticeWorld {
  readonly questions: Questions;
  readonly notices: Notices;
  readonly operations: NoticeWorld['operations'] & Pick<Operations, 'holderOf' | 'list'>;
  readonly api: Pick<BackupApi, 'listClients'>;
  readonly instances: InstanceApi;
  /** What the list of a scope, as far as it is in view, tells of clients that share an instance. */
  readonly reachIn: (scope: Scope) => Reach;
  readonly gate: ChangeGate;
  readonly waveDefaults: () => WaveDefaults;
  readonly clock: Clock;
  readonly showDocument: (document: PlanDocument) => Promise<void> | void;
  readonly log: Log;
}

// A pre-check that takes longer ends as "not checked": the service has the last word anyway.
const checkLimitMs = 15_000;

export function createChangeClients(world: ChangeClientsWorld): ChangeClients {
  const closing = new AbortController();

  const reachNow = ({ reach, context }: ChangeRequest): Reach => {
    const listed = world.reachIn(context.scope);
    return reach ? joinReach(listed, reach) : listed;
  };

  /** Where the list is not whole, the clients on the chosen instances are read by id: an instance id reaches them all. */
  const withReach = async (
    request: ChangeRequest,
    chosen: readonly KeyedClient[],
  ): Promise<ChangeRequest> => {
    if (reachNow(request).whole) return request;
    const { scope } = request.context;
    const instanceIds = chosen.flatMap(({ client }) => client.instanceId ?? []);
    try {
      const { clients, changedWhileReading } = await world.notices.progress(
        t('Reading clients'),
        'view',
        () => readByIds(world.api, scope, { instanceIds, clientIds: [] }, { signal: closing.signal }),
      );
      return { ...request, reach: reachOf(clients, !changedWhileReading) };
    } catch (error) {
      if (isCancelled(error)) throw error;
      world.log.write('warn', 'other clients on the instances could not be read', error);
      return request;
    }
  };

  const planNow = (request: ChangeRequest, machines: readonly KeyedClient[], more: Partial<PlanFacts> = {}) =>
    planOf(request.action, request.context, meantBy(request, machines), {
      reach: reachNow(request),
      holderOf: (client) => world.operations.holderOf(request.context.scope, client),
      ...(request.leftOut && { leftOut: request.leftOut }),
      ...(request.retryOf !== undefined && { retryOf: request.retryOf }),
      ...more,
    });

  const warnIfNothing = (plan: ChangePlan): boolean => {
    if (plan.eligible.length > 0) return false;
    world.notices.warn(nothingEligible(plan.action, plan.leftOut));
    return true;
  };

  const refused = async ({ action, eligible, guarded }: ChangePlan): Promise<boolean> => {
    if (eligible.length === 0) return false;
    const verdict = await world.gate.check(changeCalls[action], guarded);
    if (verdict.decision === 'refused') world.notices.warn(verdict.message);
    return verdict.decision === 'refused';
  };

  const checkOf = ({ context }: ChangeRequest, { eligible }: ChangePlan): Precheck =>
    startPrecheck(
      world,
      context.scope,
      eligible.flatMap(({ client }) => client.instanceId ?? []),
    );

  /** Waits for what the pre-check still has to tell; shown at the tree, since it is short as a rule. */
  const settle = async (precheck: Precheck): Promise<void> => {
    if (!precheck.running) return;
    await world.notices.progress(t('Checking instances'), 'view', () =>
      precheck.settled(checkLimitMs, { signal: closing.signal }),
    );
  };

  async function run(request: ChangeRequest): Promise<void> {
    const first = planNow(request, request.machines);
    if (await refused(first)) return;
    if (warnIfNothing(first)) return;
    const precheck = checkOf(request, first);
    try {
      const chosen = await choose(request, first, precheck);
      if (!chosen || chosen.length === 0) return;
      await settle(precheck);
      await agreeAndStart(request, chosen, precheck);
    } catch (error) {
      if (!isCancelled(error)) throw error;
    } finally {
      precheck.dispose();
    }
  }

  async function choose(
    request: ChangeRequest,
    first: ChangePlan,
    precheck: Precheck,
  ): Promise<readonly KeyedClient[] | undefined> {
    const { review } = request;
    const single = first.eligible.length === 1 && first.leftOut.length === 0;
    if (review === 'reviewed' || (review === 'chosen' && single)) return first.eligible;
    return reviewPlan(world, precheck, () => planNow(request, request.machines, { checks: precheck.facts }), {
      ticked: review === 'chosen',
      preview: (ticked) => {
        const { eligible, leftOut } = planNow(request, request.machines, { checks: precheck.facts });
        void showPlan({ ...request, leftOut }, ticked.length > 0 ? ticked : eligible, precheck);
      },
    });
  }

  async function agreeAndStart(
    request: ChangeRequest,
    chosen: readonly KeyedClient[],
    precheck: Precheck,
  ): Promise<void> {
    const {} = world;
    const checks = precheck.facts;
    // What the user did not tick is no news; what the pre-check found out since is.
    const reviewed = {
      ...(await withReach(request, chosen)),
      leftOut: request.review === 'reviewed' ? (request.leftOut ?? []) : [],
    };
    const checked = planNow(reviewed, chosen, { checks });
    if (warnIfNothing(checked)) return;
    const defaults = world.waveDefaults();
    const waves = await askStrategy(world, checked.eligible, request.waves ?? defaults, defaults.batchSize);
    if (!waves) return;
    const plan = planNow(reviewed, chosen, { checks, waves });
    if (warnIfNothing(plan)) return;
    const agreed = await askToAgree(world, {
      call: changeCalls[plan.action],
      machines: plan.guarded,
      message: confirmMessage(plan),
      detail: (reasons) => confirmDetail(plan, reasons),
      agree: actionInWords(plan.action),
      typePrompt: typeCountPrompt(plan),
    });
    if (!agreed) return;
    // A modal may stand for long: what was begun meanwhile is not begun again.
    const now = planNow(reviewed, plan.eligible, { checks, waves });
    if (warnIfNothing(now)) return;
    await startAndTell(world, operationPlanOf(now));
  }

  async function showPlan(
    request: ChangeRequest,
    machines: readonly KeyedClient[],
    precheck: Precheck,
  ): Promise<void> {
    await settle(precheck);
    const waves = request.waves ?? world.waveDefaults();
    const plan = planNow(await withReach(request, machines), machines, { checks: precheck.facts, waves });
    const verdict = await world.gate.check(changeCalls[plan.action], plan.guarded);
    await world.showDocument(planDocumentOf(plan, verdict, world.clock.now()));
  }

  async function retryFailed(operation: Operation): Promise<void> {
    const { api, operations, notices } = world;
    const plan = retryPlanOf(operation, operations.list());
    if (!plan) {
      notices.warn(t('This operation has nothing left to try again.'));
      return;
    }
    const { scope, profileName, demo, strategy = { kind: 'all' }, maxFailures = 0 } = plan;
    let reading: ClientReading;
    try {
      // What they are now decides, also how much care they need; the records tell what they were.
      reading = await notices.progress(t('Reading clients'), 'view', () =>
        readClients(api, scope, plan.machines, { signal: closing.signal }),
      );
    } catch (error) {
      if (!isCancelled(error)) notices.failure(toBackupError(error));
      return;
    }
    const clients = markLeftovers(operations.list(), scope, reading.clients);
    await run({
      action: taskActionOf(operation),
      context: { scope, profileName, demo, regionName: regionName(scope.regionId) },
      machines: plan.machines.map((machine) => ({
        key: machine.key,
        client: clientOf(machine, clients) ?? unlisted(machine, scope),
      })),
      // Read by instance come all clients of it.
      reach: reachOf(reading.clients, !reading.changedWhileReading),
      review: 'chosen',
      waves: { strategy, maxFailures },
      retryOf: operation.id,
    });
  }

  return {
    run,
    async preview({ context, machines }) {
      const action = await askAction(world);
      if (!action) return;
      const request: ChangeRequest = { action, context, machines, review: 'chosen' };
      const precheck = checkOf(request, planNow(request, request.machines));
      try {
        await showPlan(request, request.machines, precheck);
      } finally {
        precheck.dispose();
      }
    },
    retryFailed,
    dispose: () => closing.abort(),
  };
}

/** An install means an instance: with one client of it all others that were chosen there. */
function meantBy(
  { action, machines }: ChangeRequest,
  chosen: readonly KeyedClient[],
): readonly KeyedClient[] {
  if (action !== 'install') return chosen;
  const instances = new Set(chosen.map(({ client: { instanceId } }) => instanceId));
  const also = machines.filter(({ client: { instanceId } }) => instanceId && instances.has(instanceId));
  return [...chosen, ...also];
}

/** A machine of which the service lists no client: nothing is installed there. */
function unlisted({ instanceId, name, zoneId }: PlannedMachine, { clientType }: Scope): BackupClient {
  return {
    clientType,
    status: 'NOT_INSTALLED',
    instanceName: name,
    tags: [],
    ...(instanceId && { instanceId }),
    ...(zoneId && { zoneId }),
  };
}
