import type { EditSettings } from '../core/clients/editSettings';
import type { Inventory } from '../core/clients/inventory';
import type { Session } from '../core/clients/session';
import type { TreeModel } from '../core/clients/treeModel';
import type { Action } from '../core/schedules';
import type { ChangeClients } from '../core/operations/changeClients';
import type { InstallOnInstances } from '../core/operations/installOnInstances';
import type { ChangeContext } from '../core/operations/plan';
import { regionName } from '../core/regions';
import { allNodes, chosenNodes } from './chosenNodes';
import type { OwnSafetySettings } from './safetySettings';

/** What a command of the manifest does, given the arguments that VS Code passes. */
export type CommandHandler = (...args: unknown[]) => unknown;

/** What the commands that plan changes act on. */
export interface ChangeCommandWorld {
  readonly session: Session;
  readonly inventory: Inventory;
  readonly model: TreeModel;
  readonly changeClients: ChangeClients;
  readonly installOnInstances: InstallOnInstances;
  readonly editSettings: EditSettings;
  readonly safety: Pick<OwnSafetySettings, 'toggleReadOnly'>;
}

/** Commands that plan a change of clients. Started without a row they mean all clients of the tree. */
export function createChangeCommands(
  world: ChangeCommandWorld,
): readonly (readonly [command: string, handler: CommandHandler])[] {
  const { inventory, model, changeClients, installOnInstances, editSettings, safety } = world;
  const change =
    (action: Action): CommandHandler =>
    async (item, items) => {
      const chosen = chosenNodes(model.tree, item, items);
      const context = await listedContext(world, chosen === undefined);
      if (!context) return;
      await changeClients.run({
        action,
        context,
        machines: chosen ?? allNodes(model.tree),
        review: chosen ? 'chosen' : 'all',
      });
    };
  return [
    ['cloudBackup.install', change('install')],
    ['cloudBackup.upgrade', change('upgrade')],
    ['cloudBackup.uninstall', change('uninstall')],
    [
      'cloudBackup.upgradeAllOutdated',
      async (item, items) => {
        const chosen = chosenNodes(model.tree, item, items);
        const context = await listedContext(world, chosen === undefined);
        if (!context) return;
        const outdated = (chosen ?? allNodes(model.tree)).filter((node) => node.outdated);
        await changeClients.run({
          action: 'upgrade',
          context,
          // With none of them outdated the notice tells of all why.
          machines: outdated.length > 0 ? outdated : (chosen ?? allNodes(model.tree)),
          review: 'chosen',
        });
      },
    ],
    [
      'cloudBackup.previewPlan',
      async (item, items) => {
        const chosen = chosenNodes(model.tree, item, items);
        const context = await listedContext(world, chosen === undefined);
        if (context) await changeClients.preview({ context, machines: chosen ?? allNodes(model.tree) });
      },
    ],
    [
      'cloudBackup.installOnInstances',
      async () => {
        const context = await listedContext(world, true);
        if (!context) return;
        await installOnInstances.run(context, [...(inventory.state?.clients.values() ?? [])]);
      },
    ],
    [
      'cloudBackup.editSettings',
      async (item, items) => {
        const chosen = chosenNodes(model.tree, item, items);
        const context = await listedContext(world, chosen === undefined);
        if (!context) return;
        if (chosen) await editSettings.run(chosen, context);
        else await editSettings.pickAndRun(allNodes(model.tree), context);
      },
    ],
    ['cloudBackup.toggleReadOnly', () => safety.toggleReadOnly()],
  ];
}

/** Whose machines are in view, listed first where that matters; undefined when nobody is signed in. */
async function listedContext(
  { session, inventory }: ChangeCommandWorld,
  listFirst: boolean,
): Promise<ChangeContext | undefined> {
  if (listFirst && inventory.state?.phase !== 'ready') await inventory.refresh();
  const { profile } = session;
  const scope = inventory.state?.scope;
  if (!profile || !scope) return undefined;
  return {
    scope,
    profileName: profile.name,
    demo: profile.demo === true,
    regionName: regionName(scope.regionId),
  };
}
