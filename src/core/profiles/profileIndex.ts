import { isRegionId } from '../service/endpoints';
import type { Pin, Profile } from './profile';
import type { CrossAccount } from '../service/scope';
import type { CredentialSource } from './keys/credentialSource';

/** What is kept of the profiles: nothing secret. */
export interface StoredProfiles {
  readonly profiles: readonly Profile[];
  /** The one that was active last, in any window. */
  readonly activeId?: string;
  /** Those that were in view last, in any window; the active one alone unless given. */
  readonly shownIds?: readonly string[];
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
  const shownIds = listOf(stored['shownIds']).flatMap((id) => textOf(id) ?? []);
  return {
    profiles,
    ...(activeId !== undefined && { activeId }),
    ...(shownIds.length > 0 && { shownIds }),
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
  const source = sourceOf(value['source']);
  // Of a newer release, or broken: nobody knows which key it would be.
  if (value['source'] !== undefined && !source) return undefined;
  const pins = listOf(value['pins']).flatMap((entry) => pinOf(entry) ?? []);
  return {
    id,
    name,
    regionId,
    ...(accountId !== undefined && { accountId }),
    ...(identity !== undefined && { identity }),
    ...(source && { source }),
    ...(value['network'] === 'vpc' && { network: 'vpc' }),
    ...(pins.length > 0 && { pins }),
  };
}

function sourceOf(value: unknown): CredentialSource | undefined {
  if (!isRecord(value)) return undefined;
  switch (value['kind']) {
    case 'stored':
      return { kind: 'stored' };
    case 'default':
      return { kind: 'default' };
    case 'cli': {
      const name = textOf(value['name']);
      return { kind: 'cli', ...(name !== undefined && { name }) };
    }
    case 'sdkFile': {
      const section = textOf(value['section']);
      return section === undefined ? undefined : { kind: 'sdkFile', section };
    }
    case 'role':
      return roleSourceOf(value);
    default:
      return undefined;
  }
}

function roleSourceOf(value: Readonly<Record<string, unknown>>): CredentialSource | undefined {
  const sourceProfileId = textOf(value['sourceProfileId']);
  const role = isRecord(value['role']) ? value['role'] : {};
  const roleArn = textOf(role['roleArn']);
  const sessionName = textOf(role['sessionName']);
  const externalId = textOf(role['externalId']);
  const durationSeconds = role['durationSeconds'];
  if (sourceProfileId === undefined || roleArn === undefined || sessionName === undefined) return undefined;
  if (typeof durationSeconds !== 'number') return undefined;
  return {
    kind: 'role',
    sourceProfileId,
    role: { roleArn, sessionName, durationSeconds, ...(externalId !== undefined && { externalId }) },
  };
}

function pinOf(value: unknown): Pin | undefined {
  if (!isRecord(value)) return undefined;
  const regionId = textOf(value['regionId']);
  if (regionId === undefined || !isRegionId(regionId)) return undefined;
  const crossAccount = crossAccountOf(value['crossAccount']);
  // Its own machines in the place of another account's would be the wrong ones.
  if (value['crossAccount'] !== undefined && !crossAccount) return undefined;
  return { regionId, ...(crossAccount && { crossAccount }) };
}

function crossAccountOf(value: unknown): CrossAccount | undefined {
  if (!isRecord(value)) return undefined;
  const type = value['type'];
  const userId = textOf(value['userId']);
  const roleName = textOf(value['roleName']);
  if ((type !== 'CROSS_ACCOUNT' && type !== 'CROSS_ACCOUNT_BY_RD') || userId === undefined) return undefined;
  const alias = textOf(value['alias']);
  return {
    type,
    userId,
    ...(roleName !== undefined && { roleName }),
    ...(alias !== undefined && { alias }),
  };
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
