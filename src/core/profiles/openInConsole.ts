import { t } from '@vscode/l10n';
import type { Notices } from '../interaction/interaction';
import { isRecord } from '../kernel/objects';
import { consoleLink, isConsolePlace, type ConsolePage, type ConsolePlace } from '../service/consoleLinks';
import { consoleSiteOf, type ConsoleSiteDeps } from './consoleSite';
import type { Profile } from './profile';

export interface OpenInConsoleDeps extends ConsoleSiteDeps {
  readonly notices: Pick<Notices, 'info'>;
  /** Opens an address in the browser, after VS Code's own question where it asks one. */
  readonly openLink: (address: string) => Promise<void>;
}

/** Opens a page of the console of a profile's account. Without a profile, the console is that of the setting. */
export type OpenInConsole = (page: ConsolePage, profile: Profile | undefined) => Promise<void>;

/** What the button of a notification passes to `cloudBackup.openInConsole` in place of a row. */
export interface ConsoleRequest {
  readonly place: ConsolePlace;
  readonly profileId?: string;
}

/** True for what {@link ConsoleRequest} describes. */
export function isConsoleRequest(value: unknown): value is ConsoleRequest {
  return (
    isRecord(value) &&
    isConsolePlace(value['place']) &&
    (value['profileId'] === undefined || typeof value['profileId'] === 'string')
  );
}

export function createOpenInConsole(deps: OpenInConsoleDeps): OpenInConsole {
  return async (page, profile) => {
    if (profile?.demo) {
      deps.notices.info(t("The demo data is made up, so the console doesn't have it."));
      return;
    }
    const site = await consoleSiteOf(profile, deps);
    if (site === undefined) return;
    const address = consoleLink(page, site) ?? consoleLink({ kind: 'cloudBackup' }, site);
    if (address !== undefined) await deps.openLink(address);
  };
}
