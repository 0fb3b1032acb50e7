import { throwIfCancelled } from '../cancelled';
import { obstacleTo } from '../clients/capabilities';
import {
  confirmDetail,
  confirmMessage,
  nothingEligible,
  progressInWords,
  summaryInWords,
  type ChangeAction,
  type ChangeContext,
  type LeftOut,
} from './changeClientsTexts';
import { isOutdated, nameOf } from '../clients/clientFacts';
import type { ClientNode } from '../clients/clientTree';
import type { Disposable } from '../disposables';
import { BackupError, isCancelled, toBackupError } from '../errors';
import type { Choice, Notices, Questions } from '../interaction';
import type { Translate } from '../localize';
import type { Operations } from './operations';
import {
  countsOf,
  progressOf,
  type CallFailure,
  type Operation,
  type Plan,
  type PlannedMachine,
} from './operation';
import { plainText } from '../plainText';
import type { Clock } from '../ports';
import { versionsInWords, zoneInWords } from '../clients/rowText';
import type { Action } from '../schedules';
import { actionInWords, operationTitle } from '../words';

/** A client with its key in the list. */
export type KeyedClient = Pick<ClientNode, 'key' | 'client'>;

/** What this flow needs of the operations. */
export type OperationsPort = Pick<
  Operations,
  'start' | 'stopSending' | 'get' | 'covers' | 'nextCheckAt' | 'onDidChange'
>;

/** "Install Client…" and "Upgrade Client…": asks, starts, and tells how it went. */
export interface ChangeClients extends Disposable {
  /**
   * Asks once about all of `chosen` that allow the action, names the others, and follows what was started in one
   * notification. Resolves when that closes; never rejects for a failure that the user was told of.
   */
  run(action: ChangeAction, chosen: readonly KeyedClient[], context: ChangeContext): Promise<void>;
  /** Lets the user choose among all clients that allow the action, then does as `run`. */
  pickAndRun(action: ChangeAction, all: readonly KeyedClient[], context: ChangeContext): Promise<void>;
}

/** `showReport` opens the report of an operation; it is called from a button. */
export function createChangeClients(world: {
  readonly questions: Questions;
  readonly notices: Notices;
  readonly operations: OperationsPort;
  readonly clock: Clock;
  readonly t: Translate;
  readonly showReport: (operationId: string) => void;
}): ChangeClients {
  return new ChangeClientsFlow(world);
}

type World = Parameters<typeof createChangeClients>[0];

// Seconds are counted down in the notification.
const tickMs = 1000;

class ChangeClientsFlow implements ChangeClients {
  readonly #world: World;
  readonly #closing = new AbortController();

  constructor(world: World) {
    this.#world = world;
  }

  dispose(): void {
    this.#closing.abort();
  }

  async run(action: ChangeAction, chosen: readonly KeyedClient[], context: ChangeContext): Promise<void> {
    const { questions, notices, t } = this.#world;
    const { eligible, leftOut } = this.#sortOut(action, chosen, context);
    if (eligible.length === 0) {
      notices.warn(nothingEligible(action, leftOut, t));
      return;
    }
    const clients = eligible.map(({ client }) => client);
    const agree = actionInWords(action, t);
    const answer = await questions.confirm({
      message: confirmMessage(action, clients, context, t),
      detail: confirmDetail(action, clients, leftOut, context, t),
      actions: [agree],
    });
    if (answer !== agree) return;
    // A modal may stand for long: what was begun meanwhile is not begun again.
    const now = this.#sortOut(action, eligible, context);
    if (now.eligible.length === 0) {
      notices.warn(nothingEligible(action, now.leftOut, t));
      return;
    }
    await this.#start(planOf(action, now.eligible, context));
  }

  async pickAndRun(action: ChangeAction, all: readonly KeyedClient[], context: ChangeContext): Promise<void> {
    const { questions, notices, t } = this.#world;
    const { eligible, leftOut } = this.#sortOut(action, all, context);
    if (eligible.length === 0) {
      notices.warn(nothingEligible(action, leftOut, t));
      return;
    }
    const question =
      action === 'upgrade'
        ? { title: t('Upgrade Clients'), placeholder: t('Choose the clients to upgrade') }
        : { title: t('Install Clients'), placeholder: t('Choose the machines to install the client on') };
    const picked = await questions.many(
      question,
      eligible.map((keyed) => choiceOf(keyed, t)),
    );
    if (picked && picked.length > 0) await this.run(action, picked, context);
  }

