import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { keepDaysOf, rolloutDefaultsOf, type RolloutDefaults } from '../core/change/rolloutSettings';
import { autoRefreshMinutesOf } from '../core/clients/autoRefresh';
import { backupSettingsOf, type BackupSettings } from '../core/clients/backups/backupSettings';
import { safetySettingsOf, type SafetySettings } from '../core/change/safety/safetySettings';
import type { Notices } from '../core/interaction/interaction';
import { watchSetting, type ReadSetting, type Setting } from '../core/interaction/watchSetting';
import { DisposableStore, type Disposable } from '../core/kernel/disposables';
import type { Log } from '../core/kernel/log';
import { ownValueOf, type InspectedSetting } from '../core/kernel/ownSetting';
import { isConsoleSite, type ConsoleSite } from '../core/service/consoleLinks';
import { endpointOverridesOf, type EndpointOverrides } from '../core/profiles/endpointOverrides';

/** The user's settings as they are now. Except for those of clients, folders and remote computers have no say. */
export interface Settings extends Disposable {
  readonly endpoints: Setting<EndpointOverrides>;
  readonly safety: Setting<SafetySettings>;
  readonly rollout: Setting<RolloutDefaults>;
  /** How many days an operation is kept after its end. */
  readonly keepDays: Setting<number>;
  /** Path of the CLI's configuration file; empty for its default. */
  readonly cliConfigPath: Setting<string>;
  /** Minutes without a heartbeat before an active client needs attention; 0 turns the check off. */
  readonly staleMinutes: Setting<number>;
  readonly lastBackups: Setting<BackupSettings>;
  /** The web console of accounts that don't say which; `set` changes the user's settings. */
  readonly consoleSite: { readonly current: ConsoleSite | undefined; set(site: ConsoleSite): Promise<void> };
  /** Minutes between two refreshes of the clients; 0 for none. */
  readonly autoRefreshMinutes: Setting<number>;
  /** Turns read-only mode on or off in the user's settings, and says so where that had no effect. */
  toggleReadOnly(): Promise<void>;
}

type Inspect = (name: string) => InspectedSetting | undefined;

/** Reads the settings now and whenever they change. A value that can't be used is logged and shown. */
export function createSettings({
  notices,
  log,
}: {
  readonly notices: Pick<Notices, 'warn'>;
  readonly log: Log;
}): Settings {
  const owned = new DisposableStore();
  const watch = <T>(section: string, read: (values: vscode.WorkspaceConfiguration) => ReadSetting<T>) =>
    owned.add(
      watchSetting({
        read: () => read(vscode.workspace.getConfiguration(section)),
        onDidChange: (listener) =>
          vscode.workspace.onDidChangeConfiguration((event) => {
            if (event.affectsConfiguration(section)) listener();
          }),
        isFocused: () => vscode.window.state.focused,
        onProblem(problem, hasFocus) {
          log.write('warn', problem);
          if (!hasFocus) return;
          notices.warn(problem, [
            {
              label: t({ message: 'Open Settings', comment: ['A button of a notification'] }),
              run: () => openSettings(section),
            },
          ]);
        },
      }),
    );
  const watchOwn = <T>(section: string, read: (inspect: Inspect) => ReadSetting<T>): Setting<T> =>
    watch(section, (values) => read((name) => values.inspect<unknown>(name)));
  const readSafety = (inspect: Inspect): ReadSetting<SafetySettings> => {
    const { settings, problems } = safetySettingsOf(inspect);
    return { value: settings, problems };
  };
  const safety = watchOwn(safetySection, readSafety);
  return {
    safety,
    endpoints: watchOwn('cloudBackup.endpoints', (inspect) => {
      const { overrides, problems } = endpointOverridesOf(inspect);
      return { value: overrides, problems };
    }),
    rollout: watchOwn(operationsSection, (inspect) => ({ value: rolloutDefaultsOf(inspect) })),
    keepDays: watchOwn(operationsSection, (inspect) => ({ value: keepDaysOf(inspect) })),
    cliConfigPath: watchOwn('cloudBackup.credentials', (inspect) => {
      const value = ownValueOf(inspect('cliConfigPath'));
      return { value: typeof value === 'string' ? value : '' };
    }),
    staleMinutes: watch('cloudBackup.clients', (values) => ({
      value: values.get<number>('staleHeartbeatMinutes', 60),
    })),
    lastBackups: watch('cloudBackup.clients', (values) => ({
      value: backupSettingsOf((name) => values.get(name)),
    })),
    consoleSite: {
      get current() {
        const value = ownValueOf(vscode.workspace.getConfiguration(consoleSection).inspect('site'));
        return isConsoleSite(value) ? value : undefined;
      },
      async set(site) {
        const values = vscode.workspace.getConfiguration(consoleSection);
        await values.update('site', site, vscode.ConfigurationTarget.Global);
      },
    },
    autoRefreshMinutes: watch('cloudBackup.clients', (values) => ({
      value: autoRefreshMinutesOf(values.get('autoRefreshMinutes')),
    })),
    async toggleReadOnly() {
      const wanted = !safety.current.readOnly;
      const values = vscode.workspace.getConfiguration(safetySection);
      await values.update('readOnly', wanted, vscode.ConfigurationTarget.Global);
      const now = vscode.workspace.getConfiguration(safetySection);
      if (readSafety((name) => now.inspect<unknown>(name)).value.readOnly === wanted) return;
      // VS Code writes to the settings file of the remote computer where that has a value, and there it has no effect.
      notices.warn(
        t({
          message:
            "Read-only mode didn't change because the remote computer's settings also have {setting}. Change it in your user settings.",
          args: { setting: `${safetySection}.readOnly` },
          comment: ['{setting} is the ID of a setting.'],
        }),
        [{ label: t('Open User Settings'), run: openUserSettings }],
      );
    },
    dispose: () => owned.dispose(),
  };
}

const safetySection = 'cloudBackup.safety';
const consoleSection = 'cloudBackup.console';
const operationsSection = 'cloudBackup.operations';

function openSettings(section: string): void {
  void vscode.commands.executeCommand('workbench.action.openSettings', section);
}

function openUserSettings(): void {
  void vscode.commands.executeCommand('workbench.action.openSettingsJson');
}
