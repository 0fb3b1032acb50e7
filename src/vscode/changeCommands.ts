import type { EditSettings } from '../core/clients/editSettings';
import { placeOf } from '../core/clients/askRoot';
import type { Root } from '../core/clients/session';
import type { Action } from '../core/schedules';
import type { ChangeClients } from '../core/operations/changeClients';
import type { InstallOnInstances } from '../core/operations/installOnInstances';
import type { ChangeContext } from '../core/operations/plan';
import { regionName } from '../core/regions';
import { askTarget, type ChosenWorld, type Target } from './chosenNodes';
import type { OwnSafetySettings } from './safetySettings';

/** What a command of the manifest does, given the arguments that VS Code passes. */
export type CommandHandler = (...args: unknown[]) => unknown;

/** What the commands that plan changes act on. */
export interface ChangeCommandWorld extends ChosenWorld {
  readonly changeClients: ChangeClients;
  readonly installOnInstances: InstallOnInstances;
  readonly editSettings: EditSettings;
  readonly safety: Pick<OwnSafetySettings, 'toggleReadOnly'>;
}

/** Commands that plan a change of clients. Started without a row they mean all clients of a root. */
export function createChangeCommands(
  world: ChangeCommandWorld,
): readonly (readonly [command: string, handler: CommandHandler])[] {
  const { changeClients, installOnInstances, editSettings, safety } = world;
  const withTarget =
    (act: (target: Target, context: ChangeContext) => Promise<void>): CommandHandler =>
    async (item, items) => {
      const target = await askTarget(world, item, items);
      if (target) await act(target, contextOf(target.root));
    };
  const change = (action: Action): CommandHandler =>
    withTarget(({ nodes, chosen }, context) =>
      changeClients.run({ action, context, machines: nodes, review: chosen ? 'chosen' : 'all' }),
    );
  return [
    ['cloudBackup.install', change('install')],
    ['cloudBackup.upgrade', change('upgrade')],
    ['cloudBackup.uninstall', change('uninstall')],
    [
      'cloudBackup.upgradeAllOutdated',
      withTarget(({ nodes }, context) => {
        const outdated = nodes.filter((node) => node.outdated);
        // With none of them outdated the notice tells of all why.
        const machines = outdated.length > 0 ? outdated : nodes;
        return changeClients.run({ action: 'upgrade', context, machines, review: 'chosen' });
      }),
    ],
    [
      'cloudBackup.previewPlan',
      withTarget(({ nodes }, context) => changeClients.preview({ context, machines: nodes })),
    ],
    [
      'cloudBackup.installOnInstances',
      withTarget(({ root }, context) =>
        installOnInstances.run(context, [...root.inventory.state.clients.values()]),
      ),
    ],
    [
      'cloudBackup.editSettings',
      withTarget(({ nodes, chosen }, context) =>
        chosen ? editSettings.run(nodes, context) : editSettings.pickAndRun(nodes, context),
      ),
    ],
    ['cloudBackup.toggleReadOnly', () => safety.toggleReadOnly()],
  ];
}

function contextOf(root: Root): ChangeContext {
  return { ...placeOf(root), regionName: regionName(root.scope.regionId) };
}
