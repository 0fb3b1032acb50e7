import * as vscode from 'vscode';
import { scopeLabelOf } from '../../core/clients/askListing';
import type { LastBackups } from '../../core/clients/backups/lastBackups';
import type { Listing } from '../../core/clients/listing';
import type { Session } from '../../core/clients/session';
import type { Setting } from '../../core/interaction/watchSetting';
import { DisposableStore, type Disposable } from '../../core/kernel/disposables';
import type { Log } from '../../core/kernel/log';
import { Leftovers } from '../../core/operations/leftovers';
import type { Operations } from '../../core/operations/operations';
import type { OverviewListing } from '../../core/pages/overview/facts';
import { countObstacle, createInstanceCounts } from '../../core/pages/overview/instanceCounts';
import { firstOperationDay } from '../../core/pages/overview/operationsChart';
import {
  overviewPageState,
  overviewTitle,
  type OverviewCommand,
} from '../../core/pages/overview/overviewPage';
import type { Target } from '../../core/pages/overview/targets';
import type { BackupApi, InstanceApi } from '../../core/service/api';
import { isCancelled, toBackupError } from '../../core/service/errors';
import { dispatch, type FromPage, type Handlers } from '../../protocol/messages';
import { runCommand } from '../runCommand';
import { createPanel, PagePanel, type PageContent, type PageDeps } from './pagePanel';

/** Milliseconds after which ages are shown anew although nothing else changed. */
const agesChangeMs = 60_000;

/** What Fleet Overview works with. */
export interface OverviewPageDeps extends PageDeps {
  readonly log: Log;
  readonly session: Pick<Session, 'listings' | 'onDidChange' | 'refreshListing' | 'listDue'>;
  readonly operations: Pick<
    Operations,
    'list' | 'onDidChange' | 'onDidRemove' | 'onDidChangeLedger' | 'olderCount' | 'loadOlder'
  >;
  readonly api: Pick<BackupApi, 'clockOffsetMs'> & Pick<InstanceApi, 'listInstances'>;
  readonly backups: Pick<LastBackups, 'factsOf' | 'denied' | 'readAgain' | 'readDue' | 'onDidChange'>;
  readonly staleMinutes: Setting<number>;
  /** Shows the clients that a filter finds in the Backup Clients view. */
  readonly showClients: (filter: string) => Promise<void>;
  readonly showOperation: (operationId: string) => void;
}

/** The one page of Fleet Overview. Disposing closes it. */
export interface OverviewPage extends Disposable {
  /** Opens the page, or brings it to the front. */
  show(): void;
  /** Fills a page that was open before a reload. */
  revive(panel: vscode.WebviewPanel): void;
}

/** Makes Fleet Overview available and keeps it up to date. */
export function registerOverviewPage(deps: OverviewPageDeps): OverviewPage {
  let open: { readonly panel: PagePanel<'overview'>; readonly content: OverviewContent } | undefined;
  let disposed = false;
  const adopt = (webviewPanel: vscode.WebviewPanel): void => {
    const content = new OverviewContent(deps, () => panel.update());
    const panel = new PagePanel(webviewPanel, content, deps, () => {
      content.dispose();
      open = undefined;
    });
    open = { panel, content };
    content.start();
  };
  return {
    show() {
      if (open) open.panel.reveal();
      else adopt(createPanel('overview', overviewTitle(), deps));
    },
    revive(panel) {
      if (disposed || open) panel.dispose();
      else adopt(panel);
    },
    dispose() {
      disposed = true;
      open?.panel.dispose();
    },
  };
}

class OverviewContent implements PageContent<'overview'>, Disposable {
  readonly kind = 'overview';
  readonly #deps: OverviewPageDeps;
  readonly #update: () => void;
  readonly #owned = new DisposableStore();
  readonly #closing = new AbortController();
  readonly #leftovers = new Leftovers();
  readonly #counts;
  #chosen = '';

