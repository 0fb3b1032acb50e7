import { t } from '@vscode/l10n';
import type { Disposable } from '../../kernel/disposables';
import { isCancelled, toBackupError } from '../../service/errors';
import type { Notices, Questions } from '../../interaction/interaction';
import type { BackupClient, ClientSettingsChange } from '../../service/model';
import type { WaveDefaults } from '../changeClients';
import { startAndTell, type NoticeWorld } from '../changeClientsNotice';
import type { Operation, Plan } from '../../operations/operation';
import type { Operations } from '../../operations/operations';
import type { ChangeContext, KeyedClient } from '../plan';
import { factsOfMachine, shownName } from '../planTexts';
import { startPrecheck, type CheckFacts, type Precheck } from '../precheck';
import { guardedMachine, type ChangeGate, type GuardedMachine } from '../safety/safety';
import { askToAgree } from '../safety/safetyConfirm';
import { retryPlanOf } from '../../operations/retryPlan';
import type { BackupApi, InstanceApi } from '../../service/api';
import type { Clock } from '../../kernel/clock';
import type { Log } from '../../kernel/log';
import { regionName } from '../../service/regions';
import { nameOf } from '../../service/clientFacts';
import {
  namesIn,
  newAt,
  obstacleToSetting,
  obstacleToSettings,
  type SettingsObstacle,
} from '../../clients/settingFields';
import { askSettings } from './editSettingsQuestions';
import { nothingToChange, settingsDetail, settingsQuestion, type LeftAsIs } from './editSettingsTexts';
import { clientOf, readClients, type ClientReading } from '../../clients/readClients';
import { recordedSettingsOf, settingsBefore, type RecordedSettings } from '../../operations/recordedSettings';

/** "Edit Client Settings…": asks for values and begins an operation that sends them to each client. */
export interface EditSettings extends Disposable {
  /**
   * Asks once for all of `chosen`, and names those that are left out. Resolves when the operation was begun, or the user
   * backed out; never rejects for a failure that the user was told of.
   */
  run(chosen: readonly KeyedClient[], context: ChangeContext): Promise<void>;
  /** Lets the user choose among all clients that have settings, then does as `run`. */
  pickAndRun(all: readonly KeyedClient[], context: ChangeContext): Promise<void>;
  /**
   * Asks again for the clients of an operation on settings that did not get there, with its values filled in: a password
   * is not kept, and the values may have to be others now.
   */
  retryFailed(operation: Operation): Promise<void>;
}

/** What the flow acts on. */
export interface EditSettingsWorld extends NoticeWorld {
  readonly questions: Questions;
  readonly notices: Notices;
  readonly operations: Pick<Operations, 'start' | 'holderOf' | 'list'>;
  readonly api: Pick<BackupApi, 'listClients'>;
  /** Asked for tags, where they decide. */
  readonly instances: InstanceApi;
  readonly gate: ChangeGate;
  readonly waveDefaults: () => Pick<WaveDefaults, 'maxFailures'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of a password before anything is done with it, so that no log shows it. */
  readonly hide: (secret: string) => void;
}

/** A client whose settings are changed, with its key in the list. */
interface SettingsTarget extends KeyedClient {
  readonly instanceId: string | undefined;
  readonly clientId: string;
}

/** What an operation tried before. */
interface Before {
  readonly retryOf: string;
  readonly settings: RecordedSettings;
}

// Tags that take longer count as not read.
const tagsLimitMs = 15_000;

