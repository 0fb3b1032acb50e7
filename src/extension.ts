import { t } from '@vscode/l10n';
import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { createPlainHttp } from './api/plainHttp';
import { createServiceApi } from './api/serviceApi';
import { createStsApi } from './api/sts';
import { allowFarHosts } from './api/transport';
import { createChangeClients } from './core/change/changeClients';
import { attendedQuestions } from './core/interaction/attendedQuestions';
import { DisposableStore, toDisposable, wholly } from './core/kernel/disposables';
import { isCancelled, toBackupError } from './core/service/errors';
import { createEditSettings } from './core/change/settings/editSettings';
import { askFilter } from './core/clients/askFilter';
import type { Operation } from './core/operations/operation';
import { createInstallOnInstances } from './core/change/installOnInstances';
import { createRetryFailed } from './core/change/retryFailed';
import { tellSummaries } from './core/operations/summary';
import { operationsOnClients } from './core/operations/operationsOnClients';
import { createOperations } from './core/operations/operations';
import { stopRollout } from './core/change/stopRollout';
import { stopRolloutsInReadOnlyMode } from './core/change/safety/readOnlyMode';
import { createChangeGate } from './core/change/safety/safety';
import { createProfiles } from './core/profiles/createProfiles';
import { knownClockOffset } from './core/profiles/clockOffset';
import { DemoServer, type RunningDemo } from './core/profiles/demoServer';
import type { Profiles } from './core/profiles/createProfiles';
import { troubleInWords } from './core/shell/statusText';
import { quickMenuRows } from './core/shell/quickMenu';
import { createManagePrograms } from './core/profiles/signIn/managePrograms';
import { createCopyRamPolicy } from './core/profiles/ramPolicy';
import { createSelectAccount } from './core/profiles/view/selectAccount';
import { createSelectRegions } from './core/profiles/view/selectRegions';
import { configureLocalization } from './core/kernel/localize';
import { Redactor } from './core/kernel/redact';
import { regions } from './core/service/regions';
import { nothingListed, reachIn } from './core/clients/reach';
import { createSession } from './core/clients/session';
import { createSignIn } from './core/profiles/signIn/signIn';
import { createTreeModel } from './core/clients/treeModel';
import { readCliSafetyPolicies } from './credentials/cliSafetyPolicy';
import { createKeychain } from './credentials/keychain';
import { createOutsideCredentials } from './credentials/outsideCredentials';
import type { ExtensionApi } from './extensionApi';
import { createLeaseStore } from './storage/leaseStore';
import { createListingStore } from './storage/listingStore';
import { nodeDisk } from './storage/nodeDisk';
import { createRecordStore } from './storage/recordStore';
import { registerClientsView } from './vscode/clients/clientsView';
import { keepCommandConsent } from './vscode/profiles/commandConsent';
import { createCommands } from './vscode/commands';
import { ContextKeys } from './vscode/contextKeys';
import { readCredentialSettings } from './vscode/settings/credentialSettings';
import type { Doors } from './vscode/doors';
import { readEndpointSettings } from './vscode/settings/endpointSettings';
import { createLog } from './vscode/log';
import { createNotices } from './vscode/notices';
import { registerPlanDocuments } from './vscode/operations/planDocument';
import { createPresence } from './vscode/presence';
import { createProfileIndex } from './vscode/profiles/profileIndex';
import { createQuestions } from './vscode/questions';
import { showQuickMenu } from './vscode/profiles/quickMenu';
import { readSafetySettings } from './vscode/settings/safetySettings';
import { createSecretStore } from './vscode/profiles/secretStore';
import { registerStatusBar } from './vscode/profiles/statusBar';
import { systemClock } from './vscode/systemClock';
import { registerTaskPages } from './vscode/operations/page/taskPages';
import { exportReport } from './vscode/operations/exportReport';
import { revealClient, type TaskCommandWorld } from './vscode/operations/taskCommands';
import { registerTasksView } from './vscode/operations/tasksView';
import { TaskTreeProvider } from './vscode/operations/taskTreeProvider';
import { followBusyClientsInView } from './vscode/clients/busyClientsInView';
import { ClientTreeProvider } from './vscode/clients/clientTreeProvider';
import { readKeepDays, readRolloutDefaults } from './vscode/settings/rolloutSettings';
import { createTreeChoices } from './vscode/clients/treeChoices';

