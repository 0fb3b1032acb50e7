import * as vscode from 'vscode';
import type { NoticeAction, Notices } from '../core/interaction/interaction';
import type { Host } from '../core/interaction/host';
import { loadedNotice, type LoadedNotice } from '../core/interaction/loadedNotice';
import type { Presence } from '../core/interaction/presence';

/** Notifications of VS Code. Nobody waits for one: it may stay open for ever. */
export function createNotices({
  presence,
  profiles,
  clipboard,
  redactor,
  log,
}: Pick<Host, 'clipboard' | 'redactor' | 'log'> & {
  readonly presence: Pick<Presence, 'begin'>;
  /** The stored profiles. */
  readonly profiles: () => readonly { readonly id: string; readonly name: string }[];
}): Notices {
  const follow = (answer: Thenable<string | undefined>, actions: readonly NoticeAction[]): void => {
    void answer.then((label) => {
      const action = actions.find((one) => one.label === label);
      if (action) presence.begin(action.run);
    });
  };
  return {
    info(message, actions = []) {
      follow(vscode.window.showInformationMessage(message, ...labels(actions)), actions);
    },
    warn(message, actions = []) {
      follow(vscode.window.showWarningMessage(message, ...labels(actions)), actions);
    },
    failure(error, actions = []) {
      log.write('error', 'a failure was shown', error);
      const copy = (text: string): void => void clipboard.write(redactor.redact(text));
      const load = async (): Promise<LoadedNotice> => {
        const { presentError } = await import('./presentError');
        return presentError(error, profiles(), copy);
      };
      void loadedNotice(load, log).then((presented) => {
        const all = [...actions, ...presented.actions].slice(0, 2);
        follow(vscode.window.showErrorMessage(presented.message, ...labels(all)), all);
      });
    },
    progress,
  };
}

const progress: Notices['progress'] = async (title, place, work) => {
  const controller = new AbortController();
  const location =
    place === 'view' ? { viewId: 'cloudBackup.clients' } : vscode.ProgressLocation.Notification;
  return await new Promise((resolve, reject) => {
    void vscode.window.withProgress(
      { location, title, cancellable: place === 'notification' },
      (bar, token) => {
        let shown = 0;
        const report = (message: string, percent?: number): void => {
          // VS Code adds up increments; better a bar that pauses than one that runs backwards.
          const increment = Math.max(0, (percent ?? shown) - shown);
          shown += increment;
          bar.report(increment > 0 ? { message, increment } : { message });
        };
        const running = work(report, { signal: controller.signal });
        running.then(resolve, reject);
        if (place === 'view') showInStatusBar(title, running);
        // The notification closes with the work, or at once when it is cancelled, whatever the work still has to do.
        return new Promise<void>((close) => {
          const cancelling = token.onCancellationRequested(() => {
            controller.abort();
            close();
          });
          const end = (): void => {
            cancelling.dispose();
            close();
          };
          running.then(end, end);
        });
      },
    );
  });
};

function labels(actions: readonly NoticeAction[]): string[] {
  return actions.map(({ label }) => label);
}

/** VS Code doesn't show the title of a progress that belongs to a view. */
function showInStatusBar(title: string, running: Promise<unknown>): void {
  const ended = running.then(
    () => undefined,
    () => undefined,
  );
  void vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => ended);
}
