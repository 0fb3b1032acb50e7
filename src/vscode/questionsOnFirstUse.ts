import type { Questions } from '../core/interaction/interaction';
import type { Clock } from '../core/kernel/clock';
import { onFirstUse } from '../core/kernel/onFirstUse';

/** Questions of VS Code, loaded with the first of them. */
export function createQuestionsOnFirstUse(clock: Pick<Clock, 'sleep'>): Questions {
  const questions = onFirstUse(async () => (await import('./questions')).createQuestions(clock));
  return {
    text: async (question) => (await questions()).text(question),
    one: async (question, rows) => (await questions()).one(question, rows),
    many: async (question, choices) => (await questions()).many(question, choices),
    manyLive: async (question, rows) => (await questions()).manyLive(question, rows),
    compose: async (question) => (await questions()).compose(question),
    confirm: async (question) => (await questions()).confirm(question),
    confirmTyped: async (question) => (await questions()).confirmTyped(question),
  };
}
