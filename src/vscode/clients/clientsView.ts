import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { startAutoRefresh } from '../../core/clients/autoRefresh';
import { deniedInWords } from '../../core/clients/backups/deniedInWords';
import type { LastBackups } from '../../core/clients/backups/lastBackups';
import { createLastBackupsOnFirstUse } from '../../core/clients/backups/lastBackupsOnFirstUse';
import { createInstanceVpcs, vpcTrouble, type InstanceVpcs } from '../../core/clients/instanceVpcs';
import { changesInWords, hasChanges } from '../../core/clients/seen/changesText';
import { createTreeModel, type TreeModel } from '../../core/clients/treeModel';
import { isKeyTrouble } from '../../core/clients/viewState';
import { viewHeadOf } from '../../core/clients/viewMessage';
import { handledOnFirstUse, type CommandHandlers } from '../../core/interaction/commandHandler';
import { DisposableStore, toDisposable, type Disposable } from '../../core/kernel/disposables';
import { plural, sentences } from '../../core/kernel/localize';
import type { Profiles } from '../../core/profiles/createProfiles';
import { operationsOnClients } from '../../core/operations/operationsOnClients';
import type { Operations } from '../../core/operations/operations';
import type { BackupApi, InstanceApi } from '../../core/service/api';
import type { ProtectionApi } from '../../core/service/protection';
import type { VscodeHost } from '../host';
import type { LazyView } from '../lazyViews';
import { createLooking } from '../looking';
import { followBusyClientsInView, type BusyClientsDeps } from './busyClientsInView';
import type { ClientCommandDeps } from './clientCommands';
import { ClientTreeProvider } from './clientTreeProvider';
import { formatTime } from './renderNode';
import { createStoredFilters } from './storedFilters';
import { createTreeChoices, type StoredTreeChoices } from './treeChoices';

/** The Backup Clients view and its commands. */
export interface ClientsView extends Disposable {
  readonly model: TreeModel;
  readonly backups: LastBackups;
  readonly commands: CommandHandlers<(typeof clientCommands)[number]>;
  /** Selects the row of a node of the tree. */
  reveal(nodeId: string): Promise<void>;
  /** Brings the view to the front with this filter. */
  readonly showFiltered: (filter: string) => Promise<void>;
}

export interface ClientsViewDeps
  extends
    Pick<VscodeHost, 'contextKeys' | 'settings'>,
    Pick<Profiles, 'keys'>,
    Omit<ClientCommandDeps, 'model' | 'vpcs' | 'backups' | 'choices' | 'filters' | 'selected'>,
    Omit<BusyClientsDeps, 'looking'> {
  readonly lazyView: LazyView;
  readonly api: BackupApi & Pick<InstanceApi, 'listInstances'> & ProtectionApi;
  readonly operations: Operations;
  readonly workspaceState: vscode.Memento;
  readonly globalState: vscode.Memento;
}

const clientCommands = [
  'cloudBackup.clearFilter',
  'cloudBackup.copyClientId',
  'cloudBackup.copyInstanceId',
  'cloudBackup.copyLink',
  'cloudBackup.copyName',
  'cloudBackup.copyPrivateIp',
  'cloudBackup.editFilter',
  'cloudBackup.editSettings',
  'cloudBackup.filter',
  'cloudBackup.groupBy',
  'cloudBackup.install',
  'cloudBackup.installOnInstances',
  'cloudBackup.installOnInstancesOnRow',
  'cloudBackup.markSeen',
  'cloudBackup.openInConsole',
  'cloudBackup.previewPlan',
  'cloudBackup.previewPlanOnRow',
  'cloudBackup.refresh',
  'cloudBackup.refreshOnRow',
  'cloudBackup.toggleReadOnly',
  'cloudBackup.uninstall',
  'cloudBackup.unpin',
  'cloudBackup.upgrade',
  'cloudBackup.upgradeAllOutdated',
  'cloudBackup.upgradeAllOutdatedOnRow',
] as const;

