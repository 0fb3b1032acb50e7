import { createHash } from 'node:crypto';
import type { Clock } from '../core/kernel/clock';
import { DisposableStore, type Disposable } from '../core/kernel/disposables';
import { Emitter, type Event } from '../core/kernel/events';
import type { Waiting } from '../core/kernel/waiting';
import { SourceUnusable, type SourceOffers, type TimedKey } from '../core/profiles/keys/credentialSource';
import { BrokenFile, createFileReader, largestFileMb, unreadableInWords } from './smallFile';
import { watchFile, type FileWatch } from './watchFile';

/** A source of credentials by name in the file of another tool. Without a name, the one that its tool uses by default. */
export interface NamedCredentials extends Disposable {
  /** Everything in the file, what can't be used with its reason. Never rejects. */
  offers(): Promise<SourceOffers>;
  /** The key of a name. Throws what `OutsideCredentials.read` throws. */
  read(name: string | undefined, waiting: Waiting): Promise<TimedKey>;
  /** True when there is a file, whatever is in it. */
  isThere(): Promise<boolean>;
  /** As `OutsideCredentials.stampOf`. */
  stampOf(name: string | undefined): Promise<string>;
  readonly onDidChange: Event<void>;
}

/** The file of another tool: read when asked for, watched from then on, and never written. */
export interface CredentialFile<T> extends Disposable, Pick<NamedCredentials, 'isThere' | 'onDidChange'> {
  /** What is in the file, undefined when there is none. Throws SourceUnusable for one that can't be used. */
  read(): Promise<T | undefined>;
  /** What of it is offered; an unusable file is a problem. Never rejects with SourceUnusable. */
  offersOf(list: (content: T | undefined) => SourceOffers): Promise<SourceOffers>;
  /** A digest of a part of the file, or of why it can't be used. */
  stampOf(part: (content: T | undefined) => unknown): Promise<string>;
}

export interface CredentialFileDeps<T> {
  /** The path of the file as it is now. Throws SourceUnusable when there's no valid one. */
  readonly path: () => string;
  /** Fires when `path` gives another one. */
  readonly onDidChangePath?: Event<void>;
  /** Throws {@link BrokenFile}. */
  readonly decode: (text: string) => T;
  /** The failure for a file that can't be used. */
  readonly unusable: (path: string, reason: string) => SourceUnusable;
  readonly clock: Pick<Clock, 'now'>;
  /** How often the file is looked at where the file system sends no events, in milliseconds; 5 seconds unless given. */
  readonly pollMs?: number | undefined;
}

export function createCredentialFile<T>(deps: CredentialFileDeps<T>): CredentialFile<T> {
  const owned = new DisposableStore();
  const changes = owned.add(new Emitter<void>());
  const readFile = createFileReader(largestFileMb, deps.decode, deps.clock);
  let watching: { readonly path: string; readonly watch: FileWatch } | undefined;

  const unwatch = (): void => {
    watching?.watch.dispose();
    watching = undefined;
  };
  owned.add({ dispose: unwatch });
  if (deps.onDidChangePath) {
    owned.add(
      deps.onDidChangePath(() => {
        if (watching === undefined) return;
        unwatch();
        changes.fire();
      }),
    );
  }

  async function read(): Promise<T | undefined> {
    const path = deps.path();
    if (watching?.path !== path && !owned.disposed) {
      unwatch();
      watching = { path, watch: watchFile(path, deps.pollMs ?? 5000, () => changes.fire()) };
    }
    await watching?.watch.started;
    try {
      const file = await readFile(path);
      if (typeof file === 'string') throw new BrokenFile(unreadableInWords(file, largestFileMb));
      return file?.value;
    } catch (error) {
      throw error instanceof BrokenFile ? deps.unusable(path, error.sentence) : error;
    }
  }

  /** What comes of reading, also where the file can't be used. */
  async function tryRead<R>(
    use: (content: T | undefined) => R,
    otherwise: (error: SourceUnusable) => R,
  ): Promise<R> {
    try {
      return use(await read());
    } catch (error) {
      if (error instanceof SourceUnusable) return otherwise(error);
      throw error;
    }
  }

  return {
    read,
    offersOf: (list) => tryRead(list, ({ sentence }) => ({ offers: [], problems: [sentence] })),
    stampOf: (part) =>
      tryRead(
        (content) => digest(part(content)),
        ({ sentence }) => digest(sentence),
      ),
    isThere: () =>
      tryRead(
        (content) => content !== undefined,
        () => true,
      ),
    onDidChange: changes.event,
    dispose: () => owned.dispose(),
  };
}

/** A short text that is the same for equal values of JSON, and from which nothing of them can be read. */
function digest(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(value ?? null))
    .digest('hex');
}
