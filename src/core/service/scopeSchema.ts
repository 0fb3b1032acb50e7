import * as v from 'valibot';
import { clientTypes, type Tag } from './model';
import type { CrossAccount, Scope } from './scope';
import { mostFilteredInstances, mostTags, type ServiceFilter } from './serviceFilter';

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

/** As it is stored in plans, in records and with the profiles. */
export const serviceFilterSchema = v.object({
  tags: v.exactOptional(
    v.pipe(
      v.array(v.object({ key: v.pipe(text, v.nonEmpty()), value: text } satisfies FieldsOf<Tag>)),
      v.minLength(1),
      v.maxLength(mostTags),
      v.readonly(),
    ),
  ),
  clusterId: v.exactOptional(v.pipe(text, v.nonEmpty())),
  instanceIds: v.exactOptional(
    v.pipe(
      v.array(v.pipe(text, v.nonEmpty())),
      v.minLength(1),
      v.maxLength(mostFilteredInstances),
      v.readonly(),
    ),
  ),
} satisfies FieldsOf<ServiceFilter>);

export const scopeSchema = v.object({
  profileId: text,
  accountId: text,
  regionId: text,
  clientType: v.picklist(clientTypes),
  crossAccount: v.exactOptional(crossAccountSchema),
  filter: v.exactOptional(serviceFilterSchema),
} satisfies FieldsOf<Scope>);
