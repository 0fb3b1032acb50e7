import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { CommandId } from '../../core/interaction/commandIds';
import type { Disposable } from '../../core/kernel/disposables';
import type { OperationRef } from '../../core/operations/operationRef';
import type { Operations } from '../../core/operations/operations';
import { operationTitle } from '../../core/operations/words';
import { ClientTables } from '../../core/pages/operation/clientTable';
import { operationPageChange } from '../../core/pages/operation/pageChange';
import { operationPageState, type OperationPageCommand } from '../../core/pages/operation/operationPage';
import { subjectLeftBy } from '../../protocol/guards';
import { dispatch, type FromPage, type Handlers } from '../../protocol/messages';
import { runCommand } from '../runCommand';
import { createPanel, PagePanel, type PageContent, type PageDeps } from './pagePanel';

/** What the pages of operations work with. */
export interface OperationPagesDeps extends PageDeps {
  readonly operations: Pick<
    Operations,
    'get' | 'list' | 'nextCheckAt' | 'checkNow' | 'onDidChange' | 'onDidRemove'
  >;
}

/** The pages of operations: at most one per operation. Disposing closes them all. */
export interface OperationPages extends Disposable {
  /** Opens the page of an operation, or brings the open one to the front; with `failures` it shows only those. */
  readonly show: (operationId: string, failures?: boolean) => void;
  /** Fills a page that was open before a reload; `memory` is what the page remembered of itself. */
  revive(panel: vscode.WebviewPanel, memory: unknown): void;
}

/** Makes the pages of operations available and keeps them up to date. */
export function registerOperationPages(deps: OperationPagesDeps): OperationPages {
  const panels = new Map<string, PagePanel<'operation'>>();
  let disposed = false;

  const adopt = (panel: vscode.WebviewPanel, operationId: string): PagePanel<'operation'> => {
    const adopted = new PagePanel(panel, new OperationContent(operationId, deps), deps, () => {
      if (panels.get(operationId) === adopted) panels.delete(operationId);
    });
    panels.set(operationId, adopted);
    return adopted;
  };
  const open = (operationId: string): PagePanel<'operation'> => {
    const operation = deps.operations.get(operationId);
    const title = operation
      ? operationTitle(operation)
      : t({ message: 'Operation', comment: ['Title of a page before its operation is known.'] });
    return adopt(createPanel('operation', title, deps), operationId);
  };

  const listening = vscode.Disposable.from(
    deps.operations.onDidChange(({ id, retryOf }) => {
      panels.get(id)?.update();
      if (retryOf !== undefined) panels.get(retryOf)?.update();
    }),
    // One that goes may have tried again what another page shows.
    deps.operations.onDidRemove(() => {
      for (const panel of panels.values()) panel.update();
    }),
  );

  return {
    show(operationId, failures = false) {
      const known = panels.get(operationId);
      known?.reveal();
      const panel = known ?? open(operationId);
      if (failures) panel.post({ type: 'showProblems' });
    },
    revive(panel, memory) {
      const operationId = subjectLeftBy('operation', memory);
      // Left by something else, or the second page of one operation: there is nothing to revive.
      if (disposed || operationId === undefined || panels.has(operationId)) panel.dispose();
      else adopt(panel, operationId);
    },
    dispose() {
      disposed = true;
      listening.dispose();
      for (const panel of [...panels.values()]) panel.dispose();
    },
  };
}

/** A time of day, with its date on another day than `now`. */
function momentInWords(ms: number, now: number): string {
  const isToday = new Date(ms).toDateString() === new Date(now).toDateString();
  return new Date(ms).toLocaleString(vscode.env.language, {
    ...(!isToday && { dateStyle: 'medium' }),
    timeStyle: 'short',
  });
}

/** Buttons of the page that are commands of the extension. */
const commands: Readonly<Record<Exclude<OperationPageCommand, 'checkNow'>, CommandId>> = {
  stopSending: 'cloudBackup.stopSending',
  stopWatching: 'cloudBackup.stopWatching',
  watchAgain: 'cloudBackup.watchAgain',
  retryFailed: 'cloudBackup.retryFailed',
  continueRollout: 'cloudBackup.continueRollout',
  exportReport: 'cloudBackup.exportOperation',
};

class OperationContent implements PageContent<'operation'> {
  readonly kind = 'operation';
  readonly #operationId: string;
  readonly #deps: OperationPagesDeps;
  readonly #tables = new ClientTables();
  readonly changeSince = operationPageChange;
  readonly #handlers: Handlers<FromPage<'operation'>, Promise<void>> = {
    command: async ({ command }) => {
      const ref: OperationRef = { operationId: this.#operationId };
      if (command === 'checkNow') await this.#deps.operations.checkNow(ref.operationId);
      else await runCommand(commands[command], ref);
    },
    openOperation: async ({ operationId }) => {
      await runCommand('cloudBackup.showReport', { operationId } satisfies OperationRef);
    },
    reveal: async ({ key }) => {
      const ref: OperationRef = { operationId: this.#operationId, machineKey: key };
      await runCommand('cloudBackup.revealClient', ref);
    },
  };

  constructor(operationId: string, deps: OperationPagesDeps) {
    this.#operationId = operationId;
    this.#deps = deps;
  }

  state(): ReturnType<PageContent<'operation'>['state']> {
    const { operations, clock } = this.#deps;
    const operation = operations.get(this.#operationId);
    if (!operation) {
      return {
        gone: {
          title: t('Operation not found'),
          text: t('The records of this operation were deleted. You can close this page.'),
        },
      };
    }
    const context = {
      now: clock.now(),
      nextCheckAt: operations.nextCheckAt(operation.id),
      known: operations.list(),
      timeInWords: (ms: number) => momentInWords(ms, clock.now()),
    };
    return operationPageState(operation, context, this.#tables);
  }

  handle(message: FromPage<'operation'>): Promise<void> {
    return dispatch(this.#handlers, message);
  }
}
