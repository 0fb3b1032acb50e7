import { t } from '@vscode/l10n';
import { listingOfRow } from '../clients/chosenClients';
import { listingKeyOf, type ClientNode } from '../clients/clientTree';
import { clientOf } from '../clients/readClients';
import type { Session } from '../clients/session';
import type { TreeModel } from '../clients/treeModel';
import type { Notices } from '../interaction/interaction';
import { scopeInWords } from '../service/scopeLabel';
import { lastOperationOf } from './operationFacts';
import type { OperationRef } from './operationRef';
import type { Operations } from './operations';

/** What finding a client in the one view for a row of the other takes. */
export interface RevealDeps {
  readonly operations: Pick<Operations, 'get' | 'list'>;
  readonly session: Pick<Session, 'listingOf'>;
  readonly model: Pick<TreeModel, 'tree'>;
  readonly notices: Pick<Notices, 'info'>;
}

/**
 * Shows a client of an operation in the Backup Clients view, or says why it isn't there. Nothing happens for an
 * operation that is gone.
 *
 * @param reveal selects the row of that node
 */
export async function revealClient(
  { operations, session, model, notices }: RevealDeps,
  { operationId, machineKey }: OperationRef,
  reveal: (nodeId: string) => Promise<void>,
): Promise<void> {
  const operation = operations.get(operationId);
  if (!operation) return;
  const listing = session.listingOf(operation.scope);
  if (!listing) {
    notices.info(
      t({
        message:
          "This client belongs to {place}, which isn't shown. Switch to that profile, or select its region.",
        args: { place: scopeInWords(operation) },
        comment: ['{place} is a profile and a region, such as “production · China (Hangzhou)”.'],
      }),
    );
    return;
  }
  const machine = operation.machines.find((one) => one.machine.key === machineKey)?.machine;
  const nodes = model.tree.clients.filter(({ id }) => listingKeyOf(id) === listing.key);
  // By its ids: its key changes when another client comes to its instance or leaves it.
  const client =
    machine &&
    clientOf(
      machine,
      nodes.map((node) => node.client),
    );
  const node = client && nodes.find((one) => one.client === client);
  if (node) await reveal(node.id);
  else notices.info(t("This client isn't in the list. Refresh the list, or clear its filter."));
}

/**
 * The newest operation on the client of a row, or of the first of several; says so and answers undefined when none is
 * recorded.
 */
export function lastOperationOfRow(
  { operations, session, notices }: Omit<RevealDeps, 'model'>,
  [node]: readonly ClientNode[],
): OperationRef | undefined {
  const listing = listingOfRow(session, node);
  if (!node || !listing) return undefined;
  const last = lastOperationOf(operations.list(), listing.scope, node.client);
  if (last) return { operationId: last.operation.id, machineKey: last.machineKey };
  notices.info(t('No operation on this client is recorded.'));
  return undefined;
}
