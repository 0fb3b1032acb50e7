import * as v from 'valibot';
import type { PageMemory, PageMessage } from './messages';

/** Longer than any id that a page offers to copy. */
const shortText = v.pipe(v.string(), v.nonEmpty(), v.maxLength(300));

const pageMessage: v.GenericSchema<PageMessage> = v.variant('type', [
  v.object({ type: v.literal('ready') }),
  v.object({
    type: v.literal('command'),
    command: v.picklist([
      'checkNow',
      'stopSending',
      'stopWatching',
      'watchAgain',
      'retryFailed',
      'continueRollout',
      'exportReport',
    ]),
  }),
  v.object({ type: v.literal('reveal'), key: shortText }),
  v.object({ type: v.literal('copy'), text: shortText }),
]);

const pageMemory: v.GenericSchema<PageMemory> = v.object({
  operationId: v.pipe(v.string(), v.nonEmpty()),
  scrollTop: v.exactOptional(v.pipe(v.number(), v.finite())),
  choice: v.exactOptional(
    v.object({
      text: v.string(),
      state: v.string(),
      sort: v.exactOptional(v.object({ column: v.string(), descending: v.boolean() })),
    }),
  ),
});

/** True for a message that the host may act on. The page runs in a browser, so what it sends is checked. */
export function isPageMessage(value: unknown): value is PageMessage {
  return v.is(pageMessage, value);
}

/** True for what a page of ours left for its next life. */
export function isPageMemory(value: unknown): value is PageMemory {
  return v.is(pageMemory, value);
}
