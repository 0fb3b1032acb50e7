import { t } from '@vscode/l10n';
import type { TreeModel } from '../../core/clients/treeModel';
import { ofRow, type CommandHandler, type CommandHandlers } from '../../core/interaction/commandHandler';
import type { Host } from '../../core/interaction/host';
import { selectedRow } from '../../core/interaction/selectedRow';
import { isElement, type TreeElement } from '../../core/interaction/treeElement';
import type { Waiting } from '../../core/kernel/waiting';
import type { ClientBackups } from '../../core/pages/client/readClientBackups';
import type { ClientRef, FoundClient, ShownClient } from '../../core/pages/client/shownClient';
import type { ClientDocuments } from './clientDocuments';

/** What a click on the row of a client passes: the keyboard stays in the tree. */
export interface PreviewedRow extends TreeElement {
  readonly preview: true;
}

/** Shows a client on a page; with `preserveFocus` the keyboard stays where it is. */
export type ShowClient = (ref: ClientRef, options: { readonly preserveFocus: boolean }) => void;

/** The client as it's listed now. */
export type FindClient = (ref: ClientRef) => FoundClient;

export interface ClientPageCommandDeps extends Pick<Host, 'notices' | 'clock'> {
  readonly show: ShowClient;
  readonly find: FindClient;
  readonly documents: Pick<ClientDocuments, 'show'>;
  readonly readBackups: (client: ShownClient, waiting: Waiting) => Promise<ClientBackups>;
  readonly model: Pick<TreeModel, 'tree'>;
  /** The rows that are selected in the Backup Clients view. */
  readonly selected: { readonly selection: readonly TreeElement[] };
  /** Ends the waits of a command when the extension ends. */
  readonly waiting: Waiting;
}

/** Commands that open a client. Without a row they mean the one that's selected in the Backup Clients view. */
export function createClientPageCommands(
  deps: ClientPageCommandDeps,
): CommandHandlers<'cloudBackup.openClient' | 'cloudBackup.openClientAsJson'> {
  const { show, find, documents, readBackups, model, notices } = deps;
  const ofClient = (open: (ref: ClientRef, preview: boolean) => unknown): CommandHandler =>
    ofRow(async (item) => {
      const row = isElement(item) ? item : await selectedRow(deps.selected, deps.clock, deps.waiting);
      const node = row && model.tree.node(row.id);
      // A row of the tree that isn't a client has no page. One that isn't in the tree might be hidden by the filter.
      if (!row || (node && node.kind !== 'client')) {
        notices.info(t('Select a client in the Backup Clients view first.'));
        return;
      }
      const { instanceId, clientId } = node?.client ?? {};
      await open(
        { id: row.id, ...(instanceId && { instanceId }), ...(clientId && { clientId }) },
        'preview' in row && row.preview === true,
      );
    }, notices);
  return {
    'cloudBackup.openClient': ofClient((ref, preview) => show(ref, { preserveFocus: preview })),
    'cloudBackup.openClientAsJson': ofClient(async (ref) => {
      const found = find(ref);
      if (typeof found === 'object') await documents.show(found, await readBackups(found, deps.waiting));
      else notices.info(t("This client isn't in the list. Refresh the list, or clear its filter."));
    }),
  };
}
