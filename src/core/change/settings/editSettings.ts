import { t } from '@vscode/l10n';
import { namesIn } from '../../clients/clientSettings';
import { sortByName } from '../../clients/nameOrder';
import { settingsObstacleInWords } from '../../clients/settingsObstacles';
import type { Questions } from '../../interaction/interaction';
import type { Clock } from '../../kernel/clock';
import type { Disposable } from '../../kernel/disposables';
import type { Log } from '../../kernel/log';
import type { Operations } from '../../operations/operations';
import type { InstanceApi } from '../../service/api';
import type { ScopeLabel } from '../../service/scopeLabel';
import { agree, requireAllowed, type AgreeDeps } from '../agree';
import { holdersOf, type KeyedClient } from '../draft';
import { actionTexts } from '../actionTexts';
import { factsOfClient, shownName } from '../clientTexts';
import { nothingEligible } from '../draftTexts';
import { needsTags } from '../safety/safety';
import { nothingChecked, withPrecheck, type Precheck } from '../precheck';
import type { ReviewDeps } from '../review';
import type { RolloutDefaults } from '../rolloutSettings';
import { start, type StartDeps } from '../start';
import { askValues } from './askValues';
import { settingsDraftOf, type SettingsDraft, type SettingsSource } from './settingsDraft';
import { settingsDetailsOf } from './settingsTexts';

/** What the user wants to change settings of. */
export interface SettingsRequest extends Pick<SettingsSource, 'before'> {
  readonly label: ScopeLabel;
  readonly clients: readonly KeyedClient[];
  /** `all`: nobody chose yet, so the user picks among them first. */
  readonly review: 'chosen' | 'all';
}

/** "Edit Client Settings…": asks for values and starts an operation that sends them to each client. */
export interface EditSettings extends Disposable {
  /**
   * Asks once for all clients, and names those that are left out. Resolves once it was started or the user backed out;
   * never rejects for a failure that the user was shown.
   */
  run(request: SettingsRequest): Promise<void>;
}

export interface EditSettingsDeps extends AgreeDeps, StartDeps {
  readonly questions: Questions;
  readonly notices: ReviewDeps['notices'] & AgreeDeps['notices'] & StartDeps['notices'];
  readonly operations: Pick<Operations, 'start' | 'holderOf'>;
  /** Asked for tags, where safety rules depend on them. */
  readonly instances: InstanceApi;
  readonly rolloutDefaults: () => Pick<RolloutDefaults, 'maxFailures'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Gets a password before anything is done with it, so that no log shows it. */
  readonly hide: (secret: string) => void;
}

// Tags that take longer count as not read.
const tagsLimitMs = 15_000;

export function createEditSettings(deps: EditSettingsDeps): EditSettings {
  const { questions, notices, operations, gate } = deps;
  const closing = new AbortController();

  async function run(request: SettingsRequest): Promise<void> {
    if (request.label.scope.crossAccount) {
      // UpdateClientSettings takes no other account (documented).
      notices.warn(
        t('Settings can only be changed with a profile of the account that the clients belong to.'),
      );
      return;
    }
    const planned = requireEligible(await beforeQuestions(request));
    if (!planned || !requireAllowed(deps, planned)) return;
    const draft = request.review === 'all' ? await pick(planned) : planned;
    if (!draft) return;
    // The tags of the instances are read while questions are open, where the safety rules depend on tags.
    const tagged = needsTags(draft.rules) ? draft.eligible : [];
    await withPrecheck(deps, draft.label.scope, tagged, (tags) => askAndStart(draft, tags), [
      'ecs:DescribeInstances',
    ]);
  }

  async function askAndStart(draft: SettingsDraft, tags: Precheck): Promise<void> {
    const filled = await fillIn(draft);
    const checked = filled && settingsDraftOf({ ...filled, checks: await settled(tags) });
    const agreed = checked && (await agree(deps, checked, { detailsOf: settingsDetailsOf }));
    const final = agreed && agreed !== 'back' && requireEligible(afterLastQuestion(agreed));
    if (final) await start(deps, final, final.change);
  }

  /** The first of two looks at what changes outside a draft. */
  async function beforeQuestions({ label, clients, before }: SettingsRequest): Promise<SettingsDraft> {
    return settingsDraftOf({
      label,
      requested: sortByName(clients),
      change: {},
      holders: holdersOf(operations, label.scope, clients),
      checks: nothingChecked,
      maxFailures: deps.rolloutDefaults().maxFailures,
      rules: await gate.rules(),
      ...(before && { before }),
    });
  }

  /** The second look: a question may be open for long, and what began meanwhile isn't started again. */
  function afterLastQuestion(draft: SettingsDraft): SettingsDraft {
    const { label, eligible } = draft;
    return settingsDraftOf({
      ...draft,
      requested: eligible,
      holders: holdersOf(operations, label.scope, eligible),
    });
  }

  /** The values to set; then the clients that don't take them are left out. */
  async function fillIn(draft: SettingsDraft): Promise<SettingsDraft | undefined> {
    const change = await askValues(
      deps,
      draft.eligible.map(({ client }) => client),
      draft.before?.settings,
    );
    if (!change || namesIn(change).length === 0) return undefined;
    if (change.proxyPassword !== undefined) deps.hide(change.proxyPassword);
    return requireEligible(settingsDraftOf({ ...draft, change }));
  }

  async function pick(draft: SettingsDraft): Promise<SettingsDraft | undefined> {
    const requested = await questions.many(
      { title: actionTexts.settings.title(), placeholder: actionTexts.settings.choose() },
      draft.eligible.map((value) => ({
        label: shownName(value.client),
        description: factsOfClient(value.client),
        value,
      })),
    );
    return requested && requested.length > 0 ? settingsDraftOf({ ...draft, requested }) : undefined;
  }

  async function settled(tags: Precheck): Promise<SettingsSource['checks']> {
    if (tags.running) {
      await notices.progress(
        t({ message: 'Reading tags', comment: ['Progress, while it goes on'] }),
        'view',
        () => tags.settled(tagsLimitMs, { signal: closing.signal }),
      );
    }
    return tags.facts;
  }

  function requireEligible(draft: SettingsDraft): SettingsDraft | undefined {
    if (draft.eligible.length > 0) return draft;
    notices.warn(nothingEligible('settings', draft.leftOut, settingsObstacleInWords));
    return undefined;
  }

  return { run, dispose: () => closing.abort() };
}
