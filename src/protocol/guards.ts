import * as v from 'valibot';
import { clientFromPage, clientMemory } from './client';
import type { PageKind, PageMemory, PageMessage } from './messages';
import { operationFromPage, operationMemory } from './operation';
import { overviewFromPage, overviewMemory } from './overview';
import { shortText } from './texts';

const schemas = {
  operation: schemasOf(operationFromPage, operationMemory),
  client: schemasOf(clientFromPage, clientMemory),
  overview: schemasOf(overviewFromPage, overviewMemory),
} satisfies Readonly<Record<PageKind, unknown>>;

function schemasOf(fromPage: v.GenericSchema, memory: v.GenericSchema) {
  return {
    message: v.variant('type', [
      v.object({ type: v.literal('ready') }),
      v.object({ type: v.literal('copy'), text: shortText }),
      v.object({ type: v.literal('own'), message: fromPage }),
    ]),
    memory: v.object({
      subject: v.pipe(v.string(), v.nonEmpty()),
      scrollTop: v.exactOptional(v.pipe(v.number(), v.finite())),
      own: v.exactOptional(memory),
    }),
  };
}

/** True for a message that the host may act on. The page runs in a browser, so what it sends is checked. */
export function isPageMessage<K extends PageKind>(kind: K, value: unknown): value is PageMessage<K> {
  return v.is(schemas[kind].message, value);
}

/** True for what a page of that kind left for its next life. */
export function isPageMemory<K extends PageKind>(kind: K, value: unknown): value is PageMemory<K> {
  return v.is(schemas[kind].memory, value);
}

/** What a page of that kind was of before a reload; undefined where something else left `value`. */
export function subjectLeftBy(kind: PageKind, value: unknown): string | undefined {
  if (isPageMemory(kind, value)) return value.subject;
  return kind === 'operation' && v.is(earlierMemory, value) ? value.operationId : undefined;
}

/** What pages of operations left when there were no others. */
const earlierMemory = v.object({ operationId: v.pipe(v.string(), v.nonEmpty()) });
