import * as v from 'valibot';
import type { OverviewPageState } from '../core/pages/overview/overviewPage';
import { shortText } from './texts';

export type { OverviewPageState } from '../core/pages/overview/overviewPage';

/** What passes between the host and Fleet Overview. */
export interface OverviewProtocol {
  readonly state: OverviewPageState;
  readonly fromHost: never;
  /** Filter the Backup Clients view by that text. */
  readonly fromPage: { readonly type: 'filter'; readonly text: string };
  readonly memory: object;
}

export const overviewFromPage: v.GenericSchema<OverviewProtocol['fromPage']> = v.object({
  type: v.literal('filter'),
  text: shortText,
});

export const overviewMemory: v.GenericSchema<OverviewProtocol['memory']> = v.object({});
