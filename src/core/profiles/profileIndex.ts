import * as v from 'valibot';
import { isRecord, present } from '../kernel/objects';
import { consoleSites } from '../service/consoleLinks';
import { isRegionId } from '../service/endpoints';
import { crossAccountSchema, serviceFilterSchema, type FieldsOf } from '../service/scopeSchema';
import type { CredentialSource, RoleRequest } from './keys/credentialSource';
import type { Pin, Profile } from './profile';

/** What is kept of the profiles: nothing secret. */
export interface StoredProfiles {
  readonly profiles: readonly Profile[];
  /** The one that was active last, in any window. */
  readonly activeId?: string;
  /** Those that were in view last, in any window; the active one alone unless given. */
  readonly shownIds?: readonly string[];
  /** Removed profiles whose secret might still have to be erased. */
  readonly removing: readonly string[];
}

/** Where the list of profiles is stored. */
export interface ProfileIndexPort {
  /** What was written last, by any window as far as it is known here; `undefined` at first. */
  read(): unknown;
  write(stored: StoredProfiles): Promise<void>;
}

const text = v.pipe(v.string(), v.nonEmpty());
/** A text that counts as absent when it is anything else. */
const looseText = v.fallback(v.optional(text), undefined);

/** A list without the entries that don't match; empty when it isn't a list. */
const listOf = <const S extends v.GenericSchema>(entry: S) =>
  v.pipe(
    v.fallback(v.optional(v.array(v.unknown()), []), []),
    v.transform((entries): readonly v.InferOutput<S>[] =>
      entries.flatMap((each) => {
        const read = v.safeParse(entry, each);
        return read.success ? [read.output] : [];
      }),
    ),
  );

const sourceSchema = v.variant('kind', [
  v.object({ kind: v.picklist(['stored', 'default']) }),
  v.object({ kind: v.literal('cli'), name: v.exactOptional(text) }),
  v.object({ kind: v.literal('sdkFile'), section: text }),
  v.object({
    kind: v.literal('role'),
    sourceProfileId: text,
    role: v.object({
      roleArn: text,
      sessionName: text,
      durationSeconds: v.number(),
      externalId: v.exactOptional(text),
      policy: v.exactOptional(text),
    } satisfies FieldsOf<RoleRequest>),
  }),
]) satisfies v.GenericSchema<unknown, CredentialSource>;

const pinSchema = v.object({
  regionId: v.pipe(v.string(), v.check(isRegionId)),
  // One that can't be read takes its pin with it: the account's own clients in its place would be the wrong ones.
  crossAccount: v.exactOptional(crossAccountSchema),
  // The same holds for its filter: without it, commands would mean the whole region.
  filter: v.exactOptional(serviceFilterSchema),
} satisfies FieldsOf<Pin>);

const profileSchema = v.pipe(
  v.object({
    id: text,
    name: text,
    regionId: text,
    accountId: looseText,
    identity: looseText,
    // One of a newer release takes its profile with it: it isn't known which credentials it would use.
    source: v.exactOptional(sourceSchema),
    consoleSite: v.fallback(v.optional(v.picklist(consoleSites)), undefined),
    network: v.fallback(v.optional(v.literal('vpc')), undefined),
    pins: listOf(pinSchema),
  }),
  v.transform(({ pins, ...fields }) =>
    present<Profile>({ ...optionalFields, ...fields, pins: pins.length > 0 ? pins : undefined }),
  ),
);

/** Fields of a profile that needn't be there; the demo is never stored. */
const optionalFields = { source: undefined, demo: undefined } as const;

const storedSchema = v.object({
  profiles: listOf(profileSchema),
  activeId: looseText,
  shownIds: listOf(text),
  removing: listOf(text),
});

/** Reads what an index holds. Entries that aren't profiles are left out and don't affect the rest. */
export function decodeStoredProfiles(value: unknown): StoredProfiles {
  const { shownIds, ...stored } = v.parse(storedSchema, isRecord(value) ? value : {});
  return present<StoredProfiles>({ ...stored, shownIds: shownIds.length > 0 ? shownIds : undefined });
}