/** The loaded extension, as the stub needs it. */
export interface Extension {
  /** @param startedAt when the user started it, by `performance.now()` */
  run(command: string, args: readonly unknown[], startedAt: number): Promise<unknown>;
  revivePage(panel: vscode.WebviewPanel, memory: unknown): void;
  /** Its version is the stub's to give. */
  readonly api: Omit<ExtensionApi, 'version'>;
}

/**
 * Builds the extension and connects its parts to the doors that the stub opened. Everything it starts is disposed with
 * the context, or at once when the start fails.
 */
export function startExtension(context: vscode.ExtensionContext, doors: Doors): Promise<Extension> {
  configureLocalization({ language: vscode.env.language, texts: vscode.l10n.bundle ?? {} });
  const owned = new DisposableStore();
  context.subscriptions.push(owned);
  return wholly(owned, () => build(owned, context, doors));
}

async function build(
  owned: DisposableStore,
  context: vscode.ExtensionContext,
  doors: Doors,
): Promise<Extension> {
  const clock = systemClock;
  const storage = context.globalStorageUri.fsPath;
  const redactor = new Redactor();
  const log = owned.add(createLog(redactor));
  const presence = owned.add(createPresence());
  const notices = createNotices({
    presence,
    profileName: (id) => profiles.store.list().find((profile) => profile.id === id)?.name,
    log,
  });
  const questions = attendedQuestions(createQuestions(clock), presence);
  const contextKeys = new ContextKeys();

  const endpoints = owned.add(readEndpointSettings({ notices, log }));
  const userAgent = `alibaba-cloud-backup (vscode ${vscode.version})`;
  const calls = { clock, log, random: Math.random, userAgent };
  owned.add(allowFarHosts());
  // A session takes STS a moment; where its host does not answer, another one is worth naming soon.
  const sts = owned.add(createStsApi({ ...calls, attemptMs: 10_000 }));
  const credentials = owned.add(readCredentialSettings());
  const consent = keepCommandConsent(context.globalState);
  const outside = owned.add(
    createOutsideCredentials({
      http: createPlainHttp(clock, userAgent),
      sts,
      clock,
      clockOffsetMs: () => knownClockOffset(profiles.store.list(), api),
      env: process.env,
      platform: process.platform,
      home: homedir(),
      overrides: () => endpoints.overrides,
      configPath: () => credentials.cliConfigPath(),
      onDidChangePath: credentials.onDidChange,
      consent,
      hide: (secret) => redactor.add(secret),
    }),
  );
  const profiles: Profiles = owned.add(
    createProfiles({
      index: createProfileIndex(context.globalState),
      secrets: createSecretStore(context.secrets),
      outside,
      sts,
      redactor,
      endpointOverrides: () => endpoints.overrides,
      clock,
      log,
    }),
  );
  const api = owned.add(createServiceApi({ connections: profiles.keys, ...calls }));
  const safety = owned.add(readSafetySettings({ notices, log }));
  const gate = createChangeGate({
    settings: () => safety.current,
    readPolicies: () =>
      readCliSafetyPolicies({
        platform: process.platform,
        env: process.env,
        home: homedir(),
        setting: credentials.cliConfigPath(),
      }),
  });
  const listings = createListingStore(nodeDisk, storage);
  owned.add(profiles.store.onDidRemove((id) => void listings.remove(id)));
  const operations = owned.add(
    createOperations({
      api,
      records: owned.add(createRecordStore(nodeDisk, storage)),
      leases: createLeaseStore(nodeDisk, storage, clock),
      clock,
      log,
      newId: randomUUID,
      redact: (text) => redactor.redact(text),
      isReadOnly: () => safety.current.readOnly,
      retention: { keepDays: readKeepDays },
    }),
  );
  owned.add(profiles.keys.onDidChange((id) => operations.keyChanged(id)));
  const session = owned.add(
    createSession({
      ...profiles,
      api,
      listings,
      clock,
      log,
    }),
  );
  const signIn = createSignIn({
    ...profiles,
    outside,
    troubleOf: (id) =>
      session.listings.flatMap(({ profile, state }) =>
        profile.id === id ? (troubleInWords(state) ?? []) : [],
      )[0],
    keychain: createKeychain(),
    questions,
    notices,
    redactor,
    log,
    newId: randomUUID,
  });
  owned.add(
    operations.onDidReadClients(({ scope, clients, missingKeys }) =>
      session.update(scope, clients, missingKeys),
    ),
  );

  const choices = owned.add(createTreeChoices(context.workspaceState, contextKeys));
  const model = owned.add(
    createTreeModel({ session, operations: operationsOnClients(operations), choices, api, clock, log }),
  );
  const clientTree = owned.add(
    new ClientTreeProvider({
      model,
      view: doors.clientsView,
      clock,
      staleMinutes: () => choices.staleMinutes(),
    }),
  );
  const taskTree = owned.add(new TaskTreeProvider({ operations, clock, log }));

  const recordsRead = operations.resume();
  const withOperation = async (id: string, act: (operation: Operation) => Promise<void>): Promise<void> => {
    const operation = operations.get(id);
    if (operation) await act(operation);
  };
  const pages = owned.add(
    registerTaskPages({
      operations: {
        whenLoaded: () => recordsRead,
        get: (id) => operations.get(id),
        list: () => operations.list(),
        nextCheckAt: (id) => operations.nextCheckAt(id),
        checkNow: (id) => operations.checkNow(id),
        stopSending: (id) => stopRollout(id, taskWorld),
        stopWatching: (id) => operations.stop(id, 'tracking'),
        watchAgain: (id) => operations.resumeTracking(id),
        retryFailed: (id) => withOperation(id, (operation) => retryFailed.run(operation)),
        exportReport: (id) => withOperation(id, (operation) => exportReport(operation, taskWorld)),
        reveal: (id, key) => revealClient(taskWorld, id, key),
        onDidChange: operations.onDidChange,
        onDidRemove: operations.onDidRemove,
      },
      extensionUri: context.extensionUri,
      presence,
      clock,
      copy: async (text) => await vscode.env.clipboard.writeText(text),
      onError: (error) => notices.failure(toBackupError(error)),
    }),
  );
  const tasksView = owned.add(
    registerTasksView({ view: doors.tasksView, operations, state: context.globalState, clock }),
  );
  const showReport = (id: string, failures = false): void => {
    tasksView.lookedAt(id);
    pages.show(id, failures);
  };
  const plans = owned.add(registerPlanDocuments((error) => notices.failure(toBackupError(error))));
  const starting = {
    showReport: (id: string) => showReport(id),
    stopRollout: (id: string) =>
      void stopRollout(id, taskWorld).catch((error: unknown) => notices.failure(toBackupError(error))),
  };
  const changeClients = owned.add(
    createChangeClients({
      questions,
      notices,
      operations,
      api,
      instances: api,
      reachIn: (scope) => {
        const listing = session.listingOf(scope);
        return listing ? reachIn(listing.inventory.state) : nothingListed;
      },
      gate,
      ...starting,
      rolloutDefaults: readRolloutDefaults,
      showDocument: async (document) => {
        if (await presence.whenHere(document.title)) plans.show(document);
      },
      clock,
      log,
    }),
  );
  const editSettings = owned.add(
    createEditSettings({
      questions,
      notices,
      operations,
      instances: api,
      gate,
      ...starting,
      rolloutDefaults: readRolloutDefaults,
      clock,
      log,
      hide: (secret) => redactor.add(secret),
    }),
  );
  const retryFailed = owned.add(createRetryFailed({ changeClients, editSettings, operations, api, notices }));
  owned.add(
    tellSummaries(operations, {
      notices,
      showReport,
      retryFailed: (operation) => void retryFailed.run(operation),
    }),
  );
  const installOnInstances = createInstallOnInstances({
    questions,
    notices,
    instances: api,
    changeClients,
    operations,
  });

  owned.add(
    registerClientsView({
      view: doors.clientsView,
      session,
      model,
      choices,
      contextKeys,
      clock,
    }),
  );
  owned.add(stopRolloutsInReadOnlyMode(safety, operations, log));
  owned.add(registerStatusBar({ session, keys: profiles.keys, safety, contextKeys }));
  owned.add(followBusyClientsInView({ view: doors.clientsView, session, operations, api, clock, log }));
  owned.add(
    profiles.store.onDidChange(() =>
      contextKeys.set(
        'cloudBackup.hasProfiles',
        profiles.store.list().some(({ demo }) => !demo),
      ),
    ),
  );
  contextKeys.set(
    'cloudBackup.hasProfiles',
    profiles.store.list().some(({ demo }) => !demo),
  );
  owned.add(doors.clients.attach(clientTree));
  owned.add(doors.tasks.attach(taskTree));

  const closing = new AbortController();
  owned.add(toDisposable(() => closing.abort()));
  const taskWorld: TaskCommandWorld = {
    session,
    model,
    operations,
    retryFailed,
    questions,
    notices,
    taskTree,
    clientTree,
    doors,
    showReport,
    presence,
    clock,
    waiting: { signal: closing.signal },
    redact: (text) => redactor.redact(text),
  };

  const startDemo = async (): Promise<RunningDemo> => {
    // Loaded on first use: most users have an account.
    const { startSimulator } = await import('../simulator/main');
    return startSimulator({
      clients: 250,
      zones: 3,
      timeScale: 10,
      regions: regions.map(({ id }) => id),
      keepsJournal: false,
    });
  };
  const demo = owned.add(new DemoServer(startDemo, (connection) => void profiles.demo.connect(connection)));
  owned.add(profiles.store.onDidChange(() => profiles.store.demo || demo.left()));

  const commands = createCommands({
    ...taskWorld,
    changeClients,
    profiles,
    signIn,
    installOnInstances,
    editSettings,
    safety,
    setGrouping: (grouping) => choices.setGrouping(grouping),
    filterClients: async () => {
      const filter = await askFilter(questions, choices.filter());
      if (filter !== undefined) choices.setFilter(filter);
    },
    clearFilter: () => choices.setFilter(''),
    openDemo: () => demo.open(),
    selectRegions: createSelectRegions({ ...profiles, accounts: api, questions, notices, log }),
    selectAccount: createSelectAccount({ ...profiles, accounts: api, questions, notices, log }),
    managePrograms: createManagePrograms({ consent, ...profiles, questions, notices }),
    copyRamPolicy: createCopyRamPolicy({
      ...profiles,
      questions,
      notices,
      copy: async (text) => await vscode.env.clipboard.writeText(text),
    }),
    showQuickMenu: async () => {
      const rows = quickMenuRows({
        listings: session.listings,
        profiles: profiles.store.list(),
        readOnly: safety.current.readOnly,
      });
      if (await presence.whenHere(t('Cloud Backup'))) await showQuickMenu(rows);
    },
    showLog: () => log.show(),
  });

  await Promise.all([profiles.store.load(), recordsRead]);
  return {
    run: async (command, args, startedAt) => {
      try {
        return await presence.begin(() => commands.get(command)?.(...args), startedAt);
      } catch (error) {
        if (!isCancelled(error)) notices.failure(toBackupError(error));
        return undefined;
      }
    },
    revivePage: (panel, memory) => pages.revive(panel, memory),
    api: {
      connectDemo: (connection) => Promise.resolve(void profiles.demo.connect(connection)),
      clients: async () => {
        await session.refresh();
        return session.listings.flatMap((listing) => [...listing.inventory.state.clients.values()]);
      },
      operations: () => Promise.resolve(operations.list()),
    },
  };
}
