import * as v from 'valibot';
import type { ClientPageState } from '../core/pages/client/clientPage';
import { shortText } from './texts';

export type { ClientPageState } from '../core/pages/client/clientPage';

/** What passes between the host and the page of a client. */
export interface ClientProtocol {
  readonly state: ClientPageState;
  readonly fromHost: never;
  /** Show the page of that operation. */
  readonly fromPage: { readonly type: 'openOperation'; readonly operationId: string };
  readonly memory: object;
}

export const clientFromPage: v.GenericSchema<ClientProtocol['fromPage']> = v.object({
  type: v.literal('openOperation'),
  operationId: shortText,
});

export const clientMemory: v.GenericSchema<ClientProtocol['memory']> = v.object({});
