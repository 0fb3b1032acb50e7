import { readRecord } from '../../src/core/operations/operationRecord';
import type { FileTree } from './files';

/** The lines of an operation's file that are whole JSON objects, wherever the file is. */
function linesOf(text: string): readonly Readonly<Record<string, unknown>>[] {
  return text.split('\n').flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return typeof value === 'object' && value !== null ? [{ ...value }] : [];
    } catch {
      return [];
    }
  });
}

/** What the disk has of an operation: all of it, or only what a power cut would leave for sure. */
export function recordsOf(
  tree: FileTree,
  operationId: string,
  what: 'all' | 'synced',
): readonly Readonly<Record<string, unknown>>[] {
  const names = what === 'all' ? tree.names : tree.syncedNames;
  const files = [...names].filter(([path]) => path.includes('/operations/') && path.includes(operationId));
  return files.flatMap(([, inode]) => {
    const bytes = what === 'all' ? inode.bytes : inode.bytes.subarray(0, inode.syncedSize);
    return linesOf(bytes.toString('utf8'));
  });
}

/** True while the disk has a file of the operation, wherever it is. */
export function hasFile(tree: FileTree, operationId: string): boolean {
  return [...tree.names.keys()].some((path) => path.includes('/operations/') && path.includes(operationId));
}

/** True when one of the records says that a call for exactly these machines goes out. */
export function hasIntent(
  records: readonly Readonly<Record<string, unknown>>[],
  machineKeys: readonly string[],
): boolean {
  return records.some(({ type, machineKeys: keys }) => {
    if (type !== 'intent' || !Array.isArray(keys)) return false;
    return keys.length === machineKeys.length && machineKeys.every((key) => keys.includes(key));
  });
}

/** Each client that was held back, by its key, with each job that it was held back for. */
export function heldIn(records: readonly Readonly<Record<string, unknown>>[]): ReadonlySet<string> {
  const read = records.map((record) => readRecord(record));
  return new Set(
    read.flatMap((record) =>
      typeof record === 'object' && record.type === 'held'
        ? record.machines.flatMap(({ key, jobs }) => jobs.map(({ jobId }) => `${key} ${jobId}`))
        : [],
    ),
  );
}
