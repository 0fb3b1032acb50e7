import { t } from '@vscode/l10n';
import type { Notices, Questions } from '../interaction/interaction';
import { actions } from '../service/actions';
import { actionTexts } from './actionTexts';
import type { AnyDraft } from './draft';
import { questionOf, typePromptOf } from './draftTexts';
import { verdictOf, type ChangeGate, type Verdict } from './safety/safety';

export interface AgreeDeps {
  readonly gate: ChangeGate;
  readonly questions: Pick<Questions, 'confirm' | 'text'>;
  readonly notices: Pick<Notices, 'warn'>;
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
 * Third step: asks in a modal, and for the number of clients where the safety rules want it typed. The rules are read
 * again after the last answer, since they may change while a question is open: what they refuse then is refused in one
 * notice, and what they want typed then is typed. Returns the draft that was agreed to.
 */
export async function agree<D extends AnyDraft>(
  { gate, questions, notices }: AgreeDeps,
  draft: D,
  detailOf: (draft: D, reasons: readonly string[]) => string,
): Promise<D | undefined> {
  const verdict = requireAllowed({ notices }, draft);
  if (!verdict) return undefined;
  const { title, button } = actionTexts[draft.plan.action];
  const proceed = verdict.typedCount
    ? t({ message: 'Continue…', comment: ['Button: the number of clients is asked for next.'] })
    : button();
  const answer = await questions.confirm({
    message: questionOf(draft),
    detail: detailOf(draft, verdict.reasons),
    actions: [proceed],
  });
  if (answer !== proceed) return undefined;
  if (verdict.typedCount && !(await typeCount())) return undefined;
  const agreed = { ...draft, rules: await gate.rules() };
  const now = requireAllowed({ notices }, agreed);
  if (!now) return undefined;
  // The rules got stricter while the dialog was open, so agreeing to it isn't enough.
  if (now.typedCount && !verdict.typedCount && !(await typeCount())) return undefined;
  return agreed;

  async function typeCount(): Promise<boolean> {
    const count = String(draft.eligible.length);
    const typed = await questions.text({
      title: title(),
      prompt: typePromptOf(draft),
      placeholder: count,
      validate: (text) => (text.trim() === count ? undefined : t('Type {0} to confirm.', count)),
    });
    return typed !== undefined;
  }
}
