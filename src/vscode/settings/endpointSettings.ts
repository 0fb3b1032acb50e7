import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Disposable } from '../../core/kernel/disposables';
import { endpointOverridesOf, type EndpointOverrides } from '../../core/profiles/endpointOverrides';
import type { InspectedSetting } from '../../core/kernel/ownSetting';
import type { Notices } from '../../core/interaction/interaction';
import type { Log } from '../../core/kernel/log';

/** The endpoint settings of the user, as they are now. */
export interface EndpointSettings extends Disposable {
  readonly overrides: EndpointOverrides;
}

const section = 'cloudBackup.endpoints';

/** Reads the endpoint settings now and whenever they change. A value that cannot be used is told of, once. */
export function readEndpointSettings({
  notices,
  log,
}: {
  readonly notices: Pick<Notices, 'warn'>;
  readonly log: Log;
}): EndpointSettings {
  const told = new Set<string>();
  const read = (): EndpointOverrides => {
    const settings = vscode.workspace.getConfiguration(section);
    const { overrides, problems } = endpointOverridesOf((setting): InspectedSetting | undefined =>
      settings.inspect<unknown>(setting),
    );
    for (const problem of problems.filter((sentence) => !told.has(sentence))) {
      log.write('warn', problem);
      notices.warn(problem, [{ label: t('Open Settings'), run: openSettings }]);
    }
    told.clear();
    for (const problem of problems) told.add(problem);
    return overrides;
  };

  let overrides = read();
  const following = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(section)) overrides = read();
  });
  return {
    get overrides() {
      return overrides;
    },
    dispose() {
      following.dispose();
    },
  };
}

function openSettings(): void {
  void vscode.commands.executeCommand('workbench.action.openSettings', section);
}
