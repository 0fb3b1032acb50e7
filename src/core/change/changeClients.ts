import { t } from '@vscode/l10n';
import type { Reach } from '../clients/reach';
import type { Questions } from '../interaction/interaction';
import type { Clock } from '../kernel/clock';
import type { Disposable } from '../kernel/disposables';
import type { Operations } from '../operations/operations';
import { taskActions, type Action } from '../service/actions';
import type { InstanceApi } from '../service/api';
import type { ScopeLabel } from '../service/scopeLabel';
import type { Scope } from '../service/scope';
import { actionTexts } from './actionTexts';
import { agree, requireAllowed, type AgreeDeps } from './agree';
import { planDocumentOf, type PlanDocument } from './document';
import { draftOf, holdersOf, type Draft, type KeyedClient, type LeftOut, type Rollout } from './draft';
import { detailOf } from './draftTexts';
import { order } from './order';
import { nothingChecked, withPrecheck, type Precheck } from './precheck';
import { checked, review, requireEligible, type ReviewDeps, type ReviewMode } from './review';
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
}

/** Install, upgrade, and uninstall: plans, asks, and starts. */
export interface ChangeClients extends Disposable {
  /**
   * Passes a change through `review → order → agree → start`. Resolves once it was started or the user backed out; never
   * rejects for a failure that the user was shown.
   */
  run(request: ChangeRequest): Promise<void>;
  /** Asks for an action, shows its plan as a document, and changes nothing. */
  preview(request: Pick<ChangeRequest, 'label' | 'clients'>): Promise<void>;
}

export interface ChangeClientsDeps extends ReviewDeps, AgreeDeps, StartDeps {
  readonly questions: Questions;
  readonly notices: ReviewDeps['notices'] & AgreeDeps['notices'] & StartDeps['notices'];
  readonly operations: Pick<Operations, 'start' | 'holderOf'>;
  readonly instances: InstanceApi;
  /** Which clients of a scope share an instance, as far as it's listed. */
  readonly reachIn: (scope: Scope) => Reach;
  readonly rolloutDefaults: () => RolloutDefaults;
  readonly clock: Clock;
  readonly showDocument: (document: PlanDocument) => Promise<void> | void;
}

export function createChangeClients(deps: ChangeClientsDeps): ChangeClients {
  const { gate, operations } = deps;
  const closing = new AbortController();
  const waiting = { signal: closing.signal };

  async function run(request: ChangeRequest): Promise<void> {
    const draft = requireEligible(deps, await beforeQuestions(request));
    if (!draft || !requireAllowed(deps, draft)) return;
    await withPrecheck(deps, draft.label.scope, draft.eligible, async (precheck) => {
      const reviewed = await review(deps, draft, precheck, {
        mode: request.review,
        showPlan: (preview) => void showPlan(preview, precheck),
        waiting,
      });
      const ordered = reviewed && (await order(deps, reviewed, deps.rolloutDefaults().batchSize));
      const agreed = ordered && (await agree(deps, ordered, detailOf));
      const final = agreed && requireEligible(deps, afterLastQuestion(agreed));
      if (final) await start(deps, final);
    });
  }

  async function preview({ label, clients }: Pick<ChangeRequest, 'label' | 'clients'>): Promise<void> {
    const action = await askAction();
    if (!action) return;
    const draft = await beforeQuestions({ action, label, clients, review: 'chosen' });
    await withPrecheck(deps, label.scope, draft.eligible, (precheck) => showPlan(draft, precheck));
  }

  /** The first of two looks at what changes outside a draft. */
  async function beforeQuestions(request: ChangeRequest): Promise<Draft> {
    const { action, label, clients, leftOut = [], reach, rollout, retryOf } = request;
    const rules = await gate.rules();
    return draftOf({
      action,
      label,
      requested: clients,
      leftOutBefore: leftOut,
      holders: holdersOf(operations, label.scope, clients),
      listed: deps.reachIn(label.scope),
      ...(reach && { read: reach }),
      checks: nothingChecked,
      rollout: rollout ?? deps.rolloutDefaults(),
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
      holders: holdersOf(operations, scope, draft.requested),
      listed: deps.reachIn(scope),
    });
  }

  async function showPlan(draft: Draft, precheck: Precheck): Promise<void> {
    const plan = await checked(deps, draft, precheck, waiting);
    await deps.showDocument(planDocumentOf(plan, deps.clock.now()));
  }

  function askAction(): Promise<Action | undefined> {
    return deps.questions.one(
      {
        title: t({ message: 'Preview Plan', comment: ['A command that shows a plan as a document'] }),
        placeholder: t('Select what to plan'),
      },
      taskActions.map((value) => ({ label: actionTexts[value].button(), value })),
    );
  }

  return { run, preview, dispose: () => closing.abort() };
}
