import { t } from '@vscode/l10n';
import { scopeLabelOf } from '../clients/askListing';
import {
  askForClients,
  type ChosenClients,
  type ChosenClientsDeps,
  type NeededClients,
} from '../clients/chosenClients';
import type { Session } from '../clients/session';
import { ofRow, ofView, ofViewAndRow, type CommandHandlers } from '../interaction/commandHandler';
import type { Action } from '../service/actions';
import type { ScopeLabel } from '../service/scopeLabel';
import type { Changes } from './changes';

/** What the commands that plan changes work with. */
export interface ChangeCommandDeps extends ChosenClientsDeps {
  readonly session: ChosenClientsDeps['session'] & Pick<Session, 'onDidChange'>;
  /** What makes changes, loaded on first use. */
  readonly changes: () => Promise<Pick<Changes, 'changeClients' | 'editSettings' | 'installOnInstances'>>;
  readonly toggleReadOnly: () => Promise<void>;
}

type ChangeCommand =
  | 'cloudBackup.install'
  | 'cloudBackup.upgrade'
  | 'cloudBackup.uninstall'
  | 'cloudBackup.editSettings'
  | 'cloudBackup.toggleReadOnly'
  | `cloudBackup.${'upgradeAllOutdated' | 'previewPlan' | 'installOnInstances'}${'' | 'OnRow'}`;

/** Commands that plan a change of clients. Started without a row, they mean all clients of a listing. */
export function createChangeCommands(deps: ChangeCommandDeps): CommandHandlers<ChangeCommand> {
  const { session, notices, changes } = deps;
  const withClients =
    (act: (clients: ChosenClients, label: ScopeLabel) => unknown, needed?: NeededClients) =>
    async (item?: unknown, items?: unknown): Promise<void> => {
      const clients = await askForClients(deps, item, items, needed);
      if (clients) await act(clients, scopeLabelOf(clients.listing));
    };
  const change = (action: Action) =>
    withClients(async ({ nodes, chosen }, label) =>
      (await changes()).changeClients.run({
        action,
        label,
        clients: nodes,
        review: chosen ? 'chosen' : 'all',
      }),
    );
  const editChosen = withClients(async ({ nodes, chosen }, label) =>
    (await changes()).editSettings.run({ label, clients: nodes, review: chosen ? 'chosen' : 'all' }),
  );
  const upgradeAll = withClients(
    async ({ nodes }, label) => {
      const { changeClients } = await changes();
      const outdated = nodes.filter((node) => node.outdated);
      // Where none is outdated, the notice says of each of them why.
      const clients = outdated.length > 0 ? outdated : nodes;
      return changeClients.run({
        action: 'upgrade',
        label,
        clients,
        review: outdated.length > 0 ? 'offered' : 'chosen',
      });
    },
    { ecs: true },
  );
  const previewPlan = withClients(async ({ nodes }, label) =>
    (await changes()).changeClients.preview({ label, clients: nodes }),
  );
  const installHere = withClients(
    async ({ listing: { inventory, scope } }, label) => {
      if (scope.clientType !== 'ECS_CLIENT') {
        notices.info(t('Clients can be installed on ECS instances only. Select the client type ECS first.'));
        return;
      }
      const { installOnInstances } = await changes();
      await installOnInstances.run(label, {
        clients: () => [...inventory.state.clients.values()],
        running: () => inventory.state.phase === 'loading',
        onDidChange: session.onDidChange,
      });
    },
    { rows: false, ecs: true },
  );
  return {
    'cloudBackup.install': ofRow(change('install'), notices),
    'cloudBackup.upgrade': ofRow(change('upgrade'), notices),
    'cloudBackup.uninstall': ofRow(change('uninstall'), notices),
    'cloudBackup.editSettings': ofRow(editChosen, notices),
    'cloudBackup.toggleReadOnly': ofView(deps.toggleReadOnly),
    ...ofViewAndRow('cloudBackup.upgradeAllOutdated', upgradeAll, notices),
    ...ofViewAndRow('cloudBackup.previewPlan', previewPlan, notices),
    ...ofViewAndRow('cloudBackup.installOnInstances', installHere, notices),
  };
}
