import { createChangeCommands, type ChangeCommandDeps } from '../../core/change/changeCommands';
import { clientsOfRows, listingOfRow } from '../../core/clients/chosenClients';
import { listingKeyOf, type ClientNode, type ClientTreeNode } from '../../core/clients/clientTree';
import type { LastBackups } from '../../core/clients/backups/lastBackups';
import type { InstanceVpcs } from '../../core/clients/instanceVpcs';
import type { Listing } from '../../core/clients/listing';
import type { Session } from '../../core/clients/session';
import type { TreeModel } from '../../core/clients/treeModel';
import {
  ofRow,
  ofView,
  ofViewAndRow,
  orSelected,
  type SelectedRows,
} from '../../core/interaction/commandHandler';
import type { Host } from '../../core/interaction/host';
import { isElement } from '../../core/interaction/treeElement';
import { isConsoleRequest, type OpenInConsole } from '../../core/profiles/openInConsole';
import type { ConsolePage } from '../../core/service/consoleLinks';
import type { Profiles } from '../../core/profiles/createProfiles';
import { writeLink } from '../../core/shell/links';
import { nameOf } from '../../core/service/clientFacts';
import type { BackupClient } from '../../core/service/model';
import type { FilterStore } from '../../core/clients/filter/savedFilters';
import type { StoredTreeChoices } from './treeChoices';

/** The page of the client's instance; for another row, where its clients are. */
function consolePageOf(node: ClientTreeNode | undefined, listing: Listing | undefined): ConsolePage {
  const instanceId = node?.kind === 'client' ? node.client.instanceId : undefined;
  return instanceId !== undefined && listing
    ? { kind: 'instance', instanceId, regionId: listing.scope.regionId }
    : { kind: 'cloudBackup' };
}

/** What the commands about clients work with. */
export interface ClientCommandDeps
  extends
    Pick<Host, 'questions' | 'notices' | 'clipboard' | 'clock'>,
    Pick<Profiles, 'store' | 'view'>,
    Omit<ChangeCommandDeps, 'session' | 'model' | 'questions' | 'notices'> {
  readonly session: Session;
  readonly model: TreeModel;
  readonly vpcs: Pick<InstanceVpcs, 'readAgain'>;
  readonly backups: Pick<LastBackups, 'readAgain'>;
  readonly choices: StoredTreeChoices;
  readonly filters: FilterStore;
  readonly openInConsole: OpenInConsole;
  /** Scheme of the editor and ID of the extension, with which links to it begin. */
  readonly linkBase: string;
  /** The rows that are selected in the view. */
  readonly selected: SelectedRows;
}

/** Commands of the Backup Clients view and of its rows. */
export function createClientCommands(deps: ClientCommandDeps) {
  const { session, model, vpcs, backups, choices, questions, notices, clipboard, openInConsole } = deps;
  const copy = (textOf: (client: BackupClient) => string | undefined) =>
    ofRow(async (item, items) => {
      const texts = (clientsOfRows(model.tree, item, items) ?? []).flatMap(
        ({ client }) => textOf(client) ?? [],
      );
      if (texts.length > 0) await clipboard.write(texts.join('\n'));
    }, notices);
  const linkOf = ({ id, client }: ClientNode): string | undefined => {
    const listing = session.listingOf(listingKeyOf(id));
    const own = client.clientId ?? client.instanceId;
    if (!listing || !own) return undefined;
    const { profile, scope } = listing;
    return writeLink(deps.linkBase, {
      ...{ kind: 'client', profile: profile.name, regionId: scope.regionId, id: own },
    });
  };
  const changes = createChangeCommands(deps);
  const editFilter = ofView(async () => (await import('../../core/clients/askFilter')).askFilter(deps));
  return {
    ...changes,
    ...orSelected(deps.selected, {
      'cloudBackup.install': changes['cloudBackup.install'],
      'cloudBackup.upgrade': changes['cloudBackup.upgrade'],
      'cloudBackup.uninstall': changes['cloudBackup.uninstall'],
      'cloudBackup.editSettings': changes['cloudBackup.editSettings'],
    }),
    ...ofViewAndRow(
      'cloudBackup.refresh',
      (item) => {
        const listing = listingOfRow(session, item);
        vpcs.readAgain(listing?.key);
        backups.readAgain(listing?.key);
        return listing ? session.refreshListing(listing.key) : session.refresh();
      },
      notices,
    ),
    'cloudBackup.groupBy': ofView(async () => {
      const { askGroupBy } = await import('../../core/clients/grouping/askGroupBy');
      const groupBy = await askGroupBy(questions, choices.groupBy(), model.tree.all);
      if (groupBy) choices.setGroupBy(groupBy);
    }),
    'cloudBackup.filter': editFilter,
    'cloudBackup.editFilter': editFilter,
    'cloudBackup.markSeen': ofView(() => session.markSeen()),
    'cloudBackup.clearFilter': ofView(() => choices.setFilter('')),
    ...orSelected(deps.selected, {
      'cloudBackup.copyName': copy(nameOf),
      'cloudBackup.copyLink': ofRow(async (item, items) => {
        const links = (clientsOfRows(model.tree, item, items) ?? []).flatMap((node) => linkOf(node) ?? []);
        if (links.length > 0) await clipboard.write(links.join('\n'));
      }, notices),
      'cloudBackup.copyInstanceId': copy(({ instanceId }) => instanceId),
      'cloudBackup.copyClientId': copy(({ clientId }) => clientId),
      'cloudBackup.copyPrivateIp': copy(({ privateIpV4 }) => privateIpV4),
    }),
    ...orSelected(deps.selected, {
      'cloudBackup.openInConsole': ofRow(async (item) => {
        if (isConsoleRequest(item)) {
          const inView = new Set(session.listings.map((listing) => listing.profile.id));
          // A link of the view names no profile: it's about the one in view, where there is only one.
          const id = item.profileId ?? (inView.size === 1 ? [...inView][0] : undefined);
          const profile = deps.store.list().find((one) => one.id === id);
          await openInConsole({ kind: item.place }, profile);
          return;
        }
        const node = isElement(item) ? model.tree.node(item.id) : undefined;
        const listing = listingOfRow(session, item) ?? session.listings[0];
        await openInConsole(consolePageOf(node, listing), listing?.profile);
      }, notices),
    }),
    'cloudBackup.unpin': ofRow(async (item) => {
      const listing = listingOfRow(session, item);
      if (!listing) return;
      const { hideListing } = await import('../../core/clients/hideListing');
      await hideListing(deps, listing);
    }, notices),
  };
}
