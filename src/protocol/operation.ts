import * as v from 'valibot';
import type { OperationPageCommand, OperationPageState } from '../core/pages/operation/operationPage';
import type { OperationPageChange } from '../core/pages/operation/pageChange';
import { shortText } from './texts';

export type {
  OperationAction,
  OperationPageCommand,
  OperationPageState,
} from '../core/pages/operation/operationPage';
export type { Cell, ClientRow, ClientTable, Column } from '../core/pages/operation/clientTable';
export type { LeftOutRow } from '../core/pages/operation/leftOutRows';
export type { ProblemRow } from '../core/pages/operation/problemRows';
export type { CallRow } from '../core/pages/operation/requestRows';
export type { WaveRow } from '../core/pages/operation/waveRows';
export type { OperationPageChange } from '../core/pages/operation/pageChange';
export type { PageTexts } from '../core/pages/operation/pageTexts';

/** What passes between the host and the page of an operation. */
export interface OperationProtocol {
  readonly state: OperationPageState;
  readonly change: OperationPageChange;
  /** Show only problems until you change the filter. */
  readonly fromHost: { readonly type: 'showProblems' };
  readonly fromPage:
    | { readonly type: 'command'; readonly command: OperationPageCommand }
    /** Open the page of another operation. */
    | { readonly type: 'openOperation'; readonly operationId: string }
    /** Show the client with that key among all clients. */
    | { readonly type: 'reveal'; readonly key: string };
  readonly memory: { readonly choice?: RowChoice };
}

/** Which clients are shown, and in what order. */
export interface RowChoice {
  /** What a row has to contain, in any case; empty for all. */
  readonly text: string;
  /** Empty for all, `problems`, or the words of a state behind `state:`. */
  readonly state: string;
  /** Absent: the order of the plan. */
  readonly sort?: RowOrder;
}

export interface RowOrder {
  /** Id of a column. */
  readonly column: string;
  readonly descending: boolean;
}

export const operationFromPage: v.GenericSchema<OperationProtocol['fromPage']> = v.variant('type', [
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
  v.object({ type: v.literal('openOperation'), operationId: shortText }),
  v.object({ type: v.literal('reveal'), key: shortText }),
]);

export const operationMemory: v.GenericSchema<OperationProtocol['memory']> = v.object({
  choice: v.exactOptional(
    v.object({
      text: v.string(),
      state: v.string(),
      sort: v.exactOptional(v.object({ column: v.string(), descending: v.boolean() })),
    }),
  ),
});
