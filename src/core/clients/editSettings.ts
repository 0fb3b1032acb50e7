import type { Disposable } from '../disposables';
import { BackupError, isCancelled } from '../errors';
import type { Notices, Questions } from '../interaction';
import type { Translate } from '../localize';
import type { BackupClient, ClientSettingsChange } from '../model';
import type { ChangeContext, KeyedClient } from '../operations/plan';
import { factsOfMachine, shownName } from '../operations/planTexts';
import { startPrecheck, type CheckFacts, type Precheck } from '../operations/precheck';
import { guardedMachine, type ChangeGate, type GuardedMachine } from '../operations/safety';
import { askToAgree } from '../operations/safetyConfirm';
import type { BackupApi, ClientSettingsApi, Clock, InstanceApi, Log } from '../ports';
import {
  namesIn,
  newAt,
  obstacleToSetting,
  obstacleToSettings,
  type SettingsObstacle,
} from './editSettingsFields';
import { askSettings } from './editSettingsQuestions';
import { sendSettings, settleSettings, type SettingsResult, type SettingsTarget } from './editSettingsSend';
import {
  nothingToChange,
  settingsDetail,
  settingsQuestion,
  settingsSummary,
  settingsTitle,
  type LeftAsIs,
} from './editSettingsTexts';
import type { ClientReading } from './readClients';

/** "Edit Client Settings…": asks for values, sends them to each client, and tells how it went. */
export interface EditSettings extends Disposable {
  /**
   * Asks once for all of `chosen`, names those that are left out, and ends in one notice. Resolves when all is told;
   * never rejects for a failure that the user was told of.
   */
  run(chosen: readonly KeyedClient[], context: ChangeContext): Promise<void>;
  /** Lets the user choose among all clients that have settings, then does as `run`. */
  pickAndRun(all: readonly KeyedClient[], context: ChangeContext): Promise<void>;
}

/** What the flow acts on. */
export interface EditSettingsWorld {
  readonly questions: Questions;
  readonly notices: Notices;
  readonly api: ClientSettingsApi & Pick<BackupApi, 'listClients'>;
  /** Asked for tags, where they decide. */
  readonly instances: InstanceApi;
  readonly gate: ChangeGate;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of a password before anything is done with it, so that no log shows it. */
  readonly hide: (secret: string) => void;
  /** Takes the rows as they are after the change. */
  readonly takeRows: (reading: ClientReading) => void;
  readonly showLog: () => void;
  readonly t: Translate;
}

// Tags that take longer count as not read.
const tagsLimitMs = 15_000;

