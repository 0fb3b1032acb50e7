import type { Notices, Questions } from '../../interaction/interaction';
import type { ChangeCall } from '../../service/actions';
import type { ChangeGate, GuardedMachine } from './safety';

/** One change that the user is asked to agree to. All texts are localised and safe to show. */
export interface Agreement {
  readonly call: ChangeCall;
  readonly machines: readonly GuardedMachine[];
  readonly message: string;
  /** `reasons`: why more care is asked for than usual; none as a rule. */
  readonly detail: (reasons: readonly string[]) => string;
  /** Label of the button that agrees. */
  readonly agree: string;
  /** Asks to type the number of machines. */
  readonly typePrompt: string;
}

/**
 * Takes a change up the safety ladder: refused in one notice, or a modal, and where the verdict asks for it the number
 * of machines typed. The verdict is asked for again at the end: rules may change while a question stands. True when the
 * change may be sent.
 */
export async function askToAgree(
  world: {
    readonly gate: ChangeGate;
    readonly questions: Pick<Questions, 'confirm' | 'text'>;
    readonly notices: Pick<Notices, 'warn'>;
  },
  { call, machines, message, detail, agree, typePrompt }: Agreement,
): Promise<boolean> {
  const { gate, questions, notices } = world;
  const verdict = await gate.check(call, machines);
  if (verdict.decision === 'refused') {
    notices.warn(verdict.message);
    return false;
  }
  const answer = await questions.confirm({ message, detail: detail(verdict.reasons), actions: [agree] });
  if (answer !== agree) return false;
  if (verdict.typedCount && !(await typeCount())) return false;
  const now = await gate.check(call, machines);
  if (now.decision === 'refused') {
    notices.warn(now.message);
    return false;
  }
  // Stricter than what was agreed to: agreed to is not enough.
  return !now.typedCount || verdict.typedCount || (await typeCount());

  async function typeCount(): Promise<boolean> {
    const count = String(machines.length);
    const typed = await questions.text({
      title: agree,
      prompt: typePrompt,
      placeholder: count,
      validate: (text) => (text.trim() === count ? undefined : typePrompt),
    });
    return typed !== undefined;
  }
}
