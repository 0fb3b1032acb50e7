import * as v from 'valibot';
import type { OverviewCommand, OverviewPageState } from '../core/pages/overview/overviewPage';
import type { Target } from '../core/pages/overview/targets';
import { shortText } from './texts';

export type { Chart, ChartRow, Mark, Series } from '../core/pages/overview/chart';
export type { OverviewCommand, OverviewPageState } from '../core/pages/overview/overviewPage';
export type { OverviewTexts } from '../core/pages/overview/overviewTexts';
export type { Target } from '../core/pages/overview/targets';

/** What passes between the host and Fleet Overview. */
export interface OverviewProtocol {
  readonly state: OverviewPageState;
  readonly change: never;
  readonly fromHost: never;
  readonly fromPage:
    | { readonly type: 'open'; readonly target: Target }
    | { readonly type: 'command'; readonly command: OverviewCommand }
    /** Count only the listing with that key; '' for all. */
    | { readonly type: 'choose'; readonly listing: string };
  readonly memory: OverviewMemory;
}

/** What Fleet Overview remembers between reloads. */
export interface OverviewMemory {
  /** Key of the listing that is counted; '' for all. */
  readonly chosen?: string;
  /** The charts with an open table. */
  readonly tables?: readonly string[];
}

/** Longer than any key of a listing, and than any filter that a mark sets. */
const longText = v.pipe(v.string(), v.maxLength(2000));

const target: v.GenericSchema<Target> = v.variant('type', [
  v.object({ type: v.literal('filter'), text: longText }),
  v.object({ type: v.literal('operation'), operationId: shortText }),
  v.object({ type: v.literal('tasks') }),
  v.object({ type: v.literal('install'), listing: longText }),
]);

export const overviewFromPage: v.GenericSchema<OverviewProtocol['fromPage']> = v.variant('type', [
  v.object({ type: v.literal('open'), target }),
  v.object({
    type: v.literal('command'),
    command: v.picklist(['count', 'cancelCount', 'addProfile', 'refresh', 'signInAgain']),
  }),
  v.object({ type: v.literal('choose'), listing: longText }),
]);

export const overviewMemory: v.GenericSchema<OverviewMemory> = v.object({
  chosen: v.exactOptional(v.string()),
  tables: v.exactOptional(v.array(v.string())),
});
