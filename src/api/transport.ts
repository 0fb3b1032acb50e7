import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { getDefaultAutoSelectFamilyAttemptTimeout, setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net';
import fetch, { FetchError, type Response } from 'node-fetch';
import { CancelledError, throwIfCancelled } from '../core/kernel/cancelled';
import type { Disposable } from '../core/kernel/disposables';
import { isLoopback } from '../core/service/endpoints';
import { BackupError, isCancelled, toBackupError } from '../core/service/errors';
import { AttemptError } from './attemptError';
import { HeldBody } from './heldBody';
import { networkFailure } from './networkFailures';
import { notRun } from './notRun';
import type { ApiRequest, Send } from './pipeline';
import { readReply, httpStatus } from './readReply';
import { canonicalQuery } from './signing';

/** Connections to reuse, one pool for each scheme. */
export interface Agents extends Disposable {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

/** A full page of clients takes about 100 KB, with all its tags ten times that. */
const largestReplyBytes = 8 * 1024 * 1024;

/**
 * How long one address of a host may take to connect before the next is tried, in milliseconds. Node's 250 are not
 * enough for a region on the other side of the world.
 */
const addressMs = 1000;

/** Gives addresses more time in the whole process, as long as it is not disposed: VS Code's agents know no other way. */
export function allowFarHosts(): Disposable {
  const before = getDefaultAutoSelectFamilyAttemptTimeout();
  setDefaultAutoSelectFamilyAttemptTimeout(Math.max(before, addressMs));
  return { dispose: () => setDefaultAutoSelectFamilyAttemptTimeout(before) };
}

/** Pools of connections that stay open between calls: at most `connections` to one host. */
export function createAgents(connections: number): Agents {
  // An idle connection is closed here before a gateway does it: that would look like a call lost on its way.
  const options = {
    keepAlive: true,
    maxSockets: connections,
    scheduling: 'lifo',
    timeout: 10_000,
    autoSelectFamilyAttemptTimeout: addressMs,
  } as const;
  const http = new HttpAgent(options);
  const https = new HttpsAgent(options);
  return {
    http,
    https,
    dispose: () => {
      http.destroy();
      https.destroy();
    },
  };
}

/**
 * Sends over node's http and https, in which VS Code puts the user's proxy and certificates. Whatever fails before the
 * request was handed to a connection that is ready did certainly not run, also a cancel, which then says so. For pages
 * of a listing this isn't known, see {@link holdsBody}.
 */
export function createTransport(agents: Agents, userAgent: string): Send {
  return async (request, { signal }) => {
    throwIfCancelled(signal);
    checkScheme(request);
    const text = request.body ?? '';
    const held = holdsBody(request)
      ? new HeldBody(text, request.endpoint.startsWith('https:'), request.beforeSend)
      : undefined;
    const sent = (): boolean => held?.sent ?? true;
    try {
      const response = await fetch(`${request.endpoint}/?${canonicalQuery(request.query)}`, {
        method: 'POST',
        headers: {
          ...request.headers,
          accept: 'application/json',
          'user-agent': userAgent,
          // VS Code puts an agent of its own in the place of ours, with which Node would close after each reply.
          connection: 'keep-alive',
          'content-length': String(Buffer.byteLength(text)),
        },
        body: held ?? (text === '' ? null : text),
        agent: ({ protocol }) => (protocol === 'https:' ? agents.https : agents.http),
        redirect: 'manual',
        size: largestReplyBytes,
        signal,
      });
      const answer = await textOf(request, response);
      // A proxy that asks who is there has an error of its own.
      if (!sent() && response.status !== 407) throw answeredUnasked(request, response.status);
      const header = (name: string): string | undefined => response.headers.get(name) ?? undefined;
      return readReply(request, { status: response.status, header, text: answer });
    } catch (error) {
      if (held?.refusal !== undefined) throw refusedBeforeSend(request, held.refusal.error);
      if (signal.aborted) throw new CancelledError(sent() ? undefined : 'not-run');
      // Half an answer to nothing says nothing of the call.
      if (error instanceof BackupError && (sent() || error.fate === 'not-run')) throw error;
      throw networkFailure(request, error, sent());
    } finally {
      held?.destroy();
    }
  };
}

/**
 * Whether to find out if a request was sent, which takes up to a tenth of the processor time of a listing. A page goes
 * without once the service answered others of its listing, and counts as sent: it can be read again whatever happened.
 */
function holdsBody({ kind, pace, beforeSend }: ApiRequest): boolean {
  const answersPages = pace?.answeredSince(-Infinity) === true;
  return kind === 'write' || beforeSend !== undefined || !answersPages;
}

function refusedBeforeSend({ action }: ApiRequest, error: unknown): unknown {
  return isCancelled(error) ? error : notRun(action, toBackupError(error));
}

/** An answer to nothing: of a proxy in the place of a tunnel, or of a server that was closing an idle connection. */
function answeredUnasked({ action }: ApiRequest, status: number): AttemptError {
  const what = `something answered before the call was sent, ${httpStatus(status)}`;
  return new AttemptError('not-connected', `${action} failed: no connection, ${what}`, {
    action,
    httpStatus: status,
  });
}

/** Keys and tokens travel with every call: without encryption only to this computer. */
function checkScheme(request: ApiRequest): void {
  if (request.endpoint.startsWith('https://') || isLoopback(request.endpoint)) return;
  throw new BackupError('wrong-endpoint', `${request.action} not sent: plain http to ${request.endpoint}`, {
    fate: 'not-run',
    action: request.action,
  });
}

async function textOf(request: ApiRequest, response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    const tooLarge = error instanceof FetchError && error.type === 'max-size';
    const what = tooLarge ? `the reply is larger than ${largestReplyBytes} bytes` : 'the reply broke off';
    throw new AttemptError(
      tooLarge ? 'reply-too-large' : 'unreadable-reply',
      `${request.action} failed: ${what}, ${httpStatus(response.status)}`,
      { action: request.action, httpStatus: response.status, cause: error },
    );
  }
}
