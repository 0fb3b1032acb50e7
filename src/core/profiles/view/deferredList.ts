import { t } from '@vscode/l10n';
import type { Disposable } from '../../kernel/disposables';
import { isCancelled, toBackupError, type BackupError } from '../../service/errors';
import { Emitter, type Event } from '../../kernel/events';
import { plainText } from '../../kernel/plainText';
import type { Log } from '../../kernel/log';
import type { Waiting } from '../../kernel/waiting';
import { failureInWords } from '../../service/reasons';

/** A list of the service that comes while a pick is already open. */
export interface DeferredList<T> extends Disposable {
  /** Empty until it comes. */
  readonly items: readonly T[];
  readonly phase: 'loading' | 'listed' | 'failed';
  /** Why it didn't come. */
  readonly error: BackupError | undefined;
  readonly onDidChange: Event<void>;
}

/** Begins to load, and logs a failure as `what`. Disposing ends the wait; what arrives later is dropped. */
export function deferredList<T>(
  what: string,
  log: Log,
  load: (waiting: Waiting) => Promise<readonly T[]>,
): DeferredList<T> {
  const closing = new AbortController();
  const changes = new Emitter<void>();
  let state: Pick<DeferredList<T>, 'items' | 'phase' | 'error'> = {
    items: [],
    phase: 'loading',
    error: undefined,
  };
  const become = (next: typeof state): void => {
    if (closing.signal.aborted) return;
    state = next;
    changes.fire();
  };
  // The lambda turns what is thrown at once into a rejection as well.
  void (async () => await load({ signal: closing.signal }))().then(
    (items) => become({ items, phase: 'listed', error: undefined }),
    (error: unknown) => {
      if (isCancelled(error) || closing.signal.aborted) return;
      log.write('info', what, error);
      become({ items: [], phase: 'failed', error: toBackupError(error) });
    },
  );
  return {
    get items() {
      return state.items;
    },
    get phase() {
      return state.phase;
    },
    get error() {
      return state.error;
    },
    onDidChange: changes.event,
    dispose() {
      closing.abort();
      changes.dispose();
    },
  };
}

/** Why a list didn't come, as short as a heading: the missing permission, else one sentence. */
export function shortReason(error: BackupError): string {
  const { code, serviceCode, ramAction } = error;
  if (code === 'permission-denied' && ramAction)
    return t("You don't have the {0} permission", plainText(ramAction));
  return failureInWords({ code, serviceCode, ramAction });
}
