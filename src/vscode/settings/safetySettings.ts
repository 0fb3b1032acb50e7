import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/kernel/disposables';
import { Emitter, type Event } from '../../core/kernel/events';
import type { Notices } from '../../core/interaction/interaction';
import { safetySettingsOf, type SafetySettings } from '../../core/change/safety/safetySettings';
import type { InspectedSetting } from '../../core/kernel/ownSetting';
import type { Log } from '../../core/kernel/log';

const section = 'cloudBackup.safety';

/** The safety settings of the user, as they are now. */
export interface OwnSafetySettings extends Disposable {
  readonly current: SafetySettings;
  readonly onDidChange: Event<void>;
  /** Turns read-only mode on or off in the user's settings. */
  toggleReadOnly(): Promise<void>;
}

/** Reads the safety settings now and whenever they change. A value that makes no sense is told of, once. */
export function readSafetySettings({
  notices,
  log,
}: {
  readonly notices: Pick<Notices, 'warn'>;
  readonly log: Log;
}): OwnSafetySettings {
  const owned = new DisposableStore();
  const changes = owned.add(new Emitter<void>());
  const told = new Set<string>();
  const read = (): SafetySettings => {
    const values = vscode.workspace.getConfiguration(section);
    const { settings, problems } = safetySettingsOf((name): InspectedSetting | undefined =>
      values.inspect<unknown>(name),
    );
    for (const problem of problems.filter((sentence) => !told.has(sentence))) {
      log.write('warn', problem);
      notices.warn(problem, [{ label: t('Open Settings'), run: openSettings }]);
    }
    told.clear();
    for (const problem of problems) told.add(problem);
    return settings;
  };
  let current = read();
  owned.add(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration(section)) return;
      current = read();
      changes.fire();
    }),
  );
  return {
    get current() {
      return current;
    },
    onDidChange: changes.event,
    async toggleReadOnly() {
      const wanted = !current.readOnly;
      await vscode.workspace
        .getConfiguration(section)
        .update('readOnly', wanted, vscode.ConfigurationTarget.Global);
      if (read().readOnly === wanted) return;
      // VS Code writes into the settings file of the remote computer where that has a value, and there it does not count.
      notices.warn(
        t(
          'Read-only mode did not change: the settings of the remote machine have {0} as well. Change it in your own user settings.',
          `${section}.readOnly`,
        ),
        [{ label: t('Open User Settings'), run: openOwnSettings }],
      );
    },
    dispose: () => owned.dispose(),
  };
}

function openSettings(): void {
  void vscode.commands.executeCommand('workbench.action.openSettings', section);
}

function openOwnSettings(): void {
  void vscode.commands.executeCommand('workbench.action.openSettingsJson');
}
