import { isCancelled } from '../../service/errors';
import type { Disposable } from '../../kernel/disposables';
import { scopeKey } from '../../service/scope';
import {
  readClientBackups,
  unreadable,
  type ClientBackups,
  type ClientBackupsDeps,
} from './readClientBackups';
import type { ShownClient } from './shownClient';

/** The backups of the client that a page shows: read when it's shown, and again after each reading of its list. */
export class ShownBackups implements Disposable {
  readonly #deps: ClientBackupsDeps;
  readonly #onDidRead: () => void;
  #reading = new AbortController();
  /** Names the client that's read or was read, and the list that it's in. */
  #client = '';
  #listedAt: number | undefined;
  #known: ClientBackups | undefined;

  /** @param onDidRead called when there's more to show */
  constructor(deps: ClientBackupsDeps, onDidRead: () => void) {
    this.#deps = deps;
    this.#onDidRead = onDidRead;
  }

  /** What's known now; undefined while it's read for the first time. Starts reading where that's due. */
  of(shown: ShownClient): ClientBackups | undefined {
    const { scope, inventory } = shown.listing;
    const { instanceId = '', clientId = '' } = shown.node.client;
    const client = [scopeKey(scope), instanceId, clientId].join(' ');
    const { listedAt } = inventory.state;
    if (client !== this.#client) this.#known = undefined;
    else if (listedAt === this.#listedAt) return this.#known;
    this.#client = client;
    this.#listedAt = listedAt;
    this.#read(shown);
    return this.#known;
  }

  dispose(): void {
    this.#reading.abort();
  }

  #read({ listing, node }: ShownClient): void {
    this.#reading.abort();
    const reading = new AbortController();
    this.#reading = reading;
    const answer = (backups: ClientBackups): void => {
      if (this.#reading !== reading) return;
      this.#known = backups;
      this.#onDidRead();
    };
    readClientBackups(this.#deps, listing.scope, node.client, reading).then(answer, (error: unknown) => {
      if (isCancelled(error)) return;
      this.#deps.log.write('error', 'backups of a client could not be read', error);
      answer(unreadable);
    });
  }
}
