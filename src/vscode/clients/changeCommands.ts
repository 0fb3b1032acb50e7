import type { EditSettings } from '../../core/change/settings/editSettings';
import { scopeLabelOf } from '../../core/clients/askListing';
import type { Action } from '../../core/service/actions';
import type { ChangeClients } from '../../core/change/changeClients';
import type { InstallOnInstances } from '../../core/change/installOnInstances';
import type { ScopeLabel } from '../../core/service/scopeLabel';
import { askTarget, type ChosenWorld, type Target } from './chosenNodes';
import type { CommandHandler } from '../../core/interaction/commandHandler';
import type { OwnSafetySettings } from '../settings/safetySettings';

/** What the commands that plan changes act on. */
export interface ChangeCommandWorld extends ChosenWorld {
  readonly changeClients: ChangeClients;
  readonly installOnInstances: InstallOnInstances;
  readonly editSettings: EditSettings;
  readonly safety: Pick<OwnSafetySettings, 'toggleReadOnly'>;
}

/** Commands that plan a change of clients. Started without a row they mean all clients of a listing. */
export function createChangeCommands(world: ChangeCommandWorld): {
  /** Of the palette and the title of the view. */
  readonly ofView: readonly (readonly [command: string, run: () => unknown])[];
  /** Of the menus of rows; some stand in the palette too. */
  readonly ofRows: readonly (readonly [command: string, run: CommandHandler])[];
} {
  const { changeClients, installOnInstances, editSettings, safety } = world;
  const withTarget =
    (act: (target: Target, label: ScopeLabel) => Promise<void>, needsRows = true) =>
    async (item?: unknown, items?: unknown): Promise<void> => {
      const target = await askTarget(world, item, items, needsRows);
      if (target) await act(target, scopeLabelOf(target.listing));
    };
  const change = (action: Action) =>
    withTarget(({ nodes, chosen }, label) =>
      changeClients.run({ action, label, clients: nodes, review: chosen ? 'chosen' : 'all' }),
    );
  const upgradeAllOutdated = withTarget(({ nodes }, label) => {
    const outdated = nodes.filter((node) => node.outdated);
    // With none of them outdated the notice tells of all why.
    const clients = outdated.length > 0 ? outdated : nodes;
    return changeClients.run({ action: 'upgrade', label, clients, review: 'chosen' });
  });
  const previewPlan = withTarget(({ nodes }, label) => changeClients.preview({ label, clients: nodes }));
  const installHere = withTarget(
    ({ listing: { inventory } }, label) =>
      installOnInstances.run(label, {
        clients: () => [...inventory.state.clients.values()],
        running: () => inventory.state.phase === 'loading',
        onDidChange: world.session.onDidChange,
      }),
    false,
  );
  return {
    ofView: [
      ['cloudBackup.upgradeAllOutdated', upgradeAllOutdated],
      ['cloudBackup.previewPlan', previewPlan],
      ['cloudBackup.installOnInstances', installHere],
      ['cloudBackup.toggleReadOnly', () => safety.toggleReadOnly()],
    ],
    ofRows: [
      ['cloudBackup.install', change('install')],
      ['cloudBackup.upgrade', change('upgrade')],
      ['cloudBackup.uninstall', change('uninstall')],
      ['cloudBackup.upgradeAllOutdatedOnRow', upgradeAllOutdated],
      ['cloudBackup.previewPlanOnRow', previewPlan],
      ['cloudBackup.installOnInstancesOnRow', installHere],
      [
        'cloudBackup.editSettings',
        withTarget(({ nodes, chosen }, label) =>
          editSettings.run({ label, clients: nodes, review: chosen ? 'chosen' : 'all' }),
        ),
      ],
    ],
  };
}
