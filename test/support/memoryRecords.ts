import { toDisposable } from '../../src/core/kernel/disposables';
import { Emitter } from '../../src/core/kernel/events';
import type { Lease, LeaseStore, RecordSpan, RecordStore } from '../../src/core/operations/stores';

/** What several windows share: record files and leases, kept in memory as the text that a disk would hold. */
export interface MemoryDisk {
  /** The records of an operation, as they stand. */
  lines(operationId: string): readonly Record<string, unknown>[];
  readonly open: ReadonlyMap<string, string>;
  readonly closed: ReadonlyMap<string, string>;
  readonly aside: ReadonlyMap<string, string>;
  /** Text put into a file as it is, such as a torn line; among the open ones unless told otherwise. */
  write(operationId: string, text: string, place?: 'open' | 'closed'): void;
  /** Stores of one window. Killing it leaves its leases to run out: `expire` takes them away. */
  window(): MemoryWindow;
}

export interface MemoryWindow {
  readonly records: RecordStore;
  readonly leases: LeaseStore;
  /** Called before each append; throwing makes the disk refuse it. */
  beforeAppend: (record: object) => void;
  /** Ends all its leases, as silence would. Its holders hear of it unless they are dead. */
  expire(tellsHolder: boolean): void;
  /** After a kill nothing of this window reaches the disk; a record being written loses its last `tornBytes`. */
  kill(tornBytes?: number): void;
}

export function createMemoryDisk(): MemoryDisk {
  const open = new Map<string, string>();
  const closed = new Map<string, string>();
  const aside = new Map<string, string>();
  const holders = new Map<string, object>();
  const windows = new Set<{ readonly tell: (id: string) => void }>();
  const fileOf = (id: string): string | undefined => closed.get(id) ?? open.get(id) ?? aside.get(id);
  return {
    open,
    closed,
    aside,
    lines: (id) => parse(fileOf(id) ?? '').filter((line) => line !== undefined),
    write: (id, text, place = 'open') => (place === 'open' ? open : closed).set(id, text),
    window() {
      const changes = new Emitter<string>();
      const mine = { tell: (id: string) => changes.fire(id) };
      windows.add(mine);
      let dead = false;
      let torn = 0;
      const held = new Map<string, { readonly token: object; readonly losses: Emitter<void> }>();
      const tellOthers = (id: string): void => {
        for (const other of windows) if (other !== mine) other.tell(id);
      };
      const write = (place: Map<string, string>, id: string, record: object): RecordSpan => {
        const before = place.get(id) ?? '';
        const healed = before === '' || before.endsWith('\n') ? before : `${before}\n`;
        const line = `${JSON.stringify(record)}\n`;
        const after = `${healed}${line.slice(0, line.length - torn)}`;
        place.set(id, after);
        tellOthers(id);
        return { from: before.length, to: after.length };
      };
      const stop = (): Promise<never> => new Promise(() => undefined);
      const move = async (id: string, from: Map<string, string>, to: Map<string, string>): Promise<void> => {
        if (dead) return stop();
        const text = from.get(id);
        if (text === undefined) return;
        to.set(id, text);
        from.delete(id);
        tellOthers(id);
      };
      const window: MemoryWindow = {
        beforeAppend: () => undefined,
        records: {
          list: () => Promise.resolve({ open: idsOf(open), closed: idsOf(closed), aside: idsOf(aside) }),
          read(id, from = 0) {
            const text = fileOf(id);
            if (text === undefined) return Promise.resolve(undefined);
            const whole = text.endsWith('\n') ? text.length : text.lastIndexOf('\n') + 1;
            return Promise.resolve({ records: parse(text.slice(from, whole)), end: Math.max(from, whole) });
          },
          async create(id, record) {
            if (dead) return stop();
            if (fileOf(id) !== undefined) throw new Error('there are records already');
            window.beforeAppend(record);
            return write(open, id, record);
          },
          async append(id, record) {
            if (dead) return stop();
            window.beforeAppend(record);
            const place = [closed, open].find((one) => one.has(id));
            if (!place) throw new Error('there are no records');
            return write(place, id, record);
          },
          close: (id) => move(id, open, closed),
          setAside: (id) => move(id, open, aside),
          reopen: (id) => move(id, closed, open),
          revoke: (id) => move(id, aside, open),
          async remove(id) {
            if (dead) return stop();
            for (const place of [open, closed, aside]) place.delete(id);
            tellOthers(id);
          },
          onDidChange: changes.event,
        },
        leases: {
          take(name): Promise<Lease | undefined> {
            if (holders.has(name)) return Promise.resolve(undefined);
            const token = {};
            const losses = new Emitter<void>();
            holders.set(name, token);
            held.set(name, { token, losses });
            const back = toDisposable(() => {
              if (holders.get(name) === token) holders.delete(name);
              held.delete(name);
            });
            return Promise.resolve({
              onDidLose: losses.event,
              isHeld() {
                const isHeld = holders.get(name) === token;
                // Who asks hears of the loss: a window of files finds out in the same way.
                if (!isHeld && !dead) losses.fire();
                return Promise.resolve(isHeld);
              },
              dispose: () => {
                if (!dead) back.dispose();
              },
            });
          },
        },
        expire(tellsHolder) {
          for (const [name, { token, losses }] of [...held]) {
            if (holders.get(name) === token) holders.delete(name);
            held.delete(name);
            if (tellsHolder) losses.fire();
          }
        },
        kill(tornBytes = 0) {
          dead = true;
          torn = tornBytes;
          windows.delete(mine);
        },
      };
      return window;
    },
  };
}

/** Replaces what is in an open file, and appends a record without ending a line that is cut short before it. */
export function appendAsItIs(disk: MemoryDisk, id: string, before: string, record: object): RecordSpan {
  const after = `${before}${JSON.stringify(record)}\n`;
  disk.write(id, after);
  return { from: before.length, to: after.length };
}

function idsOf(place: ReadonlyMap<string, string>): readonly string[] {
  return [...place.keys()].sort();
}

/** Undefined for a line that is damaged. */
function parse(text: string): readonly (Record<string, unknown> | undefined)[] {
  return text.split('\n').flatMap((line) => {
    if (line === '') return [];
    try {
      const value: unknown = JSON.parse(line);
      return [typeof value === 'object' && value !== null ? { ...value } : undefined];
    } catch {
      return [undefined];
    }
  });
}
