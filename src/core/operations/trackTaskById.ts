import { t } from '@vscode/l10n';
import { BackupError } from '../service/errors';
import type { Notices, Questions } from '../interaction/interaction';
import type { Operation } from './operation';
import type { Operations } from './operations';
import type { TrackRequest } from './trackTask';
import { taskActions } from '../service/actions';
import type { Scope } from '../service/scope';
import { actionInWords } from '../service/words';

/**
 * "Track Task by ID…": asks for the ID of a task and tracks it. Also asks what the task does if its name does not
 * say. Undefined if the user canceled. Throws what `Operations.track` throws.
 */
export async function trackTaskById(
  deps: {
    readonly questions: Pick<Questions, 'text' | 'one'>;
    readonly operations: Pick<Operations, 'track'>;
    readonly notices: Pick<Notices, 'progress'>;
  },
  label: { readonly scope: Scope; readonly profileName: string; readonly demo: boolean },
): Promise<Operation | undefined> {
  const { questions, operations, notices } = deps;
  const title = t({ message: 'Track Task by ID', comment: ['Title of a prompt, as the command is called.'] });
  const typed = await questions.text({
    title,
    prompt: t('ID of an install, upgrade, or uninstall task in this region'),
    placeholder: 't-0001abcd',
    validate: (text) =>
      isTaskId(text)
        ? undefined
        : t('A task ID consists of letters, digits, and hyphens, such as t-0001abcd.'),
  });
  if (typed === undefined) return undefined;
  const track = (request: TrackRequest): Promise<Operation> =>
    notices.progress(t('Looking up the task'), 'view', () => operations.track(request));
  const request = { ...label, taskId: typed.trim() };
  try {
    return await track(request);
  } catch (error) {
    if (!(error instanceof BackupError) || error.code !== 'invalid-input') throw error;
  }
  const action = await questions.one(
    { title, placeholder: t("Cloud Backup doesn't report this task's action. Select the action.") },
    taskActions.map((value) => ({ label: actionInWords(value), value })),
  );
  return action && (await track({ ...request, action }));
}

/** True for a possible task ID. The service documents no format, so anything harmless is accepted. */
function isTaskId(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/.test(text.trim());
}
