import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';
import type { LastBackups } from '../../core/clients/backups/lastBackups';
import type { Session } from '../../core/clients/session';
import type { TreeModel } from '../../core/clients/treeModel';
import type { CommandId } from '../../core/interaction/commandIds';
import type { Host } from '../../core/interaction/host';
import type { TreeElement } from '../../core/interaction/treeElement';
import { DisposableStore, toDisposable, type Disposable } from '../../core/kernel/disposables';
import type { Event } from '../../core/kernel/events';
import type { Operations } from '../../core/operations/operations';
import { operationsOnClients } from '../../core/operations/operationsOnClients';
import { clientPageState } from '../../core/pages/client/clientPage';
import type { ClientPageCommand } from '../../core/pages/client/clientActions';
import { readClientBackups, type ClientBackupsDeps } from '../../core/pages/client/readClientBackups';
import { ShownBackups } from '../../core/pages/client/shownBackups';
import { findClient, type ClientRef } from '../../core/pages/client/shownClient';
import type { BackupApi } from '../../core/service/api';
import type { ProtectionApi } from '../../core/service/protection';
import type { Scope } from '../../core/service/scope';
import { isPageMemory } from '../../protocol/guards';
import { dispatch, type FromPage, type Handlers } from '../../protocol/messages';
import { runCommand } from '../runCommand';
import type { Settings } from '../settings';
import type { ClientDocuments } from './clientDocuments';
import { createClientPageCommands, type FindClient, type ShowClient } from './clientPageCommands';
import { createPanel, PagePanel, type PageContent, type PageDeps } from './pagePanel';

/** What the pages of clients work with. */
export interface ClientPagesDeps extends PageDeps, Pick<Host, 'log'> {
  readonly session: Pick<Session, 'listingOf' | 'onDidChange'>;
  readonly operations: Pick<Operations, 'list' | 'onDidChange' | 'onDidRemove'>;
  readonly model: Pick<TreeModel, 'tree'>;
  readonly settings: Pick<Settings, 'staleMinutes' | 'safety'>;
  readonly api: Pick<BackupApi, 'clockOffsetMs'> & ProtectionApi;
  readonly backups: Pick<LastBackups, 'factsOf' | 'onDidChange'>;
  readonly showOperation: (operationId: string) => void;
  /** Selects the row of a client in the Backup Clients view. */
  readonly reveal: (nodeId: string) => Promise<void>;
  /** The rows that are selected in that view. */
  readonly selected: { readonly selection: readonly TreeElement[] };
  readonly documents: Pick<ClientDocuments, 'show'>;
}

/** Milliseconds that a document waits for backups. */
const documentLimitMs = 5000;

/** Milliseconds between the clicks of a double click, at most. */
const doubleMs = 600;

/**
 * The pages of clients: one that shows the client you opened last, and those you kept open. Disposing closes them all.
 */
export interface ClientPages extends Disposable {
  readonly commands: ReturnType<typeof createClientPageCommands>;
  /** Fills a page that was open before a reload; `memory` is what the page remembered of itself. */
  revive(panel: vscode.WebviewPanel, memory: unknown): void;
}

/** Makes the pages of clients available and keeps them up to date. */
export function registerClientPages(deps: ClientPagesDeps): ClientPages {
  const { session, operations, settings } = deps;
  const owned = new DisposableStore();
  const pages = new Set<ClientPage>();
  const facts = operationsOnClients(operations);
  const serviceNow = (scope: Scope): number => deps.clock.now() + (deps.api.clockOffsetMs(scope) ?? 0);
  const backupsDeps: ClientBackupsDeps = { ...deps, serviceNow };
  const find: FindClient = (ref) =>
    findClient(session, ref, {
      factsOf: (listing) => facts.factsOf(listing),
      backupsOf: (listing) => deps.backups.factsOf(listing),
      serviceNow: ({ scope }) => serviceNow(scope),
      staleMinutes: settings.staleMinutes.current,
    });

  const adopt = (panel: vscode.WebviewPanel, ref: ClientRef, pinned: boolean): void => {
    const page = new ClientPage(panel, { ref, pinned }, { ...deps, find, backupsDeps }, () =>
      pages.delete(page),
    );
    pages.add(page);
  };
  const updateAll = (): void => {
    for (const page of pages) page.update();
  };
  const changes: readonly Event<unknown>[] = [
    session.onDidChange,
    operations.onDidChange,
    operations.onDidRemove,
    settings.safety.onDidChange,
    settings.staleMinutes.onDidChange,
    deps.backups.onDidChange,
  ];
  for (const onDidChange of changes) owned.add(onDidChange(updateAll));

  let last = { id: '', at: -Infinity };
  /** A client that's opened twice in a moment gets the keyboard: that's a double click, or Enter pressed twice. */
  const show: ShowClient = (ref, options) => {
    const at = deps.clock.monotonic();
    const isAgain = ref.id === last.id && at - last.at < doubleMs;
    const preserveFocus = options.preserveFocus && !isAgain;
    last = { id: ref.id, at };
    const same = [...pages].find((page) => page.ref.id === ref.id);
    if (same) {
      same.reveal({ preserveFocus });
      return;
    }
    const preview = [...pages].find(({ pinned }) => !pinned);
    if (preview) {
      preview.show(ref);
      preview.reveal({ preserveFocus });
      return;
    }
    const title = t({ message: 'Client', comment: ['Title of a page before its client is known.'] });
    adopt(createPanel('client', title, deps, { preserveFocus }), ref, false);
  };
  const closing = new AbortController();
  owned.add(toDisposable(() => closing.abort()));

  return {
    commands: createClientPageCommands({
      ...deps,
      show,
      find,
      readBackups: ({ listing, node }, waiting) =>
        readClientBackups(backupsDeps, listing.scope, node.client, waiting, documentLimitMs),
      waiting: { signal: closing.signal },
    }),
    revive(panel, memory) {
      if (owned.disposed || !isPageMemory('client', memory)) {
        panel.dispose();
        return;
      }
      const { subject: id, own } = memory;
      const { pinned = false, ...ids } = own ?? {};
      adopt(panel, { id, ...ids }, pinned);
    },
    dispose() {
      owned.dispose();
      for (const page of [...pages]) page.dispose();
    },
  };
}

