import type { Listed } from './contest';

/** Documented as 99. */
export const rowsPerPage = 99;

/** A client as the JSON has it. */
export type RawClient = Readonly<Record<string, unknown>>;

export interface RawPage {
  readonly clients: readonly RawClient[];
  /** All clients that match, not those of this page. */
  readonly total: number;
}

/** The little that must be looked at to read on; throws for anything but a page of clients. */
export function rawPageOf(body: unknown): RawPage {
  if (!isRaw(body)) throw new Error('the reply is not an object');
  const { Clients: clients, TotalCount: total } = body;
  if (!Array.isArray(clients) || typeof total !== 'number') {
    throw new Error(`not a page of clients: ${JSON.stringify(body).slice(0, 500)}`);
  }
  return { clients: clients.filter(isRaw), total };
}

/** What is checked of a client that isn't decoded. */
export function lookAtRaw(client: RawClient): Listed {
  return { clientType: client['ClientType'], instanceId: client['InstanceId'] };
}

function isRaw(value: unknown): value is RawClient {
  return typeof value === 'object' && value !== null;
}
