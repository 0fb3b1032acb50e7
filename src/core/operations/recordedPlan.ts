import * as v from 'valibot';
import { taskActions } from '../service/actions';
import { scopeSchema, type FieldsOf } from '../service/scopeSchema';
import {
  defaultHoldLimitMs,
  type LeftOutClient,
  type Plan,
  type PlannedMachine,
  type Strategy,
} from './operation';
import { settingsSchema, settingValuesSchema } from './recordedSettings';
import { workSchema } from './recordedWork';

/** A number that JSON can hold. */
export const finiteNumber = v.pipe(v.number(), v.finite());

/** A list that nobody changes. */
export const listOf = <const S extends v.GenericSchema>(item: S) => v.pipe(v.array(item), v.readonly());

/** True only where it was recorded as true. */
export const isTrue = v.fallback(v.exactOptional(v.boolean(), false), false);

const text = v.string();
const optionalText = v.exactOptional(text);

const strategySchema = v.variant('kind', [
  v.object({ kind: v.picklist(['all', 'canary', 'zones']) }),
  v.object({ kind: v.literal('batches'), size: finiteNumber }),
]) satisfies v.GenericSchema<unknown, Strategy>;

const machineSchema = v.object({
  key: text,
  name: text,
  namedBy: v.exactOptional(v.picklist(['instance', 'client'])),
  instanceId: optionalText,
  clientId: optionalText,
  zoneId: optionalText,
  fromStatus: optionalText,
  fromVersion: optionalText,
  targetVersion: optionalText,
  fromSettings: v.exactOptional(settingValuesSchema),
  work: v.exactOptional(workSchema),
  // A newer release may know more words.
  whenBusy: v.exactOptional(v.fallback(v.optional(v.literal('send')), undefined)),
} satisfies FieldsOf<PlannedMachine>);

const leftOutSchema = v.object({
  name: text,
  instanceId: optionalText,
  clientId: optionalText,
  reason: text,
} satisfies FieldsOf<LeftOutClient>);

const planFields = {
  scope: scopeSchema,
  profileName: text,
  demo: isTrue,
  machines: listOf(machineSchema),
  // Without it, a plan can be followed all the same.
  leftOut: v.exactOptional(v.fallback(listOf(leftOutSchema), [])),
  strategy: v.exactOptional(strategySchema),
  maxFailures: v.exactOptional(finiteNumber),
  holdLimitMs: v.exactOptional(v.fallback(finiteNumber, defaultHoldLimitMs)),
  retryOf: optionalText,
} satisfies FieldsOf<Omit<Plan, 'action' | 'settings' | 'machines'>> & { readonly machines: unknown };

/** What was decided, as `Plan` has it. Read from JSON as older releases wrote it, too. */
export const planSchema = v.pipe(
  v.variant('action', [
    v.object({ action: v.picklist(taskActions), ...planFields }),
    v.object({ action: v.literal('settings'), settings: settingsSchema, ...planFields }),
  ]),
  v.transform(({ machines, ...plan }): Plan => {
    // Older releases didn't record it. They never send what they left unsent, so only the ID to look for counts.
    const usual = plan.action === 'install' ? 'instance' : 'client';
    return {
      ...plan,
      machines: machines.map((machine) => ({ ...machine, namedBy: machine.namedBy ?? usual })),
    };
  }),
);