export function createEditSettings(world: EditSettingsWorld): EditSettings {
  const { questions, notices } = world;
  const closing = new AbortController();

  const settled = async (tags: Precheck): Promise<CheckFacts> => {
    if (tags.running) {
      await notices.progress(t('Reading tags'), 'view', () =>
        tags.settled(tagsLimitMs, { signal: closing.signal }),
      );
    }
    return tags.facts;
  };

  const obstacleNow =
    ({ scope }: ChangeContext) =>
    (client: BackupClient): SettingsObstacle | undefined =>
      obstacleToSettings(client) ?? (world.operations.holderOf(scope, client) ? 'in-operation' : undefined);

  const run = async (
    chosen: readonly KeyedClient[],
    context: ChangeContext,
    before?: Before,
  ): Promise<void> => {
    if (context.scope.crossAccount) {
      // The operation takes no other account (documented).
      notices.warn(t('Settings can only be changed in the account that the machines belong to.'));
      return;
    }
    const first = sortOut(chosen, obstacleNow(context));
    if (first.targets.length === 0) {
      notices.warn(nothingToChange(first.leftAsIs));
      return;
    }
    const instanceIds = first.targets.flatMap(({ instanceId }) => instanceId ?? []);
    const tags = startPrecheck(world, context.scope, world.gate.needsTags ? instanceIds : [], [
      'ecs:DescribeInstances',
    ]);
    try {
      await askAndStart(first, tags, context, before);
    } catch (error) {
      if (!isCancelled(error)) throw error;
    } finally {
      tags.dispose();
    }
  };

  const askAndStart = async (
    first: ReturnType<typeof sortOut>,
    tags: Precheck,
    context: ChangeContext,
    before: Before | undefined,
  ): Promise<void> => {
    // Nobody answers questions for nothing: what is refused anyway is refused now.
    const verdict = await world.gate.check('hbr:UpdateClientSettings', guardedOf(first.targets, tags.facts));
    if (verdict.decision === 'refused') {
      notices.warn(verdict.message);
      return;
    }
    const change = await askSettings(world, clientsOf(first.targets), before?.settings);
    if (!change || namesIn(change).length === 0) return;
    if (change.proxyPassword !== undefined) world.hide(change.proxyPassword);
    const fit = sortOut(first.targets, (client) => obstacleToChange(change, client));
    const { targets } = fit;
    const leftAsIs = [...first.leftAsIs, ...fit.leftAsIs];
    if (targets.length === 0) {
      notices.warn(nothingToChange(leftAsIs));
      return;
    }
    const clients = clientsOf(targets);
    const agreed = await askToAgree(world, {
      call: 'hbr:UpdateClientSettings',
      machines: guardedOf(targets, await settled(tags)),
      message: settingsQuestion(clients, context),
      detail: (reasons) => settingsDetail({ clients, change, leftAsIs, context }, reasons),
      agree: t('Change Settings'),
      typePrompt: t('Type {0} to change the settings of as many clients.', clients.length),
    });
    if (!agreed) return;
    const plan = planTo(change, targets, context, world.waveDefaults().maxFailures, before);
    await startAndTell(world, plan, change);
  };

  const retryFailed = async (operation: Operation): Promise<void> => {
    const plan = retryPlanOf(operation, world.operations.list());
    if (!plan?.settings) {
      notices.warn(t('This operation has nothing left to try again.'));
      return;
    }
    const { scope, profileName, demo, machines, settings } = plan;
    let reading: ClientReading;
    try {
      reading = await notices.progress(t('Reading clients'), 'view', () =>
        readClients(world.api, scope, machines, { signal: closing.signal }),
      );
    } catch (error) {
      if (!isCancelled(error)) notices.failure(toBackupError(error));
      return;
    }
    const listed = machines.flatMap((machine) => {
      const client = clientOf(machine, reading.clients);
      return client ? [{ key: machine.key, client }] : [];
    });
    const context = { scope, profileName, demo, regionName: regionName(scope.regionId) };
    await run(listed, context, { retryOf: operation.id, settings });
  };

  return {
    run: (chosen, context) => run(chosen, context),
    retryFailed,
    async pickAndRun(all, context) {
      const { targets, leftAsIs } = sortOut(all, obstacleNow(context));
      if (targets.length === 0) {
        notices.warn(nothingToChange(leftAsIs));
        return;
      }
      const picked = await questions.many(
        { title: t('Edit Client Settings'), placeholder: t('Choose the clients whose settings to change') },
        targets.map((value) => ({
          label: shownName(value.client),
          description: factsOfMachine(value.client),
          value,
        })),
      );
      if (picked && picked.length > 0) await run(picked, context);
    },
    dispose: () => closing.abort(),
  };
}

/** Each client once: a group and a client in it may be selected together. */
function sortOut(
  chosen: readonly KeyedClient[],
  obstacleOf: (client: BackupClient) => SettingsObstacle | undefined,
): { readonly targets: readonly SettingsTarget[]; readonly leftAsIs: readonly LeftAsIs[] } {
  const targets: SettingsTarget[] = [];
  const leftAsIs: LeftAsIs[] = [];
  for (const { key, client } of new Map(chosen.map((keyed) => [keyed.key, keyed])).values()) {
    const { clientId, instanceId } = client;
    const obstacle = clientId ? obstacleOf(client) : 'not-installed';
    if (obstacle) leftAsIs.push({ client, obstacle });
    else if (clientId) targets.push({ key, client, clientId, instanceId });
  }
  return { targets, leftAsIs };
}

/** A client takes all of a change or none: half of it is not what was agreed to. */
function obstacleToChange(change: ClientSettingsChange, client: BackupClient): SettingsObstacle | undefined {
  for (const name of namesIn(change)) {
    const obstacle = obstacleToSetting(name, client);
    if (obstacle) return obstacle;
  }
  return newAt(client, change).length === 0 ? 'unchanged' : undefined;
}

function clientsOf(targets: readonly SettingsTarget[]): readonly BackupClient[] {
  return targets.map(({ client }) => client);
}

function guardedOf(
  targets: readonly SettingsTarget[],
  facts: Pick<CheckFacts, 'instances'>,
): readonly GuardedMachine[] {
  return targets.map(({ client }) => guardedMachine(client, facts));
}

/** The plan of a change for targets that all take it. */
function planTo(
  change: ClientSettingsChange,
  targets: readonly SettingsTarget[],
  { scope, profileName, demo }: ChangeContext,
  maxFailures: number,
  before: Before | undefined,
): Plan {
  const settings = recordedSettingsOf(change);
  return {
    ...{ action: 'settings', settings, scope, profileName, demo },
    machines: targets.map(({ key, client, clientId, instanceId }) => ({
      key,
      namedBy: 'client',
      name: nameOf(client),
      clientId,
      fromStatus: client.status,
      fromSettings: settingsBefore(client, settings),
      ...(instanceId && { instanceId }),
      ...(client.zoneId && { zoneId: client.zoneId }),
      ...(client.clientVersion && { fromVersion: client.clientVersion }),
    })),
    ...(maxFailures > 0 && { maxFailures }),
    ...(before && { retryOf: before.retryOf }),
  };
}
