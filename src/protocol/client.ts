import * as v from 'valibot';
import type { ClientPageCommand } from '../core/pages/client/clientActions';
import type { ClientPageState } from '../core/pages/client/clientPage';
import { shortText } from './texts';

export type { ClientAction, ClientPageCommand } from '../core/pages/client/clientActions';
export type { ClientField, ClientSection } from '../core/pages/client/clientFields';
export type { ClientOperation } from '../core/pages/client/clientOperations';
export type { ClientPageState } from '../core/pages/client/clientPage';

/** What passes between the host and the page of a client. */
export interface ClientProtocol {
  readonly state: ClientPageState;
  readonly change: never;
  readonly fromHost: never;
  readonly fromPage:
    | { readonly type: 'command'; readonly command: ClientPageCommand }
    /** Show the page of that operation. */
    | { readonly type: 'openOperation'; readonly operationId: string }
    /** Stay with this client when another one is opened, or don't. */
    | { readonly type: 'pin'; readonly pinned: boolean };
  readonly memory: {
    readonly instanceId?: string;
    readonly clientId?: string;
    readonly pinned: boolean;
  };
}

export const clientFromPage: v.GenericSchema<ClientProtocol['fromPage']> = v.variant('type', [
  v.object({
    type: v.literal('command'),
    command: v.picklist([
      'upgrade',
      'install',
      'uninstall',
      'editSettings',
      'showInClients',
      'openInConsole',
      'openAsJson',
    ]),
  }),
  v.object({ type: v.literal('openOperation'), operationId: shortText }),
  v.object({ type: v.literal('pin'), pinned: v.boolean() }),
]);

export const clientMemory: v.GenericSchema<ClientProtocol['memory']> = v.object({
  instanceId: v.exactOptional(v.string()),
  clientId: v.exactOptional(v.string()),
  pinned: v.boolean(),
});
