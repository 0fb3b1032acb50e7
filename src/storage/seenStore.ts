import { join } from 'node:path';
import * as v from 'valibot';
import type { SeenStore } from '../core/clients/seen/seenClients';
import type { Disk } from './disk';
import { seenFolder } from './layout';
import { createScopeFiles } from './scopeFiles';

const seenSchema = v.object({
  at: v.number(),
  // As a list, since the key of a client could be any text.
  clients: v.array(
    v.tuple([
      v.string(),
      v.object({
        name: v.string(),
        status: v.string(),
        version: v.exactOptional(v.string()),
        clientId: v.exactOptional(v.string()),
      }),
    ]),
  ),
});

/** The clients of each scope as the user last saw them. */
export function createSeenStore(disk: Disk, folder: string): SeenStore {
  const files = createScopeFiles(disk, join(folder, ...seenFolder));
  return {
    async read(scope) {
      const stored = v.safeParse(seenSchema, await files.read(scope));
      return stored.success ? { at: stored.output.at, clients: new Map(stored.output.clients) } : undefined;
    },
    write: (scope, { at, clients }) => files.write(scope, { at, clients: [...clients] }),
    remove: (profileId) => files.remove(profileId),
  };
}
