import type { Disposable } from '../kernel/disposables';
import type { Log } from '../kernel/log';
import type { KeyRing } from '../profiles/keys/keyRing';
import type { Profile } from '../profiles/profile';
import { isCancelled } from '../service/errors';

/**
 * Finds out the account of profiles that were saved without one. Each is tried once, and again after its credentials
 * were away or {@link retry}: a service that doesn't respond isn't called with every change. Failures are logged.
 */
export class ProfileVerifier implements Disposable {
  readonly #keys: Pick<KeyRing, 'state' | 'identify'>;
  readonly #log: Log;
  readonly #disposed = new AbortController();
  readonly #tried = new Set<string>();

  constructor(keys: Pick<KeyRing, 'state' | 'identify'>, log: Log) {
    this.#keys = keys;
    this.#log = log;
  }

  /** Verifies those of the shown profiles that weren't tried yet and have credentials. */
  verify(shown: readonly Profile[]): void {
    const ready = shown.filter(({ id }) => this.#keys.state(id) === 'kept');
    const readyIds = new Set(ready.map(({ id }) => id));
    for (const id of this.#tried) if (!readyIds.has(id)) this.#tried.delete(id);
    for (const { id, accountId } of ready) {
      if (accountId !== undefined || this.#tried.has(id)) continue;
      this.#tried.add(id);
      this.#keys.identify(id, { signal: this.#disposed.signal }).catch((error: unknown) => {
        if (!isCancelled(error)) this.#log.write('info', 'profile still unverified', error);
      });
    }
  }

  /** Lets the next {@link verify} try these profiles again. */
  retry(profileIds: readonly string[]): void {
    for (const id of profileIds) this.#tried.delete(id);
  }

  dispose(): void {
    this.#disposed.abort();
  }
}
