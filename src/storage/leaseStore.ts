import { join } from 'node:path';
import { BackupError, isCancelled } from '../core/service/errors';
import { Emitter } from '../core/kernel/events';
import type { Clock } from '../core/kernel/clock';
import type { Lease, LeaseStore } from '../core/operations/stores';
import { codeOf, isMissing, type Disk, type DiskFile } from './disk';
import { leasesFolder } from './layout';

export interface LeaseOptions {
  /** How often a holder shows that it lives. */
  readonly beatMs?: number;
  /** A lease without a beat for so long may be taken over. */
  readonly lostAfterMs?: number;
  /** How soon a holder looks again after the disk failed. */
  readonly lookAgainMs?: number;
}

/**
 * Leases as files under `folder`: `leases/<name>.<generation>.lease`. The highest generation holds, and the time of
 * its file is its last sign of life. Taking over creates the next generation, which a file system grants exactly
 * once; the old holder finds itself outnumbered at its next beat. A process that is killed loses its lease by silence.
 */
export function createLeaseStore(
  disk: Disk,
  folder: string,
  clock: Clock,
  options: LeaseOptions = {},
): LeaseStore {
  const { beatMs = 3_000, lostAfterMs = 12_000, lookAgainMs = 1_000 } = options;
  return new FileLeases(disk, join(folder, ...leasesFolder), clock, { beatMs, lostAfterMs, lookAgainMs });
}

interface Generation {
  readonly file: string;
  readonly number: number;
}

class FileLeases implements LeaseStore {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #options: Required<LeaseOptions>;

  constructor(disk: Disk, folder: string, clock: Clock, options: Required<LeaseOptions>) {
    this.#disk = disk;
    this.#folder = folder;
    this.#clock = clock;
    this.#options = options;
  }

  async take(name: string): Promise<Lease | undefined> {
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(name)) {
      throw new BackupError('invalid-input', 'a lease name is not a plain name');
    }
    await this.#disk.ensureFolder(this.#folder);
    const before = await this.generations(name);
    if (await this.#anyAlive(before)) return undefined;
    // Never a number that was given before, also when its file is gone: a holder that slept would take it for its own.
    const number = Math.max(this.#clock.now(), ...before.map((generation) => generation.number + 1));
    const file = join(this.#folder, `${name}.${number}.lease`);
    if (!(await this.#create(file))) return undefined;
    try {
      // Somebody may have come by another way meanwhile: then both step back, and the next try decides.
      const others = (await this.generations(name)).filter((generation) => generation.number !== number);
      if (others.some((other) => other.number > number) || (await this.#anyAlive(others))) {
        await this.#disk.remove(file);
        return undefined;
      }
      // Outnumbered in any case, so it does not matter when one cannot be removed.
      await Promise.all(others.map((other) => this.#disk.remove(other.file).catch(() => undefined)));
    } catch (error) {
      // A generation without a holder would keep all others waiting until it expires.
      this.giveBack(file);
      throw error;
    }
    return new FileLease(this.#disk, this, this.#clock, name, { file, number }, this.#options);
  }

  /** Synchronous, since a window that closes doesn't wait. No other window has this generation. */
  giveBack(file: string): void {
    try {
      this.#disk.removeNow(file);
    } catch {
      // Gone already, or left to run out.
    }
  }

  async generations(name: string): Promise<readonly Generation[]> {
    const pattern = /^(.+)\.(\d{1,15})\.lease$/;
    return (await this.#disk.list(this.#folder)).flatMap((entry) => {
      const [, of, number] = pattern.exec(entry) ?? [];
      return of === name ? [{ file: join(this.#folder, entry), number: Number(number) }] : [];
    });
  }

  async #create(file: string): Promise<boolean> {
    let handle: DiskFile;
    try {
      handle = await this.#disk.open(file, 'new');
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    }
    try {
      const now = this.#clock.now();
      await handle.touch(now);
      await handle.append(Buffer.from(`${process.pid}\n`));
      await handle.touch(now);
      return true;
    } catch (error) {
      this.giveBack(file);
      throw error;
    } finally {
      await handle.close();
    }
  }

  async #anyAlive(generations: readonly Generation[]): Promise<boolean> {
    const alive = await Promise.all(generations.map(({ file }) => this.#isAlive(file)));
    return alive.includes(true);
  }

  async #isAlive(file: string): Promise<boolean> {
    try {
      // A time in the future comes from a clock that was set back: as good as none.
      return Math.abs(this.#clock.now() - (await this.#disk.stat(file)).mtimeMs) <= this.#options.lostAfterMs;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }
}

class FileLease implements Lease {
  readonly #disk: Disk;
  readonly #store: FileLeases;
  readonly #clock: Clock;
  readonly #name: string;
  readonly #own: Generation;
  readonly #options: Required<LeaseOptions>;
  readonly #losses = new Emitter<void>();
  readonly #end = new AbortController();
  /** When a look last found it held, by the monotonic clock. */
  #heldAt: number;

  readonly onDidLose = this.#losses.event;

  constructor(
    disk: Disk,
    store: FileLeases,
    clock: Clock,
    name: string,
    own: Generation,
    options: Required<LeaseOptions>,
  ) {
    this.#disk = disk;
    this.#store = store;
    this.#clock = clock;
    this.#name = name;
    this.#own = own;
    this.#options = options;
    this.#heldAt = clock.monotonic();
    this.#beat().catch((error: unknown) => {
      // Without beats the lease runs out, so its holder must not go on as if it had it.
      if (!isCancelled(error)) this.#lose();
    });
  }

  async isHeld(): Promise<boolean> {
    const { lostAfterMs, lookAgainMs } = this.#options;
    while (!this.#end.signal.aborted) {
      try {
        const isHeld = await this.#look();
        if (isHeld) this.#heldAt = this.#clock.monotonic();
        else this.#lose();
        return isHeld;
      } catch {
        // A disk that fails once is looked at again, as long as others wait for a sign of life.
        if (this.#clock.monotonic() - this.#heldAt >= lostAfterMs) this.#lose();
        else await this.#sleep(lookAgainMs);
      }
    }
    return false;
  }

  dispose(): void {
    if (this.#end.signal.aborted) return;
    this.#end.abort();
    this.#losses.dispose();
    this.#store.giveBack(this.#own.file);
  }

  async #beat(): Promise<void> {
    do await this.#clock.sleep(this.#options.beatMs, { signal: this.#end.signal });
    while (await this.isHeld());
  }

  /** Shows that its holder lives, and looks whether another one has come. */
  async #look(): Promise<boolean> {
    try {
      await this.#disk.touch(this.#own.file, this.#clock.now());
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
    const generations = await this.#store.generations(this.#name);
    return !this.#end.signal.aborted && !generations.some(({ number }) => number > this.#own.number);
  }

  /** Ends early when the lease ends. */
  async #sleep(ms: number): Promise<void> {
    try {
      await this.#clock.sleep(ms, { signal: this.#end.signal });
    } catch (error) {
      if (!isCancelled(error)) throw error;
    }
  }

  #lose(): void {
    if (this.#end.signal.aborted) return;
    this.#end.abort();
    this.#store.giveBack(this.#own.file);
    this.#losses.fire();
  }
}
