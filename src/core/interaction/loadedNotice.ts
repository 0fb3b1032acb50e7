import { t } from '@vscode/l10n';
import type { Log } from '../kernel/log';
import type { NoticeAction } from './interaction';

/** What a notification says, and its buttons. */
export interface LoadedNotice {
  readonly message: string;
  readonly actions: readonly NoticeAction[];
}

/**
 * What `load` makes, with code that is loaded for it. Never rejects: where code is missing, as after an update that replaced the
 * files of a running extension, the failure to be shown is most likely that one, and a notice says so.
 */
export async function loadedNotice(
  load: () => Promise<LoadedNotice>,
  log: Pick<Log, 'write'>,
): Promise<LoadedNotice> {
  try {
    return await load();
  } catch (error) {
    log.write('error', 'the notice of a failure could not be loaded', error);
    return {
      message: t("Cloud Backup couldn't load a part of itself. Reload the window, then try again."),
      actions: [],
    };
  }
}
