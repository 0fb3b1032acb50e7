import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { scopeKey, type Scope } from '../core/service/scope';
import { readIfThere, type Disk } from './disk';

const version = 1;

/** One JSON file for each scope, in a folder for each profile. */
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
      return text === undefined ? undefined : fieldsIn(text, scopeKey(scope));
    },
    async write(scope, fields) {
      const text = JSON.stringify({ v: version, scope: scopeKey(scope), ...fields });
      await inTurn(() => disk.replace(fileOf(scope), text));
    },
    async remove(profileId) {
      await inTurn(() => disk.removeFolder(profileFolder(profileId)));
    },
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function fieldsIn(text: string, scope: string): object | undefined {
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof stored !== 'object' || stored === null) return undefined;
  return 'v' in stored && 'scope' in stored && stored.v === version && stored.scope === scope
    ? stored
    : undefined;
}
