import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { createNetworkOnFirstUse } from './api/networkOnFirstUse';
import { stopRolloutsInReadOnlyMode } from './core/change/safety/readOnlyMode';
import { createSession } from './core/clients/session';
import {
  handledOnFirstUse,
  ofView,
  runCommand,
  withFailureShown,
  type CommandHandlers,
} from './core/interaction/commandHandler';
import { DisposableStore, disposeIfItFails } from './core/kernel/disposables';
import { configureLocalization } from './core/kernel/localize';
import { Emitter } from './core/kernel/events';
import { onFirstUse } from './core/kernel/onFirstUse';
import { createOperations } from './core/operations/operations';
import type { Operation } from './core/operations/operation';
import { knownClockOffset } from './core/profiles/clockOffset';
import type { OpenInConsole } from './core/profiles/openInConsole';
import { createProfiles } from './core/profiles/createProfiles';
import { createClientTypesInView } from './core/profiles/view/clientTypesInView';
import { createKeychain } from './credentials/keychain';
import { createOutsideOnFirstUse } from './credentials/outsideOnFirstUse';
import { createExtensionApi, type Extension } from './loadedExtension';
import { createStores } from './storage/diskStores';
import { registerClientsView } from './vscode/clients/clientsView';
import { createHost } from './vscode/host';
import type { LazyViews } from './vscode/lazyViews';
import { openLink } from './vscode/openLink';
import { registerClientDocuments } from './vscode/pages/clientDocuments';
import { registerPlanDocuments } from './vscode/operations/vscodePlanDocument';
import { registerProfiles } from './vscode/profiles/registerProfiles';
import { openWalkthrough } from './vscode/walkthrough';
import { createProfileStorage } from './vscode/profiles/profileStorage';

const operationCommands = [
  'cloudBackup.clearFinished',
  'cloudBackup.continueRollout',
  'cloudBackup.copyOperationLink',
  'cloudBackup.copyRequestIds',
  'cloudBackup.exportOperation',
  'cloudBackup.loadOlder',
  'cloudBackup.removeOperation',
  'cloudBackup.retryFailed',
  'cloudBackup.revealClient',
  'cloudBackup.showLastTask',
  'cloudBackup.showReport',
  'cloudBackup.stopSending',
  'cloudBackup.stopWatching',
  'cloudBackup.trackTask',
  'cloudBackup.watchAgain',
] as const;

/**
 * Builds the extension and connects it to the views that the stub created. Everything it starts is disposed with the
 * context, or at once when the start fails.
 */
export function startExtension(context: vscode.ExtensionContext, views: LazyViews): Promise<Extension> {
  configureLocalization({ language: vscode.env.language, texts: vscode.l10n.bundle ?? {} });
  const owned = new DisposableStore();
  context.subscriptions.push(owned);
  return disposeIfItFails(owned, () => build(owned, context, views));
}

