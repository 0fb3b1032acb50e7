import { ClientRequest, Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import fetch, { FetchError } from 'node-fetch';
import { throwIfCancelled } from '../core/kernel/cancelled';
import { BackupError, type FailureCode } from '../core/service/errors';
import type { PlainHttp, PlainReply, PlainRequest } from '../core/profiles/keys/plainHttp';
import type { Clock } from '../core/kernel/clock';
import type { Waiting } from '../core/kernel/waiting';
import { withDeadline } from './deadline';
import { fates } from './fates';
import { kindOfNetworkFailure } from './networkFailures';

const largestBytes = 64 * 1024;

/** Asks sources of credentials over node's http and https, in which VS Code puts the user's proxy and certificates. */
export function createPlainHttp(clock: Clock, userAgent: string): PlainHttp {
  return {
    request: (request, waiting) =>
      withDeadline(
        clock,
        request.timeoutMs,
        waiting,
        (attempt) => (request.direct ? sendDirect : send)(request, userAgent, attempt),
        () => failed('timeout', `no answer within ${request.timeoutMs} ms`),
      ),
  };
}

async function send(
  { method, url, headers }: PlainRequest,
  userAgent: string,
  { signal }: Waiting,
): Promise<PlainReply> {
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers, 'user-agent': userAgent },
      // It is asked for once in a long while: no connection is kept.
      agent: ({ protocol }) => (protocol === 'https:' ? new HttpsAgent() : new HttpAgent()),
      redirect: 'manual',
      size: largestBytes,
      signal,
    });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    throwIfCancelled(signal);
    // The error of the library is no cause: it quotes the URL, which may hold a secret.
    if (error instanceof FetchError && error.type === 'max-size') {
      throw tooLarge();
    }
    const kind = kindOfNetworkFailure(error, brokeOff(error));
    throw failed(fates[kind].code, kind);
  }
}

// A guess that only selects the words: whether such a request ran doesn't matter.
function brokeOff(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ECONNRESET' || code === 'EPIPE';
}

/**
 * Asks without a proxy. VS Code puts its proxy into the functions `request` and `get` of node's http, whatever agent they
 * are given; a request that is made without them goes where it is sent.
 */
async function sendDirect(
  { method, url, headers }: PlainRequest,
  userAgent: string,
  { signal }: Waiting,
): Promise<PlainReply> {
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const { hostname, port, pathname, search } = new URL(url);
      const request = new ClientRequest({
        ...{ method, hostname, port, path: pathname + search, signal },
        headers: { ...headers, 'user-agent': userAgent },
        agent: new HttpAgent(),
      });
      request.once('response', resolve).once('error', reject).end();
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > largestBytes) throw tooLarge();
      chunks.push(chunk);
    }
    return { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') };
  } catch (error) {
    throwIfCancelled(signal);
    if (error instanceof BackupError) throw error;
    const kind = kindOfNetworkFailure(error, brokeOff(error));
    throw failed(fates[kind].code, kind);
  }
}

function tooLarge(): BackupError {
  return failed('unexpected-reply', `the answer is larger than ${largestBytes} bytes`);
}

function failed(code: FailureCode, what: string): BackupError {
  return new BackupError(code, `source of credentials not read: ${what}`, { fate: 'not-run' });
}
