import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { askListing, scopeLabelOf } from '../../core/clients/askListing';
import { listingKeyOf } from '../../core/clients/clientTree';
import { clientOf } from '../../core/clients/readClients';
import type { Notices, Questions } from '../../core/interaction/interaction';
import type { RetryFailed } from '../../core/change/retryFailed';
import type { Operation } from '../../core/operations/operation';
import { lastOperationOf, requestIdsOf } from '../../core/operations/operationFacts';
import type { Operations } from '../../core/operations/operations';
import { stopRollout } from '../../core/change/stopRollout';
import { trackTaskById } from '../../core/operations/trackTaskById';
import type { Clock } from '../../core/kernel/clock';
import type { Waiting } from '../../core/kernel/waiting';
import type { Presence } from '../../core/interaction/presence';
import { scopeInWords } from '../../core/service/scopeLabel';
import type { CommandHandler } from '../../core/interaction/commandHandler';
import { isElement } from '../../core/interaction/treeElement';
import { chosenNodes, listingOfRow, type ChosenWorld } from '../clients/chosenNodes';
import type { Doors } from '../doors';
import type { ClientTreeProvider } from '../clients/clientTreeProvider';
import { selectedRow } from '../../core/interaction/selectedRow';
import { exportReport, type ExportWorld } from './exportReport';
import type { TaskTreeProvider } from './taskTreeProvider';

/** What the commands about tasks act on. */
export interface TaskCommandWorld extends ExportWorld, ChosenWorld {
  readonly questions: Questions;
  readonly operations: Operations;
  readonly retryFailed: RetryFailed;
  readonly notices: Notices;
  readonly taskTree: TaskTreeProvider;
  readonly clientTree: ClientTreeProvider;
  readonly doors: Pick<Doors, 'clientsView' | 'tasksView'>;
  readonly showReport: (operationId: string) => void;
  readonly presence: Pick<Presence, 'isHere'>;
  readonly clock: Clock;
  /** Ends the waits of a command when the extension ends. */
  readonly waiting: Waiting;
}

/** Commands of the Tasks view as a whole, in its title and the palette. */
export function createTasksViewCommands(
  world: TaskCommandWorld,
): readonly (readonly [command: string, run: () => unknown])[] {
  return [
    ['cloudBackup.clearFinished', () => clearFinished(world)],
    ['cloudBackup.loadOlder', () => world.operations.loadOlder()],
    ['cloudBackup.trackTask', () => trackTask(world)],
  ];
}

/** Commands in the menus of the rows of the Tasks view. Started without a row they mean the one that is selected there. */
export function createTaskCommands(
  world: TaskCommandWorld,
): readonly (readonly [command: string, handler: CommandHandler])[] {
  const { operations, retryFailed, taskTree, doors, clock, waiting } = world;
  const selected = () => selectedRow(doors.tasksView, clock, waiting);
  const withOperation =
    (act: (operation: Operation) => unknown): CommandHandler =>
    async (item) => {
      const row = isElement(item) ? item : await selected();
      const id = row && taskTree.operationIdOf(row);
      const operation = id === undefined ? undefined : operations.get(id);
      return operation && act(operation);
    };
  return [
    ['cloudBackup.showReport', withOperation(({ id }) => world.showReport(id))],
    ['cloudBackup.retryFailed', withOperation((operation) => retryFailed.run(operation))],
    ['cloudBackup.stopSending', withOperation(({ id }) => stopRollout(id, world))],
    ['cloudBackup.watchAgain', withOperation(({ id }) => operations.resumeTracking(id))],
    ['cloudBackup.stopWatching', withOperation(({ id }) => operations.stop(id, 'tracking'))],
    ['cloudBackup.exportOperation', withOperation((operation) => exportReport(operation, world))],
    [
      'cloudBackup.copyRequestIds',
      withOperation((operation) => vscode.env.clipboard.writeText(requestIdsOf(operation).join('\n'))),
    ],
    ['cloudBackup.removeOperation', withOperation(({ id }) => operations.remove(id))],
    [
      'cloudBackup.revealClient',
      async (item) => {
        const row = isElement(item) ? item : await selected();
        const id = row && taskTree.operationIdOf(row);
        const key = row && taskTree.machineKeyOf(row);
        return id === undefined || key === undefined ? undefined : revealClient(world, id, key);
      },
    ],
    ['cloudBackup.showLastTask', (item, items) => showLastTask(world, item, items)],
  ];
}

/** Shows a machine of an operation among all clients, or says why it cannot be seen there. */
export async function revealClient(
  { operations, session, model, clientTree, doors, notices }: TaskCommandWorld,
  operationId: string,
  machineKey: string,
): Promise<void> {
  const operation = operations.get(operationId);
  if (!operation) return;
  const listing = session.listingOf(operation.scope);
  if (!listing) {
    notices.info(
      t(
        'This client belongs to {0}, which is not in view. Switch to that profile, or select its region.',
        scopeInWords(operation),
      ),
    );
    return;
  }
  const machine = operation.machines.find((one) => one.machine.key === machineKey)?.machine;
  const nodes = [...model.tree.byId.values()]
    .filter((node) => node.kind === 'client')
    .filter(({ id }) => listingKeyOf(id) === listing.key);
  // By its ids: its key changes when another client comes to its instance or leaves it.
  const client =
    machine &&
    clientOf(
      machine,
      nodes.map((node) => node.client),
    );
  const node = client && nodes.find((one) => one.client === client);
  if (!node) {
    notices.info(t('The list does not show this client. Refresh it, or clear its filter.'));
    return;
  }
  await doors.clientsView.reveal(clientTree.elementOf(node.id), { select: true, focus: true });
}

/** Shows the row of the newest operation with a client, and opens its report. */
async function showLastTask(world: TaskCommandWorld, item: unknown, items: unknown): Promise<void> {
  const { operations, session, model, taskTree, doors, notices } = world;
  const element = item ?? doors.clientsView.selection[0];
  const [node] = chosenNodes(model.tree, element, items) ?? [];
  const listing = listingOfRow(session, node);
  if (!node || !listing) return;
  const last = lastOperationOf(operations.list(), listing.scope, node.client);
  if (!last) {
    notices.info(t('No task of this client is recorded.'));
    return;
  }
  const row = taskTree.find(last.operation.id, last.machineKey);
  if (row) await doors.tasksView.reveal(row, { select: true, focus: true, expand: true });
}

async function clearFinished({ operations, questions }: TaskCommandWorld): Promise<void> {
  const count = operations.list().filter(({ phase }) => phase === 'ended').length + operations.olderCount;
  if (count === 0) return;
  const clear = t('Clear');
  const answer = await questions.confirm({
    message: count === 1 ? t('Clear 1 finished operation?') : t('Clear {0} finished operations?', count),
    detail: t('Their records with all RequestIds are deleted from this computer.'),
    actions: [clear],
  });
  if (answer === clear) await operations.clearFinished();
}

async function trackTask(world: TaskCommandWorld): Promise<void> {
  const { session, taskTree, doors, notices, questions, presence } = world;
  if (session.listings.length === 0) {
    notices.info(t('No profile is signed in. Add one first.'));
    return;
  }
  const listing = await askListing(
    questions,
    session.listings.map((one) => ({ listing: one, count: one.inventory.state.clients.size })),
  );
  if (!listing) return;
  const operation = await trackTaskById(world, scopeLabelOf(listing));
  const row = operation && taskTree.find(operation.id);
  if (row) await doors.tasksView.reveal(row, { select: true, focus: presence.isHere() });
}
