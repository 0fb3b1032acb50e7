import type { Profile } from '../ports';
import type { CrossAccount } from '../scope';

/** What is kept of the profiles: nothing secret. */
export interface StoredProfiles {
  readonly profiles: readonly Profile[];
  /** The one that was active last, in any window. */
  readonly activeId?: string;
  /** Removed profiles whose secret may still have to be erased. */
  readonly removing: readonly string[];
}

/** Where the list of profiles lies. */
export interface ProfileIndexPort {
  /** What was written last, by any window as far as it is known here; `undefined` at first. */
  read(): unknown;
  write(stored: StoredProfiles): Promise<void>;
}

/** Makes sense of what an index holds. Entries that are no profiles are left out rather than failing the rest. */
export function decodeStoredProfiles(value: unknown): StoredProfiles {
  const stored = isRecord(value) ? value : {};
  const profiles = listOf(stored['profiles']).flatMap((entry) => profileOf(entry) ?? []);
  const activeId = textOf(stored['activeId']);
  return {
    profiles,
    ...(activeId !== undefined && { activeId }),
    removing: listOf(stored['removing']).flatMap((id) => textOf(id) ?? []),
  };
}

/** Built field by field, so that nothing else an entry may hold is carried along. */
function profileOf(value: unknown): Profile | undefined {
  if (!isRecord(value)) return undefined;
  const id = textOf(value['id']);
  const name = textOf(value['name']);
  const regionId = textOf(value['regionId']);
  if (id === undefined || name === undefined || regionId === undefined) return undefined;
  const accountId = textOf(value['accountId']);
  const identity = textOf(value['identity']);
  const crossAccount = crossAccountOf(value['crossAccount']);
  return {
    id,
    name,
    regionId,
    ...(accountId !== undefined && { accountId }),
    ...(identity !== undefined && { identity }),
    ...(crossAccount && { crossAccount }),
  };
}

function crossAccountOf(value: unknown): CrossAccount | undefined {
  if (!isRecord(value)) return undefined;
  const type = value['type'];
  const userId = textOf(value['userId']);
  const roleName = textOf(value['roleName']);
  if ((type !== 'CROSS_ACCOUNT' && type !== 'CROSS_ACCOUNT_BY_RD') || userId === undefined) return undefined;
  return { type, userId, ...(roleName !== undefined && { roleName }) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
