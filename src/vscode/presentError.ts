import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ConsoleRequest } from '../core/profiles/openInConsole';
import type { ConsolePlace } from '../core/service/consoleLinks';
import type { BackupError, Remedy } from '../core/service/errors';
import { failureNotice } from '../core/interaction/failureNotice';
import type { NoticeAction } from '../core/interaction/interaction';

/** A failure as it's shown: what happened, what to do next, and buttons that help. */
export interface PresentedError {
  readonly message: string;
  readonly actions: readonly NoticeAction[];
}

/** Every failure is shown through this. Buttons: the remedy, if there is one, the request ID, and the log. */
export function presentError(
  error: BackupError,
  nameOf: (profileId: string) => string | undefined,
): PresentedError {
  const { message, remedy, console, requestId, profileId } = failureNotice(error, nameOf);
  const actions: NoticeAction[] = [...remedyAction(remedy, profileId), ...consoleAction(console, profileId)];
  if (requestId !== undefined) {
    actions.push({
      label: t('Copy Request ID'),
      run: () => void vscode.env.clipboard.writeText(requestId),
    });
  }
  actions.push({
    label: t({ message: 'Show Log', comment: ['A button of a notification'] }),
    run: runs('cloudBackup.showLog'),
  });
  return { message, actions };
}

function consoleAction(
  place: ConsolePlace | undefined,
  profileId: string | undefined,
): readonly NoticeAction[] {
  if (place === undefined) return [];
  const request: ConsoleRequest = { place, ...(profileId !== undefined && { profileId }) };
  return [
    {
      label: t({ message: 'Open in Console', comment: ['A button of a notification'] }),
      run: () => void vscode.commands.executeCommand('cloudBackup.openInConsole', request),
    },
  ];
}

function remedyAction(remedy: Remedy, profileId: string | undefined): readonly NoticeAction[] {
  switch (remedy) {
    case 'sign-in-again':
      return [
        {
          label: t('Sign In Again'),
          run: runs('cloudBackup.signInAgain', ...(profileId === undefined ? [] : [profileId])),
        },
      ];
    case 'review-command':
      return [
        {
          label: t({ message: 'Review Command', comment: ['A button of a notification'] }),
          run: runs('cloudBackup.signInAgain', ...(profileId === undefined ? [] : [profileId])),
        },
      ];
    case 'copy-ram-policy':
      return [{ label: t('Copy RAM Policy…'), run: runs('cloudBackup.copyRamPolicy') }];
    case 'add-profile':
      return [
        {
          label: t({ message: 'Add Profile…', comment: ['A button of a notification'] }),
          run: runs('cloudBackup.addProfile'),
        },
      ];
    case 'endpoint-settings':
      return [
        {
          label: t({ message: 'Open Settings', comment: ['A button of a notification'] }),
          run: runs('workbench.action.openSettings', 'cloudBackup.endpoints'),
        },
      ];
    case 'proxy-settings':
      return [{ label: t('Open Proxy Settings'), run: runs('workbench.action.openSettings', 'http.proxy') }];
    case 'refresh':
      return [
        {
          label: t({ message: 'Refresh', comment: ['A button of a notification'] }),
          run: runs('cloudBackup.refresh'),
        },
      ];
    case 'none':
      return [];
  }
}

function runs(command: string, ...args: readonly string[]): () => void {
  return () => void vscode.commands.executeCommand(command, ...args);
}
