import * as v from 'valibot';
import { protectionCalls } from '../service/protection';
import { gapReasons, type Gap } from '../protection/gap';
import type { RunningJob, Work } from '../protection/work';
import type { FieldsOf } from '../service/scopeSchema';

const text = v.string();
const number = v.pipe(v.number(), v.finite());
/** A later time than the year 5138 couldn't be shown. */
const seconds = v.pipe(number, v.minValue(0), v.maxValue(1e11));

const jobSchema = v.object({
  kind: v.picklist(['backup', 'restore']),
  jobId: text,
  status: text,
  percent: v.exactOptional(number),
  since: v.exactOptional(seconds),
  certain: v.fallback(v.boolean(), false),
  stuck: v.fallback(v.boolean(), false),
} satisfies FieldsOf<RunningJob>);

/** The jobs that a client waits for: at least one. */
export const jobsSchema = v.pipe(v.tupleWithRest([jobSchema], jobSchema), v.readonly());

const gapSchema = v.object({
  // A newer release may know more calls and reasons.
  call: v.fallback(v.picklist(protectionCalls), 'hbr:DescribeBackupJobs2'),
  why: v.fallback(v.picklist(gapReasons), 'failed'),
} satisfies FieldsOf<Gap>);

const unreadable: Work = { kind: 'unknown', gaps: [{ call: 'hbr:DescribeBackupJobs2', why: 'failed' }] };

/** What was known when the user agreed. One that can't be read counts as not known: the plan must not be lost for it. */
export const workSchema = v.fallback(
  v.variant('kind', [
    v.object({ kind: v.literal('running'), jobs: jobsSchema }),
    v.object({ kind: v.literal('none') }),
    v.object({
      kind: v.literal('unknown'),
      gaps: v.pipe(v.tupleWithRest([gapSchema], gapSchema), v.readonly()),
    }),
  ]) satisfies v.GenericSchema<unknown, Work>,
  unreadable,
);