export function createEditSettings(world: EditSettingsWorld): EditSettings {
  const { questions, notices, t } = world;
  const closing = new AbortController();

  const settled = async (tags: Precheck): Promise<CheckFacts> => {
    if (tags.running) {
      await notices.progress(t('Reading tags'), 'view', () =>
        tags.settled(tagsLimitMs, { signal: closing.signal }),
      );
    }
    return tags.facts;
  };

  const run = async (chosen: readonly KeyedClient[], context: ChangeContext): Promise<void> => {
    if (context.scope.crossAccount) {
      // The operation takes no other account (documented).
      notices.warn(t('Settings can only be changed in the account that the machines belong to.'));
      return;
    }
    const first = sortOut(chosen, obstacleToSettings);
    if (first.targets.length === 0) {
      notices.warn(nothingToChange(first.leftAsIs, t));
      return;
    }
    const instanceIds = first.targets.flatMap(({ instanceId }) => instanceId ?? []);
    const tags = startPrecheck(world, context.scope, world.gate.needsTags ? instanceIds : [], [
      'ecs:DescribeInstances',
    ]);
    try {
      await askAndSend(first, tags, context);
    } catch (error) {
      if (!isCancelled(error)) throw error;
    } finally {
      tags.dispose();
    }
  };

  const askAndSend = async (
    first: ReturnType<typeof sortOut>,
    tags: Precheck,
    context: ChangeContext,
  ): Promise<void> => {
    // Nobody answers questions for nothing: what is refused anyway is refused now.
    const verdict = await world.gate.check('hbr:UpdateClientSettings', guardedOf(first.targets, tags.facts));
    if (verdict.decision === 'refused') {
      notices.warn(verdict.message);
      return;
    }
    const change = await askSettings(world, clientsOf(first.targets));
    if (!change || namesIn(change).length === 0) return;
    if (change.proxyPassword !== undefined) world.hide(change.proxyPassword);
    const fit = sortOut(first.targets, (client) => obstacleToChange(change, client));
    const { targets } = fit;
    const leftAsIs = [...first.leftAsIs, ...fit.leftAsIs];
    if (targets.length === 0) {
      notices.warn(nothingToChange(leftAsIs, t));
      return;
    }
    const clients = clientsOf(targets);
    const agreed = await askToAgree(world, {
      call: 'hbr:UpdateClientSettings',
      machines: guardedOf(targets, await settled(tags)),
      message: settingsQuestion(clients, context, t),
      detail: (reasons) => settingsDetail({ clients, change, leftAsIs, context }, reasons, t),
      agree: t('Change Settings'),
      typePrompt: t('Type {0} to change the settings of as many clients.', clients.length),
    });
    if (agreed) summarise(await send(targets, change, context));
  };

  const send = async (
    targets: readonly SettingsTarget[],
    change: ClientSettingsChange,
    { scope }: ChangeContext,
  ): Promise<readonly SettingsResult[]> => {
    const waiting = { signal: closing.signal };
    return await notices.progress(
      settingsTitle(clientsOf(targets), t),
      'notification',
      async (report, { signal }) => {
        let done = 0;
        const tell = (): void =>
          report(t('{0} of {1} done', done, targets.length), (100 * done) / targets.length);
        const onResult = (): void => {
          done++;
          tell();
        };
        tell();
        const results = await sendSettings(world, scope, targets, change, onResult, signal, waiting);
        const settled = await settleSettings(world, scope, results, change, waiting);
        if (settled.reading) world.takeRows(settled.reading);
        else if (settled.failure !== undefined && !isCancelled(settled.failure)) {
          world.log.write('warn', 'clients could not be read after their settings changed', settled.failure);
        }
        return settled.results;
      },
    );
  };

  const summarise = (results: readonly SettingsResult[]): void => {
    if (closing.signal.aborted) return;
    const unwell = results.flatMap(({ target, outcome }) =>
      outcome.kind === 'failed' || outcome.kind === 'unknown' ? [{ target, outcome }] : [],
    );
    for (const { target, outcome } of unwell) {
      world.log.write('warn', `settings not changed, ${outcome.kind}: ${target.clientId}`, outcome.failure);
    }
    const changed = results.filter(({ outcome }) => outcome.kind === 'changed').length;
    const summary = settingsSummary(results, t);
    const cause = commonCause(unwell.map(({ outcome }) => outcome));
    if (changed === results.length) notices.info(summary);
    // What stopped all of them says more than counts do, has a remedy, and a RequestId to copy.
    else if (cause && changed === 0) notices.failure(cause);
    else notices.warn(summary, [{ label: t('Show Log'), run: world.showLog }]);
  };

  return {
    run,
    async pickAndRun(all, context) {
      const { targets, leftAsIs } = sortOut(all, obstacleToSettings);
      if (targets.length === 0) {
        notices.warn(nothingToChange(leftAsIs, t));
        return;
      }
      const picked = await questions.many(
        { title: t('Edit Client Settings'), placeholder: t('Choose the clients whose settings to change') },
        targets.map((value) => ({
          label: shownName(value.client),
          description: factsOfMachine(value.client, t),
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

/** The failure that all outcomes share; undefined when there is none, or more than one kind. */
function commonCause(
  outcomes: readonly { readonly kind: 'failed' | 'unknown'; readonly failure: BackupError }[],
): BackupError | undefined {
  const [first] = outcomes;
  if (!first) return undefined;
  const { kind, failure } = first;
  const same = outcomes.every(
    (other) =>
      other.kind === kind &&
      other.failure.code === failure.code &&
      other.failure.serviceCode === failure.serviceCode,
  );
  if (!same) return undefined;
  return kind === 'failed' && failure.fate === 'ambiguous' ? withoutDoubt(failure) : failure;
}

/** A failure whose call may have run, once the list has shown that it did not. */
function withoutDoubt(failure: BackupError): BackupError {
  const { code, message, serviceCode, requestId, httpStatus, action } = failure;
  const details = { serviceCode, requestId, httpStatus, action, cause: failure };
  return new BackupError(code, message, { ...details, fate: 'not-run' });
}