/** Buttons of the page that are commands of a row. */
const commands: Readonly<Record<Exclude<ClientPageCommand, 'showInClients'>, CommandId>> = {
  upgrade: 'cloudBackup.upgrade',
  install: 'cloudBackup.install',
  uninstall: 'cloudBackup.uninstall',
  editSettings: 'cloudBackup.editSettings',
  openInConsole: 'cloudBackup.openInConsole',
  openAsJson: 'cloudBackup.openClientAsJson',
};

interface ClientPageDeps extends ClientPagesDeps {
  readonly find: FindClient;
  readonly backupsDeps: ClientBackupsDeps;
}

/** A panel with the client it shows. */
class ClientPage implements Disposable {
  readonly #page: PagePanel<'client'>;
  readonly #deps: ClientPageDeps;
  readonly #backups: ShownBackups;
  #ref: ClientRef;
  #pinned: boolean;
  readonly #handlers: Handlers<FromPage<'client'>, Promise<void>> = {
    command: ({ command }) => this.#run(command),
    openOperation: ({ operationId }) => {
      this.#deps.showOperation(operationId);
      return Promise.resolve();
    },
    pin: ({ pinned }) => {
      this.#pinned = pinned;
      return Promise.resolve();
    },
  };

  constructor(
    panel: vscode.WebviewPanel,
    { ref, pinned }: { readonly ref: ClientRef; readonly pinned: boolean },
    deps: ClientPageDeps,
    onDidClose: () => void,
  ) {
    this.#deps = deps;
    this.#ref = ref;
    this.#pinned = pinned;
    const content: PageContent<'client'> = {
      kind: 'client',
      state: () => this.#state(),
      handle: (message) => dispatch(this.#handlers, message),
    };
    this.#backups = new ShownBackups(deps.backupsDeps, () => this.update());
    this.#page = new PagePanel(panel, content, deps, () => {
      this.#backups.dispose();
      onDidClose();
    });
  }

  get ref(): ClientRef {
    return this.#ref;
  }

  get pinned(): boolean {
    return this.#pinned;
  }

  show(ref: ClientRef): void {
    this.#ref = ref;
    this.#page.sendNow();
  }

  reveal(options: { readonly preserveFocus: boolean }): void {
    this.#page.reveal(options);
  }

  update(): void {
    this.#page.update();
  }

  dispose(): void {
    this.#page.dispose();
  }

  #state(): ReturnType<PageContent<'client'>['state']> {
    const { clock, api, settings, operations } = this.#deps;
    const found = this.#deps.find(this.#ref);
    switch (found) {
      case 'loading':
        return undefined;
      case 'gone':
        return {
          gone: {
            title: t('Client not found'),
            text: t("This client isn't in the list anymore. You can close this page."),
          },
        };
      case 'hidden':
        return {
          gone: {
            title: t('Client not shown'),
            text: t(
              "This client belongs to a profile or region that isn't shown. Switch to that profile, or select its region.",
            ),
          },
        };
      default:
    }
    const state = clientPageState(found, {
      now: clock.now(),
      serviceAheadMs: api.clockOffsetMs(found.listing.scope) ?? 0,
      staleMinutes: settings.staleMinutes.current,
      readOnly: settings.safety.current.readOnly,
      pinned: this.#pinned,
      operations: operations.list(),
      backups: this.#backups.of(found),
    });
    this.#ref = state.ref;
    return state;
  }

  async #run(command: ClientPageCommand): Promise<void> {
    const { id } = this.#ref;
    const { model, notices, reveal } = this.#deps;
    const needsRow = command !== 'openAsJson';
    if (needsRow && !model.tree.node(id)) {
      notices.info(t('The filter of Backup Clients hides this client. Clear the filter, then try again.'), [
        {
          label: t({ message: 'Clear Filter', comment: ['Button.'] }),
          run: () => void runCommand('cloudBackup.clearFilter'),
        },
      ]);
      return;
    }
    if (command === 'showInClients') await reveal(id);
    else await runCommand(commands[command], { id });
  }
}
