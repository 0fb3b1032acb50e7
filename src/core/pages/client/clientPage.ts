import { scopeLabelOf } from '../../clients/askListing';
import { plainText } from '../../kernel/plainText';
import type { Operation } from '../../operations/operation';
import { nameOf } from '../../service/clientFacts';
import { scopeInWords } from '../../service/scopeLabel';
import type { PageState, StateInWords } from '../page';
import { backupSection } from './backupFields';
import { clientActions, type ClientActions } from './clientActions';
import { clientSections, type ClientSection } from './clientFields';
import { clientOperations, type ClientOperation } from './clientOperations';
import { clientStatus } from './clientStatus';
import { clientPageTexts, type ClientPageTexts } from './clientPageTexts';
import type { ClientBackups } from './readClientBackups';
import { attentionAndStep } from './nextStep';
import type { ClientRef, ShownClient } from './shownClient';

/** Everything the page of one client shows. Its subject is the ID of the client's row. */
export interface ClientPageState extends PageState, ClientActions {
  /** Names the client after a reload. */
  readonly ref: ClientRef;
  /** Profile, region, and what else narrows the listing. */
  readonly place: string;
  readonly status: StateInWords;
  /** Why the client needs attention, and what to do; empty if it doesn't. */
  readonly attention: string;
  readonly sections: readonly ClientSection[];
  readonly operations: readonly ClientOperation[];
  /** How far the service's clock, which heartbeats are by, is ahead of the host's, in milliseconds. */
  readonly serviceAheadMs: number;
  /** True if the page stays with this client when another one is opened. */
  readonly pinned: boolean;
  readonly texts: ClientPageTexts;
}

/** What a page shows besides its client. */
export interface ClientPageContext {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly serviceAheadMs: number;
  readonly staleMinutes: number;
  readonly readOnly: boolean;
  readonly pinned: boolean;
  /** All known operations. */
  readonly operations: readonly Operation[];
  /** Undefined while they're read for the first time. */
  readonly backups: ClientBackups | undefined;
}

/** What the page of a client shows now. */
export function clientPageState(
  { listing, node }: ShownClient,
  { now, serviceAheadMs, staleMinutes, readOnly, pinned, operations, backups }: ClientPageContext,
): ClientPageState {
  const { client, attention } = node;
  const { instanceId, clientId } = client;
  const title = plainText(nameOf(client)) || plainText(node.key);
  return {
    subject: node.id,
    title,
    now,
    ref: { id: node.id, ...(instanceId && { instanceId }), ...(clientId && { clientId }) },
    place: scopeInWords(scopeLabelOf(listing)),
    status: clientStatus(node),
    attention: attention ? attentionAndStep(attention, staleMinutes, node.lastBackup) : '',
    ...clientActions(node, { readOnly, demo: listing.profile.demo === true }),
    sections: clientSections(
      node,
      listing.scope,
      backupSection(title, backups, {
        nowMs: now + serviceAheadMs,
        isEcs: listing.scope.clientType === 'ECS_CLIENT',
      }),
    ),
    operations: clientOperations(operations, listing.scope, client),
    serviceAheadMs,
    pinned,
    texts: clientPageTexts(),
  };
}
