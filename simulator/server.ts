import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import { isForeign } from './foreign';
import type { Reply } from './gateway';
import type { RawRequest } from './signature';

export interface ServerOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  /** Every answer waits this long, in real milliseconds. */
  readonly latencyMs: number;
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer };
  /** Sent with every answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: (request: RawRequest) => Promise<Reply>;
}

const bodyLimit = 1024 * 1024;

/** The HTTP side: loopback only, keeps connections alive, counts them, and ends at once when told to. */
export class Server {
  readonly #options: ServerOptions;
  readonly #server: http.Server;
  readonly #sockets = new Set<Socket>();
  readonly #waiting = new Set<NodeJS.Timeout>();
  #connections = 0;
  #inFlight = 0;
  #peakInFlight = 0;

  constructor(options: ServerOptions) {
    this.#options = options;
    const listener = (request: http.IncomingMessage, response: http.ServerResponse): void => {
      void this.#serve(request, response);
    };
    const { tls } = options;
    this.#server =
      tls === undefined
        ? http.createServer(listener)
        : https.createServer({ key: tls.key, cert: tls.cert }, listener);
    this.#server.keepAliveTimeout = 60_000;
    this.#server.on('connection', (socket: Socket) => {
      this.#connections += 1;
      socket.setNoDelay(true);
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Connections opened since the start. */
  get connections(): number {
    return this.#connections;
  }

  /** The largest number of calls that were being served at one time. */
  get peakInFlight(): number {
    return this.#peakInFlight;
  }

  /** Listens on 127.0.0.1 and returns the endpoint. Rejects when the port is taken. */
  listen(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#options.port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        const address = this.#server.address();
        const port = typeof address === 'object' && address !== null ? address.port : this.#options.port;
        resolve(`${this.#options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`);
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      for (const timer of this.#waiting) clearTimeout(timer);
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    if (isForeign(request.headers) || Number(request.headers['content-length']) > bodyLimit) {
      // Nothing of it is read.
      const status = isForeign(request.headers) ? 403 : 413;
      response.writeHead(status, { connection: 'close' }).end(() => request.socket.destroy());
      return;
    }
    this.#inFlight += 1;
    this.#peakInFlight = Math.max(this.#peakInFlight, this.#inFlight);
    try {
      const body = await readBody(request);
      if (body === undefined) {
        response.writeHead(413).end();
        return;
      }
      await this.#wait(this.#options.latencyMs);
      const reply = await this.#options.answer(rawRequest(request, body));
      await this.#wait(reply.delayMs ?? 0);
      this.#send(reply, request.socket, response);
    } catch {
      // The caller has gone, or a hook of a test has thrown: either way there is no answer to give.
      request.socket.destroy();
    } finally {
      this.#inFlight -= 1;
    }
  }

  #send(reply: Reply, socket: Socket, response: http.ServerResponse): void {
    if (reply.cut === 'connection') {
      reset(socket);
      return;
    }
    const body = Buffer.from(reply.body, 'utf8');
    response.sendDate = false;
    const headers = Object.entries({ ...this.#options.headers, ...reply.headers });
    response.writeHead(reply.status, {
      ...Object.fromEntries(headers.filter(([, value]) => value !== '')),
      'content-length': String(body.length),
    });
    if (reply.cut === 'body') {
      response.write(body.subarray(0, Math.floor(body.length / 2)), () => reset(socket));
      return;
    }
    response.end(body);
  }

  #wait(ms: number): Promise<void> {
    if (ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(timer);
        resolve();
      }, ms);
      this.#waiting.add(timer);
    });
  }
}

/** Undefined when the body is longer than the limit. */
async function readBody(request: http.IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    length += chunk.length;
    if (length > bodyLimit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function rawRequest(request: http.IncomingMessage, body: Buffer): RawRequest {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const headers = new Map<string, string[]>();
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? '').toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), request.rawHeaders[index + 1] ?? '']);
  }
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers,
    body,
  };
}

// A reset, not an orderly end: so that a caller sees a connection that broke.
function reset(socket: Socket): void {
  socket.resetAndDestroy();
}
