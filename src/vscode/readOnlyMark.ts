import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../core/disposables';
import type { Translate } from '../core/localize';
import type { ContextKeys } from './contextKeys';
import type { OwnSafetySettings } from './safetySettings';

/** Says in the status bar that nothing can be changed, and takes the change commands out of the menus. */
export function registerReadOnlyMark(
  safety: Pick<OwnSafetySettings, 'current' | 'onDidChange'>,
  contextKeys: ContextKeys,
  t: Translate,
): Disposable {
  const owned = new DisposableStore();
  const item = owned.add(
    vscode.window.createStatusBarItem('cloudBackup.readOnly', vscode.StatusBarAlignment.Left),
  );
  item.name = t('Cloud Backup: Read-Only Mode');
  item.text = `$(lock) ${t('Read-only')}`;
  item.tooltip = t('Cloud Backup changes nothing. Click to turn read-only mode off.');
  item.command = 'cloudBackup.toggleReadOnly';
  const update = (): void => {
    const { readOnly } = safety.current;
    contextKeys.set('cloudBackup.readOnly', readOnly);
    if (readOnly) item.show();
    else item.hide();
  };
  owned.add(safety.onDidChange(update));
  update();
  return owned;
}
