import { t } from '@vscode/l10n';
import type { Notices, Questions } from '../interaction/interaction';
import { actions } from '../service/actions';
import { actionTexts } from './actionTexts';
import { shownName } from './clientTexts';
import { factsOf, textOf, type Details } from './details';
import type { AnyDraft } from './draft';
import { questionOf } from './draftTexts';
import { verdictOf, type ChangeGate, type Verdict } from './safety/safety';

export interface AgreeDeps {
  readonly gate: ChangeGate;
  readonly questions: Pick<Questions, 'confirm' | 'confirmTyped'>;
  readonly notices: Pick<Notices, 'warn'>;
}

/** What can be chosen in the confirmation besides agreeing. */
interface AgreeOptions<D> {
  readonly detailsOf: (draft: D) => Details;
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

/**
 * Last question: asks in a modal or, where the safety rules want something typed, in a box that lists the same. The rules
 * are read again after the answer, since they may change while the question is open: what they refuse then is refused in
 * one notice, and what they want typed then is typed. Returns the draft that was agreed to, or `back`.
 */
export async function agree<D extends AnyDraft>(
  deps: AgreeDeps,
  draft: D,
  options: AgreeOptions<D>,
): Promise<D | 'back' | undefined> {
  const verdict = requireAllowed(deps, draft);
  if (!verdict) return undefined;
  const button = actionTexts[draft.plan.action].button();
  const other = options.other?.(draft);
  const answer = await ask(verdict);
  if (answer === backLabel()) return 'back';
  if (other && answer === other.label) return agree(deps, await other.run(), options);
  if (answer !== button) return undefined;
  const agreed = { ...draft, rules: await deps.gate.rules() };
  const now = requireAllowed(deps, agreed);
  if (!now) return undefined;
  // The rules got stricter while the question was open, so agreeing to it isn't enough.
  return now.typed && !verdict.typed ? agree(deps, agreed, options) : agreed;

  function ask({ typed, reasons }: typeof verdict & object): Promise<string | undefined> {
    const { step, back } = options;
    const details = options.detailsOf(draft);
    const title = questionOf(draft);
    const choices = [button, ...(other ? [other.label] : [])];
    if (!typed) {
      return deps.questions.confirm({
        message: title,
        detail: textOf(details),
        actions: [...choices, ...(back ? [backLabel()] : [])],
      });
    }
    return deps.questions.confirmTyped({
      title,
      ...textToType(draft),
      actions: choices,
      facts: factsOf(details, reasons),
      ...(step && { step }),
      ...(back && { back: backLabel() }),
    });
  }
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
