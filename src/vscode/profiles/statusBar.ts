import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/kernel/disposables';
import type { Session } from '../../core/clients/session';
import type { KeyRing } from '../../core/profiles/keys/keyRing';
import { statusTextOf } from '../../core/shell/statusText';
import type { VscodeHost } from '../host';

/**
 * Shows the profile and region of the clients, warns when credentials don't work, and shows read-only mode, which
 * takes the change commands out of the menus too. A click opens the quick menu.
 */
export function registerStatusBar({
  session,
  keys,
  settings: { safety },
  contextKeys,
}: Pick<VscodeHost, 'settings' | 'contextKeys'> & {
  readonly session: Session;
  readonly keys: Pick<KeyRing, 'endsAt' | 'isForSession' | 'onDidRenew'>;
}): Disposable {
  const owned = new DisposableStore();
  const item = owned.add(
    vscode.window.createStatusBarItem('cloudBackup.status', vscode.StatusBarAlignment.Left),
  );
  item.name = t({ message: 'Cloud Backup', comment: ['The name of the product'] });
  item.command = 'cloudBackup.quickMenu';
  let shown = '';

  const update = (): void => {
    const { readOnly } = safety.current;
    contextKeys.set('cloudBackup.readOnly', readOnly);
    const status = statusTextOf(
      {
        listings: session.listings,
        readOnly,
        keyEndsAt: (profileId) => keys.endsAt(profileId),
        isForSession: (profileId) => keys.isForSession(profileId),
      },
      { time: (ms) => new Date(ms).toLocaleString(vscode.env.language) },
    );
    // Rows come and go often, and each property that is set is a message to the workbench.
    const now = JSON.stringify(status ?? '');
    if (now === shown) return;
    shown = now;
    if (!status) {
      item.hide();
      return;
    }
    item.text = status.text;
    item.tooltip = status.tooltip;
    // The text has icons, and says less.
    item.accessibilityInformation = { label: status.tooltip.replaceAll('\n', ', ') };
    item.backgroundColor = status.warning
      ? new vscode.ThemeColor('statusBarItem.warningBackground')
      : undefined;
    item.show();
  };
  owned.add(session.onDidChange(update));
  owned.add(keys.onDidRenew(update));
  owned.add(safety.onDidChange(update));
  update();
  return owned;
}
