import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../core/disposables';
import type { Translate } from '../core/localize';
import { plainText } from '../core/plainText';
import { regionName } from '../core/regions';
import type { Session } from '../core/clients/session';

/** Shows whose clients are in view: profile and region, or that it is demo data. A click switches the profile. */
export function registerStatusBar(session: Session, t: Translate): Disposable {
  const owned = new DisposableStore();
  const item = owned.add(
    vscode.window.createStatusBarItem('cloudBackup.status', vscode.StatusBarAlignment.Left),
  );
  item.name = t('Cloud Backup');
  item.command = 'cloudBackup.switchProfile';

  const update = () => {
    const { profile, state } = session;
    if (!profile) {
      item.hide();
      return;
    }
    const name = profile.demo ? t('Demo') : plainText(profile.name, 40);
    const troubled = state === 'rejected' || state === 'expired' || state === 'keyNotKept';
    const icon = troubled ? '$(warning)' : profile.demo ? '$(beaker)' : '$(cloud)';
    item.text = `${icon} ${name} · ${profile.regionId}`;
    item.tooltip = [
      t('Cloud Backup: {0}, {1}', name, regionName(profile.regionId)),
      profile.accountId === undefined ? t('Account not verified') : t('Account {0}', profile.accountId),
      ...(profile.demo ? [t('Changes stay on this computer.')] : []),
    ].join('\n');
    item.show();
  };
  owned.add(session.onDidChange(update));
  update();
  return owned;
}
