import { t } from '@vscode/l10n';
import type { Changes } from '../../core/change/changes';
import { askListing, scopeLabelOf } from '../../core/clients/askListing';
import { clientsOfRows } from '../../core/clients/chosenClients';
import type { Session } from '../../core/clients/session';
import type { TreeModel } from '../../core/clients/treeModel';
import {
  ofRow,
  ofView,
  type CommandHandler,
  type CommandHandlers,
} from '../../core/interaction/commandHandler';
import type { CommandId } from '../../core/interaction/commandIds';
import type { Host } from '../../core/interaction/host';
import { selectedRow } from '../../core/interaction/selectedRow';
import { isElement, type TreeElement } from '../../core/interaction/treeElement';
import type { Waiting } from '../../core/kernel/waiting';
import { clearFinished, removeOperation } from '../../core/operations/clearFinished';
import type { Operation } from '../../core/operations/operation';
import { requestIdsOf } from '../../core/operations/operationFacts';
import { isOperationRef, type OperationRef } from '../../core/operations/operationRef';
import { askOperation } from '../../core/operations/askOperation';
import type { TaskRowWord } from '../../core/operations/taskNode';
import { operationWordsOf } from '../../core/operations/taskTree';
import type { Operations } from '../../core/operations/operations';
import { lastOperationOfRow, revealClient } from '../../core/operations/revealClient';
import { writeLink } from '../../core/shell/links';

/** What the commands about operations work with. */
export interface OperationCommandDeps extends Pick<
  Host,
  'questions' | 'notices' | 'presence' | 'clock' | 'clipboard' | 'redactor'
> {
  readonly operations: Operations;
  readonly session: Session;
  readonly model: Pick<TreeModel, 'tree'>;
  /** What makes changes, loaded on first use. */
  readonly changes: () => Promise<Pick<Changes, 'retryFailed' | 'stopRollout'>>;
  /** The operation or client of a row of the Tasks view. */
  readonly refOf: (row: TreeElement) => OperationRef | undefined;
  /** The rows that are selected in the Tasks view. */
  readonly selected: { readonly selection: readonly TreeElement[]; readonly visible: boolean };
  /** The rows that are selected in the Backup Clients view. */
  readonly selectedClients: { readonly selection: readonly TreeElement[] };
  /** Selects the row of an operation or of a client in it. */
  readonly reveal: (
    ref: OperationRef,
    options: { readonly focus: boolean; readonly expand?: boolean },
  ) => Promise<void>;
  /** Selects a row of the Backup Clients view. */
  readonly revealNode: (nodeId: string) => Promise<void>;
  readonly showReport: (operationId: string) => void;
  /** Scheme of the editor and ID of the extension, with which links to it begin. */
  readonly linkBase: string;
  /** Ends the waits of a command when the extension ends. */
  readonly waiting: Waiting;
}

type OperationCommand = Extract<
  CommandId,
  `cloudBackup.${
    | 'clearFinished'
    | 'loadOlder'
    | 'trackTask'
    | 'showReport'
    | 'retryFailed'
    | 'continueRollout'
    | 'stopSending'
    | 'watchAgain'
    | 'stopWatching'
    | 'exportOperation'
    | 'copyRequestIds'
    | 'copyOperationLink'
    | 'removeOperation'
    | 'revealClient'
    | 'showLastTask'}`
>;

/**
 * Commands about operations. Those for a row take an {@link OperationRef} as well, and without either they mean the row
 * that is selected in the Tasks view.
 */
