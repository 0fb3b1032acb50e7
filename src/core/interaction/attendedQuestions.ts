import type { Questions } from './interaction';
import type { Presence } from './presence';

/**
 * Questions that never open over other work: each waits until the user is here, and counts as backed out of when the
 * user closes its notification instead. Each answer counts as something the user did.
 */
export function attendedQuestions(questions: Questions, presence: Presence): Questions {
  const ask = async <T>(what: string, open: () => Promise<T | undefined>): Promise<T | undefined> => {
    if (!(await presence.whenHere(what))) return undefined;
    const answer = await open();
    presence.acted();
    return answer;
  };
  return {
    text: (question) => ask(question.title, () => questions.text(question)),
    one: (question, rows) => ask(question.title, () => questions.one(question, rows)),
    many: (question, choices) => ask(question.title, () => questions.many(question, choices)),
    manyLive: (question, rows) => {
      const buttons = question.buttons?.map((button) => ({
        ...button,
        run: (ticked: Parameters<typeof button.run>[0]) => presence.begin(() => button.run(ticked)),
      }));
      return ask(question.title, () =>
        questions.manyLive({ ...question, ...(buttons && { buttons }) }, rows),
      );
    },
    compose: (question) => ask(question.title, () => questions.compose(question)),
    confirm: (question) => ask(question.message, () => questions.confirm(question)),
    confirmTyped: (question) => ask(question.title, () => questions.confirmTyped(question)),
  };
}
