import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { chunksOf } from '../core/kernel/chunks';
import { scopeKey, type Scope } from '../core/service/scope';
import { readIfThere, type Disk } from './disk';

const version = 1;

/** Elements of a list that are written or read at once: all of a large list would stop everything else for a second. */
const elementsALine = 2000;

/** One file for each scope, in a folder for each profile: a line of JSON, and further lines with the rest of long lists. */
export interface ScopeFiles {
  /** The fields that were written; undefined where there's no file, or one that is damaged, of another version, or of another scope. */
  read(scope: Scope): Promise<object | undefined>;
  write(scope: Scope, fields: object): Promise<void>;
  /** Removes those of a profile. */
  remove(profileId: string): Promise<void>;
}

/** Copies of what the service knows: losing one loses nothing. */
export function createScopeFiles(disk: Disk, folder: string): ScopeFiles {
  // Hashed, since names of profiles and roles may be long and differ in case only.
  const profileFolder = (profileId: string): string => join(folder, digest(profileId));
  const fileOf = (scope: Scope): string =>
    join(profileFolder(scope.profileId), `${digest(scopeKey(scope))}.json`);
  // A file that is still written when its profile is removed must not come back, nor be read before it is gone.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
  return {
    async read(scope) {
      await last;
      const text = await readIfThere(disk, fileOf(scope));
      return text === undefined ? undefined : await fieldsIn(text, scopeKey(scope));
    },
    async write(scope, fields) {
      await inTurn(async () =>
        disk.replace(fileOf(scope), await textOf({ v: version, scope: scopeKey(scope), ...fields })),
      );
    },
    async remove(profileId) {
      await inTurn(() => disk.removeFolder(profileFolder(profileId)));
    },
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

async function textOf(fields: object): Promise<string> {
  const lists = Object.entries(fields).flatMap(([name, value]: [string, unknown]) =>
    Array.isArray(value) && value.length > elementsALine ? [{ name, list: value as readonly unknown[] }] : [],
  );
  const begun = lists.map(({ name, list }) => [name, list.slice(0, elementsALine)] as const);
  const lines = [JSON.stringify({ ...fields, ...Object.fromEntries(begun) })];
  for (const { name, list } of lists) {
    for (const some of chunksOf(list.slice(elementsALine), elementsALine)) {
      await turn();
      lines.push(JSON.stringify({ [name]: some }));
    }
  }
  return lines.join('\n');
}

async function fieldsIn(text: string, scope: string): Promise<object | undefined> {
  const [first = '', ...others] = text.split('\n');
  const stored = parsed(first);
  if (!('v' in stored && 'scope' in stored && stored.v === version && stored.scope === scope))
    return undefined;
  const fields: Record<string, unknown> = { ...stored };
  for (const line of others) {
    await turn();
    const rest = Object.entries(parsed(line));
    if (rest.length === 0) return undefined;
    for (const [name, some] of rest) {
      const list = fields[name];
      if (!Array.isArray(list) || !Array.isArray(some)) return undefined;
      for (const element of some as readonly unknown[]) list.push(element);
    }
  }
  return fields;
}

/** Without fields where it isn't JSON, or no object. */
function parsed(line: string): object {
  try {
    const stored: unknown = JSON.parse(line);
    return typeof stored === 'object' && stored !== null ? stored : {};
  } catch {
    return {};
  }
}
