import { createChangeCommands, type ChangeCommandDeps } from '../../core/change/changeCommands';
import { askFilter } from '../../core/clients/askFilter';
import { clientsOfRows, listingOfRow } from '../../core/clients/chosenClients';
import type { Session } from '../../core/clients/session';
import type { TreeModel } from '../../core/clients/treeModel';
import { hideListing } from '../../core/clients/hideListing';
import { ofRow, ofView, ofViewAndRow } from '../../core/interaction/commandHandler';
import type { Host } from '../../core/interaction/host';
import type { Profiles } from '../../core/profiles/createProfiles';
import type { BackupClient } from '../../core/service/model';
import type { StoredTreeChoices } from './treeChoices';

/** What the commands about clients work with. */
export interface ClientCommandDeps
  extends
    Pick<Host, 'questions' | 'notices' | 'clipboard' | 'clock'>,
    Pick<Profiles, 'store' | 'view'>,
    Omit<ChangeCommandDeps, 'session' | 'model' | 'questions' | 'notices'> {
  readonly session: Session;
  readonly model: TreeModel;
  readonly choices: StoredTreeChoices;
}

/** Commands of the Backup Clients view and of its rows. */
export function createClientCommands(deps: ClientCommandDeps) {
  const { session, model, choices, questions, notices, clipboard } = deps;
  const copy = (field: keyof Pick<BackupClient, 'instanceId' | 'clientId' | 'privateIpV4'>) =>
    ofRow(async (item, items) => {
      const texts = (clientsOfRows(model.tree, item, items) ?? []).flatMap(
        ({ client }) => client[field] ?? [],
      );
      if (texts.length > 0) await clipboard.write(texts.join('\n'));
    }, notices);
  return {
    ...createChangeCommands(deps),
    ...ofViewAndRow(
      'cloudBackup.refresh',
      (item) => {
        const listing = listingOfRow(session, item);
        return listing ? session.refreshListing(listing.key) : session.refresh();
      },
      notices,
    ),
    'cloudBackup.groupByZone': ofView(() => choices.setGrouping('zone')),
    'cloudBackup.groupByStatus': ofView(() => choices.setGrouping('status')),
    'cloudBackup.filter': ofView(async () => {
      const filter = await askFilter(questions, choices.filter());
      if (filter !== undefined) choices.setFilter(filter);
    }),
    'cloudBackup.clearFilter': ofView(() => choices.setFilter('')),
    'cloudBackup.copyInstanceId': copy('instanceId'),
    'cloudBackup.copyClientId': copy('clientId'),
    'cloudBackup.copyPrivateIp': copy('privateIpV4'),
    'cloudBackup.unpin': ofRow(async (item) => {
      const listing = listingOfRow(session, item);
      if (listing) await hideListing(deps, listing);
    }, notices),
  };
}