export function createOperationCommands(deps: OperationCommandDeps): CommandHandlers<OperationCommand> {
  const { operations, session, model, questions, notices, clipboard } = deps;
  const refOf = async (item: unknown): Promise<OperationRef | undefined> => {
    if (isOperationRef(item)) return item;
    const row = isElement(item) ? item : await selectedRow(deps.selected, deps.clock, deps.waiting);
    return row && deps.refOf(row);
  };
  const ofOperation = (word: TaskRowWord, act: (operation: Operation) => unknown): CommandHandler => {
    const ofThisRow = ofRow(async (item) => {
      const ref = await refOf(item);
      const operation = ref && operations.get(ref.operationId);
      return operation && act(operation);
    }, notices);
    // The palette and keys give no row. The selected one counts where the command applies to it.
    return async (...args) => {
      if (args.length > 0) return await ofThisRow(...args);
      const { selected } = deps;
      // A click on a row opens its page, and comes before its selection where the rows are just being drawn again.
      const mayBeClick = word === 'operation' && selected.visible;
      const row = mayBeClick ? await selectedRow(selected, deps.clock, deps.waiting) : selected.selection[0];
      const chosen = row && operations.get(deps.refOf(row)?.operationId ?? '');
      const fits = chosen && operationWordsOf(chosen, operations.list()).includes(word);
      const operation = fits ? chosen : await askOperation(deps, word);
      return operation && (await act(operation));
    };
  };
  const showLast: CommandHandler = async (item, items) => {
    const element = item ?? deps.selectedClients.selection[0];
    const last = lastOperationOfRow(deps, clientsOfRows(model.tree, element, items) ?? []);
    if (last) await deps.reveal(last, { focus: true, expand: true });
  };
  const trackTask = async (): Promise<void> => {
    if (session.listings.length === 0) {
      notices.info(t('No profile is signed in. Add one first.'));
      return;
    }
    const listing = await askListing(
      questions,
      session.listings.map((one) => ({ listing: one, count: one.inventory.state.clients.size })),
    );
    if (!listing) return;
    const { trackTaskById } = await import('../../core/operations/trackTaskById');
    const operation = await trackTaskById(deps, scopeLabelOf(listing));
    if (!operation) return;
    await deps.reveal({ operationId: operation.id }, { focus: false });
    // Looking the task up can take a while: don't take the keyboard from other work.
    if (deps.presence.isHere()) deps.showReport(operation.id);
  };
  return {
    'cloudBackup.clearFinished': ofView(() => clearFinished(operations, questions)),
    'cloudBackup.loadOlder': ofView(() => operations.loadOlder()),
    'cloudBackup.trackTask': ofView(trackTask),
    'cloudBackup.showReport': ofOperation('operation', ({ id }) => deps.showReport(id)),
    'cloudBackup.retryFailed': ofOperation('retryable', async (operation) =>
      (await deps.changes()).retryFailed.run(operation, 'retry'),
    ),
    'cloudBackup.continueRollout': ofOperation('continuable', async (operation) =>
      (await deps.changes()).retryFailed.run(operation, 'continue'),
    ),
    'cloudBackup.stopSending': ofOperation('sending', async ({ id }) =>
      (await deps.changes()).stopRollout(id),
    ),
    'cloudBackup.watchAgain': ofOperation('unwatched', ({ id }) => operations.resumeTracking(id)),
    'cloudBackup.stopWatching': ofOperation('watching', ({ id }) => operations.stop(id, 'tracking')),
    'cloudBackup.exportOperation': ofOperation('operation', async (operation) => {
      const { exportReport } = await import('./exportReport');
      await exportReport(operation, deps);
    }),
    'cloudBackup.copyRequestIds': ofOperation('hasRequestIds', (operation) =>
      clipboard.write(requestIdsOf(operation).join('\n')),
    ),
    'cloudBackup.copyOperationLink': ofOperation('operation', ({ id }) =>
      clipboard.write(writeLink(deps.linkBase, { kind: 'operation', id })),
    ),
    'cloudBackup.removeOperation': ofOperation('ended', (operation) =>
      removeOperation(operation, operations, questions),
    ),
    'cloudBackup.revealClient': ofRow(async (item) => {
      const ref = await refOf(item);
      if (ref?.machineKey !== undefined) await revealClient(deps, ref, deps.revealNode);
    }, notices),
    'cloudBackup.showLastTask': ofRow(showLast, notices),
  };
}