async function build(
  owned: DisposableStore,
  context: vscode.ExtensionContext,
  views: LazyViews,
): Promise<Extension> {
  const kept = createProfileStorage(context);
  const host = owned.add(createHost(kept.profiles));
  const { notices, settings } = host;
  const computer = { env: process.env, platform: process.platform, home: homedir() };
  const userAgent = `alibaba-cloud-backup (vscode ${vscode.version})`;
  const network = owned.add(createNetworkOnFirstUse({ ...host, userAgent }));
  const stores = owned.add(createStores(context.globalStorageUri.fsPath, host.clock));

  const endpointOverrides = () => settings.endpoints.current;
  const outside = owned.add(
    createOutsideOnFirstUse({
      ...host,
      ...computer,
      ...network,
      clockOffsetMs: () => knownClockOffset(kept.profiles(), network),
      overrides: endpointOverrides,
      configPath: () => settings.cliConfigPath.current,
      onDidChangePath: settings.cliConfigPath.onDidChange,
      consent: kept.consent,
      hide: (secret) => host.redactor.add(secret),
    }),
  );
  const profiles = owned.add(createProfiles({ ...host, ...network, ...kept, outside, endpointOverrides }));
  const api = network.connect(profiles.keys);

  const readPolicies = async () => {
    const { readCliSafetyPolicies } = await import('./credentials/cliSafetyPolicy');
    return readCliSafetyPolicies({ ...computer, setting: settings.cliConfigPath.current });
  };

  const operations = owned.add(
    createOperations({
      ...host,
      ...stores,
      api,
      run: async (run) => (await import('./core/operations/runOperation')).runOperation(run),
      newId: randomUUID,
      redact: (text) => host.redactor.redact(text),
      isReadOnly: () => settings.safety.current.readOnly,
      retention: { keepDays: () => settings.keepDays.current },
    }),
  );
  owned.add(profiles.keys.onDidChange((id) => operations.keyChanged(id)));
  const readings = operations.onDidReadClients;
  const types = owned.add(createClientTypesInView(context.workspaceState));
  const session = owned.add(createSession({ ...host, ...profiles, ...stores, types, api, readings }));

  const recordsRead = operations.resume();
  const pageDeps = { ...host, recordsRead, extensionUri: context.extensionUri };
  const inBackground = (work: () => Promise<unknown>): void => void withFailureShown(work, notices);
  const operationPages = onFirstUse(async () => {
    const { registerOperationPages } = await import('./vscode/pages/operationPages');
    return owned.add(registerOperationPages({ ...pageDeps, operations }));
  });
  const shownReports = owned.add(new Emitter<string>());
  const showReport = (operationId: string, failures?: boolean): void => {
    shownReports.fire(operationId);
    inBackground(async () => (await operationPages()).show(operationId, failures));
  };
  const plans = owned.add(registerPlanDocuments(notices));
  const changes = onFirstUse(async () => {
    const { createChanges } = await import('./core/change/changes');
    const deps = {
      ...host,
      ...settings,
      operations,
      session,
      api,
      readPolicies,
      showPlan: plans.show,
      showReport,
    };
    return owned.add(createChanges(deps));
  });
  owned.add(stopRolloutsInReadOnlyMode(settings.safety, operations, host.log));
  const console = onFirstUse(async () => {
    const { createOpenInConsole } = await import('./core/profiles/openInConsole');
    return createOpenInConsole({ ...host, ...profiles, outside, setting: settings.consoleSite, openLink });
  });
  const openInConsole: OpenInConsole = async (...asked) => (await console())(...asked);
  const linkBase = `${vscode.env.uriScheme}://${context.extension.id}`;
  const shared = { ...host, ...profiles, changes, session, operations, api, openInConsole, linkBase };
  const clients = owned.add(
    registerClientsView({
      ...shared,
      lazyView: views.clients,
      workspaceState: context.workspaceState,
      globalState: context.globalState,
      toggleReadOnly: () => settings.toggleReadOnly(),
    }),
  );
  const ended = owned.add(new Emitter<Operation>());
  const tasks = onFirstUse(async () => {
    const { showOperations } = await import('./vscode/operations/showOperations');
    return owned.add(
      showOperations({
        ...shared,
        views,
        ended: { onDidEnd: ended.event },
        model: clients.model,
        revealNode: (nodeId) => clients.reveal(nodeId),
        showReport,
        onDidShowReport: shownReports.event,
        state: context.globalState,
        resumeTracking: (id) => inBackground(() => operations.resumeTracking(id)),
        again: (operation, how) =>
          inBackground(async () => (await changes()).retryFailed.run(operation, how)),
      }),
    );
  });
  owned.add(operations.onDidChange(() => inBackground(tasks)));
  owned.add(
    operations.onDidEnd((operation) =>
      inBackground(async () => {
        await tasks();
        ended.fire(operation);
      }),
    ),
  );
  const documents = owned.add(registerClientDocuments(host.redactor));
  const clientPages = onFirstUse(async () => {
    const { registerClientPages } = await import('./vscode/pages/clientPages');
    return owned.add(
      registerClientPages({
        ...pageDeps,
        ...shared,
        model: clients.model,
        settings,
        documents,
        selected: views.clients.view,
        backups: clients.backups,
        showOperation: showReport,
        reveal: (nodeId) => clients.reveal(nodeId),
      }),
    );
  });
  const overviewPage = onFirstUse(async () => {
    const { registerOverviewPage } = await import('./vscode/pages/overviewPage');
    return owned.add(
      registerOverviewPage({
        ...pageDeps,
        ...settings,
        ...shared,
        backups: clients.backups,
        showClients: clients.showFiltered,
        showOperation: showReport,
      }),
    );
  });
  const account = owned.add(
    registerProfiles({
      ...shared,
      ...kept,
      types,
      outside,
      keychain: createKeychain(),
      newId: randomUUID,
      openWalkthrough: () => openWalkthrough(context.extension.id),
    }),
  );
  const commands: CommandHandlers = {
    'cloudBackup.openOverview': ofView(async () => (await overviewPage()).show()),
    ...clients.commands,
    ...handledOnFirstUse(
      ['cloudBackup.openClient', 'cloudBackup.openClientAsJson'],
      async () => (await clientPages()).commands,
    ),
    ...handledOnFirstUse(operationCommands, async () => (await tasks()).commands),
    ...account.commands,
  };

  const openDeepLink = onFirstUse(async () => {
    const { createOpenLink } = await import('./core/shell/openLink');
    return createOpenLink({
      ...shared,
      model: clients.model,
      reveal: (nodeId) => clients.reveal(nodeId),
      showFiltered: clients.showFiltered,
      showOperation: (id) => {
        const known = operations.get(id) !== undefined;
        if (known) showReport(id);
        return known;
      },
    });
  });

  await Promise.all([profiles.store.load(), operations.runningRead]);
  return {
    run: (id, args, startedAt) =>
      host.presence.begin(async () => {
        // From the palette, they might ask about any operation of the history.
        if (operationCommands.some((one) => one === id)) await recordsRead;
        return runCommand(commands, id, args, notices);
      }, startedAt),
    showTasks: async () => {
      await tasks();
    },
    openLink: async (address) => {
      await recordsRead;
      return withFailureShown(async () => (await openDeepLink())(address), notices);
    },
    pages: {
      operation: { revive: async (panel, memory) => (await operationPages()).revive(panel, memory) },
      client: { revive: async (panel, memory) => (await clientPages()).revive(panel, memory) },
      overview: { revive: async (panel) => (await overviewPage()).revive(panel) },
    },
    api: createExtensionApi({ ...profiles, session, operations, recordsRead }),
  };
}
