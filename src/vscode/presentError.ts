import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { onRow } from '../core/interaction/commandIds';
import { failureNotice, type NoticeRemedy } from '../core/interaction/failureNotice';
import type { NoticeAction } from '../core/interaction/interaction';
import type { LoadedNotice } from '../core/interaction/loadedNotice';
import type { ConsoleRequest } from '../core/profiles/openInConsole';
import type { BackupError } from '../core/service/errors';

/**
 * Every failure is shown through this: what happened, what to do next, and buttons that help, the best first.
 *
 * @param profiles the stored profiles
 * @param copy puts a text on the clipboard
 */
export function presentError(
  error: BackupError,
  profiles: readonly { readonly id: string; readonly name: string }[],
  copy: (text: string) => void,
): LoadedNotice {
  const { message, remedies, console, profileId, details } = failureNotice(error, profiles);
  const profile = profileId === undefined ? [] : [profileId];
  const actions: Readonly<Record<NoticeRemedy, () => NoticeAction>> = {
    'sign-in-again': () => ({
      label: t('Sign In Again'),
      run: runs('cloudBackup.signInAgain', ...profile),
    }),
    'review-command': () => ({
      label: t({ message: 'Review Command', comment: ['A button of a notification'] }),
      run: runs('cloudBackup.signInAgain', ...profile),
    }),
    'copy-ram-policy': () => ({
      label: t('Copy RAM Policy…'),
      run: runs(onRow('cloudBackup.copyRamPolicy'), ...profile),
    }),
    'add-profile': () => ({
      label: t({ message: 'Add Profile…', comment: ['A button of a notification'] }),
      run: runs('cloudBackup.addProfile'),
    }),
    'endpoint-settings': () => ({
      label: t({ message: 'Open Settings', comment: ['A button of a notification'] }),
      run: runs('workbench.action.openSettings', 'cloudBackup.endpoints'),
    }),
    'proxy-settings': () => ({
      label: t('Open Proxy Settings'),
      run: runs('workbench.action.openSettings', 'http.proxy'),
    }),
    refresh: () => ({
      label: t({ message: 'Refresh', comment: ['A button of a notification'] }),
      run: runs('cloudBackup.refresh'),
    }),
    console: () => ({
      label: t({ message: 'Open in Console', comment: ['A button of a notification'] }),
      run: () => {
        if (console === undefined) return;
        const request: ConsoleRequest = { place: console, ...(profileId !== undefined && { profileId }) };
        void vscode.commands.executeCommand('cloudBackup.openInConsole', request);
      },
    }),
    'show-log': () => ({
      label: t({ message: 'Show Log', comment: ['A button of a notification'] }),
      run: runs('cloudBackup.showLog'),
    }),
    'copy-details': () => ({
      label: t({ message: 'Copy Details', comment: ['A button of a notification'] }),
      run: () => copy(details),
    }),
  };
  return { message, actions: remedies.map((remedy) => actions[remedy]()) };
}

function runs(command: string, ...args: readonly string[]): () => void {
  return () => void vscode.commands.executeCommand(command, ...args);
}
