import * as v from 'valibot';
import type { CrossAccount, Scope } from './scope';

/** A schema for each field of a type: leaving one out doesn't compile. */
export type FieldsOf<T> = { readonly [K in keyof T]-?: v.GenericSchema<unknown, T[K]> };

const text = v.string();

/** As it is stored in plans, in records and with the profiles. */
export const crossAccountSchema = v.object({
  type: v.picklist(['CROSS_ACCOUNT', 'CROSS_ACCOUNT_BY_RD']),
  userId: v.pipe(text, v.nonEmpty()),
  roleName: v.exactOptional(text),
  alias: v.exactOptional(text),
} satisfies FieldsOf<CrossAccount>);

export const scopeSchema = v.object({
  profileId: text,
  accountId: text,
  regionId: text,
  clientType: v.picklist(['ECS_CLIENT', 'CONTAINER_CLIENT', 'LOCAL_CLIENT']),
  crossAccount: v.exactOptional(crossAccountSchema),
} satisfies FieldsOf<Scope>);