/** Shows the clients of the session in the view, with its title, badge, message and progress. */
export function registerClientsView(deps: ClientsViewDeps): ClientsView {
  const { operations, contextKeys, settings, lazyView } = deps;
  const { view } = lazyView;
  const owned = new DisposableStore();
  const choices = owned.add(createTreeChoices(deps.workspaceState, contextKeys, settings.staleMinutes));
  const vpcs = owned.add(createInstanceVpcs({ ...deps, choices }));
  const looking = owned.add(createLooking(view));
  const backups = owned.add(
    createLastBackupsOnFirstUse({
      ...deps,
      looking,
      settings: settings.lastBackups,
      serviceNow: (scope) => deps.clock.now() + (deps.api.clockOffsetMs(scope) ?? 0),
    }),
  );
  const model = owned.add(
    createTreeModel({ ...deps, operations: operationsOnClients(operations), vpcs, backups, choices }),
  );
  const tree = owned.add(
    new ClientTreeProvider({ model, view, clock: deps.clock, staleMinutes: () => choices.staleMinutes() }),
  );
  owned.add(
    choices.onDidChangeFilter((filter) => {
      if (filter !== '') void tree.showFew(view);
    }),
  );
  owned.add(followSession({ ...deps, view, model, vpcs, backups, choices }));
  owned.add(followBusyClientsInView({ ...deps, looking }));
  owned.add(startAutoRefresh({ ...deps, looking, minutes: settings.autoRefreshMinutes }));
  owned.add(lazyView.attach(tree));
  return {
    model,
    backups,
    commands: handledOnFirstUse(clientCommands, async () => {
      const { createClientCommands } = await import('./clientCommands');
      return createClientCommands({
        ...deps,
        model,
        vpcs,
        backups,
        choices,
        filters: createStoredFilters(deps.globalState, deps.workspaceState),
        selected: view,
      });
    }),
    reveal: async (nodeId) => await view.reveal(tree.elementOf(nodeId), { select: true, focus: true }),
    showFiltered: async (filter) => {
      choices.setFilter(filter);
      await vscode.commands.executeCommand('cloudBackup.clients.focus');
      await tree.showFew(view);
    },
    dispose: () => owned.dispose(),
  };
}

function followSession({
  view,
  session,
  store,
  model,
  vpcs,
  backups,
  choices,
  contextKeys,
  clock,
}: Pick<ClientsViewDeps, 'session' | 'store' | 'contextKeys' | 'clock'> & {
  readonly view: LazyView['view'];
  readonly model: TreeModel;
  readonly vpcs: Pick<InstanceVpcs, 'isReading' | 'error'>;
  readonly backups: Pick<LastBackups, 'denied'>;
  readonly choices: StoredTreeChoices;
}): Disposable {
  const owned = new DisposableStore();
  const showProgress = progressAt('cloudBackup.clients');
  const update = (): void => {
    const { profile, listings, state } = session;
    const states = listings.map(({ inventory }) => inventory.state);
    const filter = choices.filter();
    const { shown } = model.tree;
    const allHidden =
      filter !== '' &&
      (state === 'ready' ? shown === 0 : state === 'several' && model.tree.roots.length === 0);
    contextKeys.set('cloudBackup.state', allHidden ? 'filteredOut' : state);
    contextKeys.set('cloudBackup.signedIn', profile !== undefined);
    contextKeys.set(
      'cloudBackup.keyTrouble',
      listings.some((listing) => isKeyTrouble(listing.state)),
    );
    contextKeys.set('cloudBackup.demo', profile?.demo === true);
    const changes = listings.flatMap((listing) => listing.changes ?? []);
    contextKeys.set('cloudBackup.hasChanges', changes.some(hasChanges));
    const hasRows = model.tree.roots.length > 0;
    const news = sentences(
      changesInWords(changes, formatTime),
      vpcs.error && vpcTrouble(vpcs.error),
      deniedInWords(backups.denied),
    );
    const head = viewHeadOf(listings, clock.now(), { filter, shown, hasRows }, news);
    assign(view, 'description', head.description);
    assign(view, 'message', head.message);
    const attentionCount = model.tree.counts.attention;
    if ((view.badge?.value ?? 0) !== attentionCount) {
      view.badge =
        attentionCount === 0 ? undefined : { value: attentionCount, tooltip: badgeTooltip(attentionCount) };
    }
    showProgress(vpcs.isReading || states.some(({ phase }) => phase === 'loading'));
  };
  const updateProfiles = (): void =>
    contextKeys.set(
      'cloudBackup.hasProfiles',
      store.list().some(({ demo }) => !demo),
    );
  owned.add(model.onDidRebuild(update));
  owned.add(store.onDidChange(updateProfiles));
  owned.add(view.onDidChangeVisibility(({ visible }) => session.setVisible(visible)));
  owned.add(toDisposable(() => showProgress(false)));
  session.setVisible(view.visible);
  updateProfiles();
  update();
  return owned;
}

/** Shows and ends the progress bar of a view. */
function progressAt(viewId: string): (running: boolean) => void {
  let end: (() => void) | undefined;
  return (running) => {
    if (running && !end) {
      const ended = new Promise<void>((resolve) => (end = resolve));
      void vscode.window.withProgress({ location: { viewId } }, () => ended);
    } else if (!running && end) {
      end();
      end = undefined;
    }
  };
}

function badgeTooltip(count: number): string {
  return plural(count, {
    one: (n) => t('{0} backup client needs attention', n),
    other: (n) => t('{0} backup clients need attention', n),
  });
}

/** Sets a property of the view only when it differs: each set is a message to the workbench. */
function assign(
  view: LazyView['view'],
  property: 'description' | 'message',
  value: string | undefined,
): void {
  if ((view[property] ?? '') !== (value ?? '')) view[property] = value ?? '';
}
