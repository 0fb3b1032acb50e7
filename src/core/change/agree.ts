import { t } from '@vscode/l10n';
import type { Notices, Questions } from '../interaction/interaction';
import { actions } from '../service/actions';
import { actionTexts } from './actionTexts';
import { shownName } from './clientTexts';
import { factsOf, textOf, type Details } from './details';
import type { AnyDraft } from './draft';
import { questionOf } from './draftTexts';
import type { WhenBusy } from './interruption';
import { busyLabels } from './interruptionTexts';
import { verdictOf, type ChangeGate, type Verdict } from './safety/safety';

export interface AgreeDeps {
  readonly gate: ChangeGate;
  readonly questions: Pick<Questions, 'confirm' | 'confirmTyped'>;
  readonly notices: Pick<Notices, 'warn'>;
}

/** What can be chosen in the confirmation besides agreeing. */
interface AgreeOptions<D> {
  readonly detailsOf: (draft: D) => Details;
  /** The draft with another choice for clients on which something runs. */
  readonly withBusy: (draft: D, whenBusy: WhenBusy) => D;
  readonly step?: { readonly number: number; readonly of: number };
  /** True: Back leads to the question before. */
  readonly back?: boolean;
  /** A choice that can still be changed; its answer is the draft to ask about next. */
  readonly other?: (draft: D) => { readonly label: string; readonly run: () => Promise<D> } | undefined;
}

/** What the safety rules of a draft ask for; undefined, after a notice that says why, where they refuse it. */
export function requireAllowed(
  { notices }: Pick<AgreeDeps, 'notices'>,
  { plan, guarded, rules }: AnyDraft,
): Extract<Verdict, { decision: 'ask' }> | undefined {
  const verdict = verdictOf(rules, actions[plan.action].ramAction, guarded);
  if (verdict.decision === 'ask') return verdict;
  notices.warn(verdict.message);
  return undefined;
}

/** A way to agree: a button, and the draft that it agrees to, made once it's pressed. */
interface Way<D> {
  readonly label: string;
  readonly draft: () => D;
  /** True if the user must type a text for it. */
  readonly asksToType?: boolean;
}

/**
 * Last question: asks in a modal or, where the safety rules want something typed, in a box that lists the same. Where a
 * backup or restore is known to run, the buttons say what's done with those clients, and including them is typed in the
 * box. The rules are read again after the answer, since they may change while the question is open: what they refuse then
 * is refused in one notice, and what they want typed then is typed. Returns the draft that was agreed to, or `back`.
 */
export async function agree<D extends AnyDraft>(
  deps: AgreeDeps,
  draft: D,
  options: AgreeOptions<D>,
): Promise<D | 'back' | undefined> {
  const verdict = requireAllowed(deps, draft);
  if (!verdict) return undefined;
  const includes = draft.busy.length > 0 && draft.whenBusy === 'include';
  const typed = verdict.typed || includes;
  const ways = waysOf(draft, options, typed);
  const other = options.other?.(draft);
  const answer = await ask(verdict.reasons);
  if (answer === backLabel())
    return includes ? agree(deps, options.withBusy(draft, 'wait'), options) : 'back';
  if (other && answer === other.label) return agree(deps, await other.run(), options);
  const way = ways.find(({ label }) => label === answer);
  if (!way) return undefined;
  if (way.asksToType) return agree(deps, way.draft(), options);
  const agreed = { ...way.draft(), rules: await deps.gate.rules() };
  const now = requireAllowed(deps, agreed);
  if (!now) return undefined;
  // The rules got stricter while the question was open, so agreeing to it isn't enough.
  return now.typed && !typed ? agree(deps, agreed, options) : agreed;

  function ask(reasons: readonly string[]): Promise<string | undefined> {
    const { step } = options;
    const back = options.back ?? includes;
    const details = options.detailsOf(draft);
    const title = questionOf(draft);
    const labels = ways.map(({ label }) => label);
    const others = other ? [other.label] : [];
    if (!typed) {
      return deps.questions.confirm({
        message: title,
        detail: textOf(details),
        actions: [...labels, ...others, ...(back ? [backLabel()] : [])],
      });
    }
    return deps.questions.confirmTyped({
      title,
      ...textToType(draft),
      actions: labels,
      others,
      facts: factsOf(details, reasons),
      ...(step && { step }),
      ...(back && { back: backLabel() }),
    });
  }
}

function waysOf<D extends AnyDraft>(
  draft: D,
  { withBusy }: AgreeOptions<D>,
  typed: boolean,
): readonly Way<D>[] {
  const busy = draft.busy.length;
  if (busy === 0 || draft.whenBusy === 'include') {
    return [{ label: actionTexts[draft.plan.action].button(), draft: () => draft }];
  }
  const including = () => withBusy(draft, 'include');
  return [
    { label: busyLabels.wait(busy), draft: () => withBusy(draft, 'wait') },
    ...(busy < draft.eligible.length
      ? [{ label: busyLabels['leave-out'](busy), draft: () => withBusy(draft, 'leave-out') }]
      : []),
    typed
      ? { label: busyLabels.include(busy), draft: including }
      : { label: busyLabels.askToInclude(busy), draft: including, asksToType: true },
  ];
}

function backLabel(): string {
  return t({ message: 'Back', comment: ['Button: returns to the question before.'] });
}

/** One client is named, since its number says nothing. An ID is unambiguous, so it's as good as the name. */
function textToType({ eligible }: AnyDraft) {
  const [first, ...others] = eligible;
  if (first && others.length === 0) {
    return {
      placeholder: t('Type the name of the client to confirm'),
      mismatch: t("That isn't the name of the client."),
      agreeing: [shownName(first.client), first.client.instanceId ?? '', first.client.clientId ?? ''].filter(
        Boolean,
      ),
    };
  }
  return {
    placeholder: t('Type the number of clients to confirm'),
    mismatch: t("That isn't the number of clients."),
    agreeing: [String(eligible.length)],
  };
}