  readonly #handlers: Handlers<FromPage<'overview'>, Promise<void>> = {
    choose: ({ listing }) => {
      this.#chosen = listing;
      return Promise.resolve();
    },
    command: ({ command }) => this.#commands[command](),
    open: ({ target }) => dispatch(this.#targets, target),
  };
  readonly #targets: Handlers<Target, Promise<void>> = {
    filter: ({ text }) => this.#deps.showClients(text),
    operation: ({ operationId }) => {
      this.#deps.showOperation(operationId);
      return Promise.resolve();
    },
    tasks: async () => {
      await vscode.commands.executeCommand('cloudBackup.tasks.focus');
    },
    install: async ({ listing }) => {
      await runCommand('cloudBackup.installOnInstancesOnRow', { id: listing });
    },
  };
  readonly #commands: Readonly<Record<OverviewCommand, () => Promise<void>>> = {
    count: () => {
      const countable = this.#chosenListings().filter(({ scope }) => countObstacle(scope) === undefined);
      // Its progress is part of the state, and the page is used meanwhile.
      void this.#counts.count(countable);
      return Promise.resolve();
    },
    cancelCount: () => {
      this.#counts.cancel();
      return Promise.resolve();
    },
    addProfile: async () => {
      await runCommand('cloudBackup.addProfile');
    },
    signInAgain: async () => {
      await runCommand('cloudBackup.signInAgain', { id: this.#chosenListings()[0]?.key });
    },
    refresh: async () => {
      const { session, backups } = this.#deps;
      for (const { key } of this.#chosenListings()) backups.readAgain(key);
      await Promise.all(this.#chosenListings().map(({ key }) => session.refreshListing(key)));
    },
  };

  /** @param update called when there's something new to show */
  constructor(deps: OverviewPageDeps, update: () => void) {
    this.#deps = deps;
    this.#update = update;
    this.#counts = this.#owned.add(createInstanceCounts({ instances: deps.api, log: deps.log }));
  }

  /** Lists what wasn't listed yet, and follows what is shown. */
  start(): void {
    const { session, operations, backups, staleMinutes } = this.#deps;
    const changes = [
      session.onDidChange,
      operations.onDidChange,
      operations.onDidRemove,
      operations.onDidChangeLedger,
      staleMinutes.onDidChange,
      backups.onDidChange,
      this.#counts.onDidChange,
    ];
    for (const onDidChange of changes) this.#owned.add(onDidChange(() => this.#update()));
    session.listDue();
    this.#owned.add(session.onDidChange(() => backups.readDue()));
    backups.readDue();
    for (const work of [this.#loadOperations(), this.#followAges()]) {
      work.catch((error: unknown) => {
        if (!isCancelled(error)) this.#deps.notices.failure(toBackupError(error));
      });
    }
  }

  state(): ReturnType<PageContent<'overview'>['state']> {
    const { operations, backups, clock, staleMinutes } = this.#deps;
    return overviewPageState({
      now: clock.now(),
      listings: this.#listings(),
      chosen: this.#chosen,
      staleMinutes: staleMinutes.current,
      backupsDenied: backups.denied,
      operations: operations.list(),
      operationsRead: this.#areOperationsRead(),
      instanceCountOf: (key) => this.#counts.of(key),
    });
  }

  handle(message: FromPage<'overview'>): Promise<void> {
    return dispatch(this.#handlers, message);
  }

  dispose(): void {
    this.#closing.abort();
    this.#owned.dispose();
  }

  #chosenListings(): readonly Listing[] {
    const { listings } = this.#deps.session;
    const chosen = listings.filter(({ key }) => key === this.#chosen);
    return chosen.length > 0 ? chosen : listings;
  }

  #listings(): readonly OverviewListing[] {
    const { session, operations, backups, api, clock } = this.#deps;
    const known = operations.list();
    return session.listings.map((listing) => {
      const { key, scope, state, inventory } = listing;
      return {
        key,
        label: scopeLabelOf(listing),
        state,
        inventory: inventory.state,
        leftovers: this.#leftovers.keysOf(known, scope, inventory.state.clients),
        backups: backups.factsOf(listing),
        serviceNow: clock.now() + (api.clockOffsetMs(scope) ?? 0),
      };
    });
  }

  /** Operations on disk are read in parts, the newest first. */
  async #loadOperations(): Promise<void> {
    const { operations, recordsRead } = this.#deps;
    await recordsRead;
    for (let before = -1; !this.#areOperationsRead() && before !== operations.olderCount;) {
      before = operations.olderCount;
      await operations.loadOlder();
      if (this.#closing.signal.aborted) return;
    }
  }

  #areOperationsRead(): boolean {
    const { operations, clock } = this.#deps;
    const oldest = operations.list().at(-1);
    return operations.olderCount === 0 || (oldest?.startedAt ?? Infinity) < firstOperationDay(clock.now());
  }

  async #followAges(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.#deps.clock.sleep(agesChangeMs, { signal });
      this.#update();
    }
  }
}
