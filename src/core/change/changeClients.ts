import { t } from '@vscode/l10n';
import { obstacleInWords } from '../clients/capabilities';
import { sortByName } from '../clients/nameOrder';
import type { Reach } from '../clients/reach';
import type { Questions } from '../interaction/interaction';
import type { Disposable } from '../kernel/disposables';
import { sentences, timeWithZone } from '../kernel/localize';
import type { Operations } from '../operations/operations';
import { taskActions, type Action } from '../service/actions';
import type { ScopeLabel } from '../service/scopeLabel';
import type { Scope } from '../service/scope';
import { clientsInWords } from '../service/words';
import { actionTexts } from './actionTexts';
import { agree, requireAllowed, type AgreeDeps } from './agree';
import { planDocumentOf, type PlanDocument } from './document';
import {
  draftOf,
  holdersOf,
  orderMatters,
  type Draft,
  type KeyedClient,
  type LeftOut,
  type Rollout,
} from './draft';
import { detailsOf, nothingEligible } from './draftTexts';
import { changeOrder, changeOrderLabel } from './order';
import { nothingChecked, withPrecheck, type Precheck, type PrecheckDeps } from './precheck';
import { checked, review, requireEligible, serviceSeconds, type ReviewDeps, type ReviewMode } from './review';
import type { RolloutDefaults } from './rolloutSettings';
import { start, type StartDeps } from './start';

/** What the user wants to change. */
export interface ChangeRequest {
  readonly action: Action;
  readonly label: ScopeLabel;
  readonly clients: readonly KeyedClient[];
  readonly review: ReviewMode;
  /** What was left out before, with reasons. */
  readonly leftOut?: readonly LeftOut[];
  /** Which clients share an instance, where that was just read; else the list shows it. */
  readonly reach?: Reach;
  /** The rollout that is offered first; by default that of the settings. */
  readonly rollout?: Rollout;
  /** ID of the operation whose failed clients are tried again. */
  readonly retryOf?: string;
  /** Questions that were asked before this change, which Back leads to; none by default. */
  readonly stepsBefore?: number;
}

/** What is planned without changing anything: one action, or the one that the user chooses among those that apply. */
export interface PreviewRequest extends Pick<ChangeRequest, 'label' | 'clients'> {
  readonly action?: Action;
}

/** Install, upgrade, and uninstall: plans, asks, and starts. */
export interface ChangeClients extends Disposable {
  /**
   * Passes a change through `review → agree → start`. Resolves once it was started or the user backed out, with `back`
   * where the user wants the last of the questions before it; never rejects for a failure that the user was shown.
   */
  run(request: ChangeRequest): Promise<'back' | undefined>;
  /** Shows the plan of an action as a document, and changes nothing. Says so where no action applies. */
  preview(request: PreviewRequest): Promise<void>;
}

export interface ChangeClientsDeps extends ReviewDeps, AgreeDeps, StartDeps, PrecheckDeps {
  readonly questions: Questions;
  readonly notices: ReviewDeps['notices'] & AgreeDeps['notices'] & StartDeps['notices'];
  readonly operations: Pick<Operations, 'start' | 'holdersIn'>;
  /** Which clients of a scope share an instance, as far as it's listed. */
  readonly reachIn: (scope: Scope) => Reach;
  readonly rolloutDefaults: () => RolloutDefaults;
  readonly showDocument: (document: PlanDocument) => Promise<void> | void;
}