  #sortOut(
    action: ChangeAction,
    chosen: readonly KeyedClient[],
    context: ChangeContext,
  ): { readonly eligible: readonly KeyedClient[]; readonly leftOut: readonly LeftOut[] } {
    const { operations } = this.#world;
    const eligible: KeyedClient[] = [];
    const leftOut: LeftOut[] = [];
    // A group and a client in it may be selected together; an install means the machine, whichever client stands there.
    const seen = new Set<string>();
    const machines = new Set<string>();
    for (const keyed of chosen) {
      const { key, client } = keyed;
      if (seen.has(key)) continue;
      seen.add(key);
      // The list may not show yet what one of our own operations has begun.
      const obstacle =
        obstacleTo(action, client) ?? (operations.covers(context.scope, client) ? 'busy' : undefined);
      if (obstacle) leftOut.push({ client, obstacle });
      else if (action !== 'install' || !machines.has(client.instanceId ?? key)) {
        machines.add(client.instanceId ?? key);
        eligible.push(keyed);
      }
    }
    return { eligible, leftOut };
  }

  async #start(plan: Plan): Promise<void> {
    const { operations, notices, t } = this.#world;
    let started: Operation;
    try {
      started = await operations.start(plan);
    } catch (error) {
      if (!isCancelled(error)) notices.failure(toBackupError(error));
      return;
    }
    const ended = await notices.progress(operationTitle(started, t), 'notification', (report, { signal }) =>
      this.#follow(started, report, signal),
    );
    if (ended) this.#summarise(ended);
  }

  /** The operation when it has ended; undefined when the user, or the end of this window, closed the notification. */
  async #follow(
    started: Operation,
    report: (message: string, percent?: number) => void,
    signal: AbortSignal,
  ): Promise<Operation | undefined> {
    const { operations, notices, clock, t } = this.#world;
    const { id } = started;
    const ended = new AbortController();
    const show = (operation: Operation): void =>
      report(progressInWords(operation, operations.nextCheckAt(id), clock.now(), t), progressOf(operation));
    const subscription = operations.onDidChange((operation) => {
      if (operation.id !== id) return;
      show(operation);
      if (operation.phase === 'ended') ended.abort();
    });
    const waiting = { signal: AbortSignal.any([signal, ended.signal, this.#closing.signal]) };
    try {
      for (;;) {
        const operation = operations.get(id) ?? started;
        if (operation.phase === 'ended') return operation;
        throwIfCancelled(waiting.signal);
        show(operation);
        await clock.sleep(tickMs, waiting);
      }
    } catch (error) {
      if (!isCancelled(error)) throw error;
      if (ended.signal.aborted) return operations.get(id);
      if (signal.aborted) {
        await operations.stopSending(id).catch((failure: unknown) => notices.failure(toBackupError(failure)));
      }
      return undefined;
    } finally {
      subscription.dispose();
    }
  }

  /** One notice about the end; none where the user stopped watching, who knows. */
  #summarise(operation: Operation): void {
    const { notices, showReport, t } = this.#world;
    if (operation.watchingStopped) return;
    const actions = [{ label: t('Show Report'), run: () => showReport(operation.id) }];
    const { total, done, notSent, refused } = countsOf(operation);
    const failure = operation.calls.find((call) => call.failure)?.failure;
    if (done === total) notices.info(summaryInWords(operation, t), actions);
    else if (failure && notSent + refused === total) {
      // No machine was reached: what stopped the call says more than counts do.
      notices.failure(errorOf(operation.action, failure), actions);
    } else notices.warn(summaryInWords(operation, t), actions);
  }
}

/** The recorded failure as the error it was. */
function errorOf(
  action: Action,
  { code, message, serviceCode, requestId, ambiguous }: CallFailure,
): BackupError {
  return new BackupError(code, message, {
    serviceCode,
    requestId,
    fate: ambiguous ? 'ambiguous' : undefined,
    ramAction: code === 'permission-denied' ? ramActions[action] : undefined,
  });
}

/** What RAM has to allow for the call of each action (documented). */
const ramActions: Readonly<Record<Action, string>> = {
  install: 'hbr:InstallBackupClients',
  upgrade: 'hbr:UpgradeBackupClients',
  uninstall: 'hbr:UninstallBackupClients',
};

function planOf(action: ChangeAction, eligible: readonly KeyedClient[], context: ChangeContext): Plan {
  const { scope, profileName, demo } = context;
  return { action, scope, profileName, demo, machines: eligible.map(plannedMachine) };
}

function plannedMachine({ key, client }: KeyedClient): PlannedMachine {
  return {
    key,
    name: nameOf(client),
    fromStatus: client.status,
    ...(client.instanceId ? { instanceId: client.instanceId } : {}),
    ...(client.clientId ? { clientId: client.clientId } : {}),
    ...(client.zoneId ? { zoneId: client.zoneId } : {}),
    ...(client.clientVersion ? { fromVersion: client.clientVersion } : {}),
    ...(client.maxClientVersion ? { targetVersion: client.maxClientVersion } : {}),
  };
}

function choiceOf(keyed: KeyedClient, t: Translate): Choice<KeyedClient> {
  const { client } = keyed;
  const facts = [
    versionsInWords(client, isOutdated(client)),
    zoneInWords(client.zoneId, t),
    // Names repeat in a fleet; ids do not.
    client.instanceId && plainText(client.instanceId),
  ];
  return { label: plainText(nameOf(client)), description: facts.filter(Boolean).join(' · '), value: keyed };
}
