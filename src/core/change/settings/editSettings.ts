import { t } from '@vscode/l10n';
import { namesIn } from '../../clients/clientSettings';
import { sortByName } from '../../clients/nameOrder';
import { settingsObstacleInWords } from '../../clients/settingsObstacles';
import type { Questions } from '../../interaction/interaction';
import type { Disposable } from '../../kernel/disposables';
import type { Operations } from '../../operations/operations';
import type { ScopeLabel } from '../../service/scopeLabel';
import { agree, requireAllowed, type AgreeDeps } from '../agree';
import { holdersOf, type KeyedClient } from '../draft';
import { actionTexts } from '../actionTexts';
import { nothingEligible } from '../draftTexts';
import { needsTags } from '../safety/safety';
import { nothingChecked, withPrecheck, type Precheck, type PrecheckDeps } from '../precheck';
import { choiceOf, serviceSeconds, type ReviewDeps } from '../review';
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

export interface EditSettingsDeps extends AgreeDeps, StartDeps, PrecheckDeps {
  readonly questions: Questions;
  readonly notices: ReviewDeps['notices'] & AgreeDeps['notices'] & StartDeps['notices'];
  readonly operations: Pick<Operations, 'start' | 'holdersIn'>;
  readonly rolloutDefaults: () => Pick<RolloutDefaults, 'maxFailures' | 'holdLimitMs'>;
  /** Gets a password before anything is done with it, so that no log shows it. */
  readonly hide: (secret: string) => void;
}

// What takes longer counts as not read.
const checkLimitMs = 15_000;

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
    // ECS is asked for tags only, where the safety rules depend on them. It's all read while questions are open.
    await withPrecheck(
      deps,
      planned.label.scope,
      planned.eligible,
      async (precheck) => {
        const draft = request.review === 'all' ? await pick(planned, precheck) : planned;
        if (draft) await askAndStart(draft, precheck);
      },
      needsTags(planned.rules) ? ['ecs:DescribeInstances'] : [],
    );
  }

  async function askAndStart(draft: SettingsDraft, precheck: Precheck): Promise<void> {
    const filled = await fillIn(draft);
    const checked = filled && (await settled(filled, precheck));
    const agreed =
      checked &&
      (await agree(deps, checked, {
        detailsOf: settingsDetailsOf,
        withBusy: (asked, whenBusy) => settingsDraftOf({ ...asked, whenBusy }),
      }));
    const final = agreed && agreed !== 'back' && requireEligible(afterLastQuestion(agreed));
    if (final) await start(deps, final, settingsObstacleInWords, final.change);
  }

  /** The first of two looks at what changes outside a draft. */
  async function beforeQuestions({ label, clients, before }: SettingsRequest): Promise<SettingsDraft> {
    const { maxFailures, holdLimitMs } = deps.rolloutDefaults();
    return settingsDraftOf({
      label,
      requested: sortByName(clients),
      change: {},
      holders: holdersOf(operations, label.scope, clients),
      checks: nothingChecked,
      now: serviceSeconds(deps, label.scope),
      whenBusy: 'wait',
      maxFailures,
      holdLimitMs,
      rules: await gate.rules(),
      ...(before && { before }),
    });
  }

  /** The second look: a question may be open for long, and what began meanwhile isn't started again. */
  function afterLastQuestion(draft: SettingsDraft): SettingsDraft {
    const { label, eligible, leftOut } = draft;
    const now = settingsDraftOf({
      ...draft,
      requested: eligible,
      holders: holdersOf(operations, label.scope, eligible),
    });
    return { ...now, leftOut: [...leftOut, ...now.leftOut] };
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

  async function pick(draft: SettingsDraft, precheck: Precheck): Promise<SettingsDraft | undefined> {
    const requested = await questions.manyLive<KeyedClient>(
      { title: actionTexts.settings.title(), placeholder: actionTexts.settings.choose() },
      {
        rows: () => draft.eligible.map((keyed) => choiceOf(keyed, precheck.facts, false)),
        running: () => precheck.running,
        onDidChange: precheck.onDidChange,
      },
    );
    return requested && requested.length > 0 ? settingsDraftOf({ ...draft, requested }) : undefined;
  }

  async function settled(draft: SettingsDraft, precheck: Precheck): Promise<SettingsDraft> {
    if (precheck.running) {
      await notices.progress(
        t({ message: 'Checking clients', comment: ['Progress, while it goes on'] }),
        'view',
        () => precheck.settled(checkLimitMs, { signal: closing.signal }),
      );
    }
    return settingsDraftOf({
      ...draft,
      checks: precheck.facts,
      now: serviceSeconds(deps, draft.label.scope),
    });
  }

  function requireEligible(draft: SettingsDraft): SettingsDraft | undefined {
    if (draft.eligible.length > 0) return draft;
    notices.warn(nothingEligible('settings', draft.leftOut, settingsObstacleInWords));
    return undefined;
  }

  return { run, dispose: () => closing.abort() };
}