export function createChangeClients(deps: ChangeClientsDeps): ChangeClients {
  const { gate, operations } = deps;
  const closing = new AbortController();
  const waiting = { signal: closing.signal };

  async function run(request: ChangeRequest): Promise<'back' | undefined> {
    const draft = requireEligible(deps, await beforeQuestions(request));
    if (!draft || !requireAllowed(deps, draft)) return undefined;
    return withPrecheck(deps, draft.label.scope, draft.eligible, async (precheck) => {
      const agreed = await ask(request, draft, precheck);
      if (agreed === 'back') return agreed;
      const final = agreed && requireEligible(deps, afterLastQuestion(agreed));
      if (final) await start(deps, final, obstacleInWords);
      return undefined;
    });
  }

  /** All questions of a change. Back in the last one shows the pick again, with its ticks. */
  async function ask(
    { review: mode, stepsBefore = 0 }: ChangeRequest,
    draft: Draft,
    precheck: Precheck,
  ): Promise<Draft | 'back' | undefined> {
    let ticked: ReadonlySet<string> | undefined;
    for (;;) {
      const reviewed = await review(deps, draft, precheck, {
        ...{ mode, stepsBefore, waiting },
        ...(ticked && { ticked }),
        showPlan: (preview) => void showPlan(preview, precheck),
      });
      if (!reviewed || reviewed === 'back') return reviewed;
      ({ ticked } = reviewed);
      const steps = stepsBefore + (ticked ? 2 : 1);
      const offersOrder = orderMatters(reviewed.draft);
      const agreed = await agree(deps, reviewed.draft, {
        detailsOf,
        withBusy: (asked, whenBusy) =>
          asked.whenBusy === whenBusy ? asked : draftOf({ ...asked, whenBusy }),
        ...(steps > 1 && { step: { number: steps, of: steps }, back: true }),
        other: (asked) =>
          offersOrder
            ? {
                label: changeOrderLabel(),
                run: () => changeOrder(deps, asked, deps.rolloutDefaults().batchSize),
              }
            : undefined,
      });
      if (agreed !== 'back' || !ticked) return agreed;
    }
  }

  async function preview({ action, label, clients }: PreviewRequest): Promise<void> {
    const drafts = await Promise.all(
      (action ? [action] : taskActions).map((one) =>
        beforeQuestions({ action: one, label, clients, review: 'chosen' }),
      ),
    );
    const draft = await askWhatToPlan(drafts);
    if (!draft) return;
    await withPrecheck(deps, label.scope, draft.eligible, (precheck) => showPlan(draft, precheck));
  }

  /** The first of two looks at what changes outside a draft. */
  async function beforeQuestions(request: ChangeRequest): Promise<Draft> {
    const { action, label, clients, leftOut = [], reach, rollout, retryOf } = request;
    const rules = await gate.rules();
    const defaults = deps.rolloutDefaults();
    return draftOf({
      action,
      label,
      requested: sortByName(clients),
      leftOutBefore: leftOut,
      holders: holdersOf(operations, label.scope, clients),
      listed: deps.reachIn(label.scope),
      ...(reach && { read: reach }),
      checks: nothingChecked,
      now: serviceSeconds(deps, label.scope),
      whenBusy: 'wait',
      holdLimitMs: defaults.holdLimitMs,
      rollout: rollout ?? defaults,
      rules,
      ...(retryOf !== undefined && { retryOf }),
    });
  }

  /** The second look: a question may be open for long, and what began meanwhile isn't started again. */
  function afterLastQuestion(draft: Draft): Draft {
    const { scope } = draft.label;
    return draftOf({
      ...draft,
      chosen: draft.eligible,
      leftOutBefore: draft.leftOut,
      holders: holdersOf(operations, scope, draft.requested),
      listed: deps.reachIn(scope),
    });
  }

  async function showPlan(draft: Draft, precheck: Precheck): Promise<void> {
    const plan = await checked(deps, draft, precheck, waiting);
    await deps.showDocument(planDocumentOf(plan, timeWithZone(deps.clock.now())));
  }

  /** Asks which of several drafts to plan; undefined, after a notice that says why, where none changes anything. */
  async function askWhatToPlan(drafts: readonly Draft[]): Promise<Draft | undefined> {
    const able = drafts.filter(({ eligible }) => eligible.length > 0);
    const [only, ...others] = able;
    if (only && others.length === 0) return only;
    if (!only) {
      deps.notices.warn(
        sentences(...drafts.map((draft) => nothingEligible(draft.action, draft.leftOut, obstacleInWords))),
      );
      return undefined;
    }
    return deps.questions.one(
      {
        title: t({ message: 'Preview Plan', comment: ['A command that shows a plan as a document'] }),
        placeholder: t('Select what to plan'),
      },
      able.map((draft) => ({
        label: actionTexts[draft.action].button(),
        description: clientsInWords(draft.eligible.length),
        value: draft,
      })),
    );
  }

  return { run, preview, dispose: () => closing.abort() };
}
