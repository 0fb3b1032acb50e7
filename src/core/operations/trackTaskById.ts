import { t } from '@vscode/l10n';
import type { Questions } from '../interaction/interaction';
import { sentences } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import { taskActions } from '../service/actions';
import { BackupError, type FailureCode } from '../service/errors';
import { regionName } from '../service/regions';
import type { Scope } from '../service/scope';
import { actionInWords } from '../service/words';
import type { Operation } from './operation';
import type { Operations } from './operations';

/**
 * "Track Task by ID…": asks for the ID of a task and tracks it. The box stays open for an ID that the service doesn't know.
 * Also asks what the task does if its name does not say. Undefined if the user canceled. Throws what `Operations.track`
 * throws.
 */
export async function trackTaskById(
  deps: {
    readonly questions: Pick<Questions, 'text' | 'one'>;
    readonly operations: Pick<Operations, 'track'>;
  },
  label: { readonly scope: Scope; readonly profileName: string; readonly demo: boolean },
): Promise<Operation | undefined> {
  const { questions, operations } = deps;
  const title = t({ message: 'Track Task by ID', comment: ['Title of a prompt, as the command is called.'] });
  const region = regionName(label.scope.regionId);
  let tracked: Operation | undefined;
  let failure: unknown;
  const typed = await questions.text({
    title,
    prompt: t('ID of an install, upgrade, or uninstall task in {0}', region),
    placeholder: 't-0001abcd',
    validate: (text) => (isTaskId(text) ? undefined : taskIdForm()),
    whileTyping: (text) => (canBecomeTaskId(text) ? undefined : taskIdForm()),
    attempt: async (text) => {
      try {
        tracked = await operations.track({ ...label, taskId: text.trim() });
        return undefined;
      } catch (error) {
        failure = error;
      }
      if (codeOf(failure) !== 'not-found') return undefined;
      return sentences(
        t({
          message: 'No task “{task}” in {region}.',
          args: { task: plainText(text.trim()), region },
          comment: ['{task} is the ID of a task. {region} is the name of a region.'],
        }),
        t('Check the ID and the region.'),
      );
    },
  });
  if (typed === undefined || tracked) return tracked;
  if (codeOf(failure) !== 'invalid-input') throw failure;
  const action = await questions.one(
    { title, placeholder: t("Cloud Backup doesn't report this task's action. Select the action.") },
    taskActions.map((value) => ({ label: actionInWords(value), value })),
  );
  return action && (await operations.track({ ...label, taskId: typed.trim(), action }));
}

function codeOf(failure: unknown): FailureCode | undefined {
  return failure instanceof BackupError ? failure.code : undefined;
}

function taskIdForm(): string {
  return t('A task ID starts with “t-”, then letters, digits, and hyphens, such as t-0001abcd.');
}

/** True for a possible task ID (documented by samples only: `t-…`). */
function isTaskId(text: string): boolean {
  return /^t-[A-Za-z0-9][A-Za-z0-9_-]{0,125}$/.test(text.trim());
}

/** True for the beginning of one. */
function canBecomeTaskId(text: string): boolean {
  return /^(?:t?|t-|t-[A-Za-z0-9][A-Za-z0-9_-]{0,125})$/.test(text.trim());
}
