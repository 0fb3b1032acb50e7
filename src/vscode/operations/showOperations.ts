import { DisposableStore } from '../../core/kernel/disposables';
import { showHolds } from '../../core/operations/heldNotice';
import { showSummaries, type SummaryDeps } from '../../core/operations/summary';
import { registerTasksView, type TasksView, type TasksViewDeps } from './tasksView';

export interface ShowOperationsDeps extends TasksViewDeps, Pick<SummaryDeps, 'again' | 'resumeTracking'> {
  readonly ended: Parameters<typeof showSummaries>[0];
}

/** All that's seen of operations outside their pages: the Tasks view with its commands, and notifications. */
export function showOperations(deps: ShowOperationsDeps): TasksView {
  const owned = new DisposableStore();
  owned.add(showHolds(deps.operations, deps));
  owned.add(showSummaries(deps.ended, deps));
  const { commands } = owned.add(registerTasksView(deps));
  return { commands, dispose: () => owned.dispose() };
}
