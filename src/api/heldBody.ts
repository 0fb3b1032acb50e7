import { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';

/**
 * The body of a request, held back until the request has a connection, and over https a secure one. Node writes no
 * byte of a request before its body begins or ends, so `sent` says whether any of it can have reached the service.
 * This works with every agent, also with those that VS Code puts in the place of ours: each of them hands a socket to
 * the request.
 */
export class HeldBody extends Readable {
  readonly #text: string;
  readonly #secure: boolean;
  readonly #beforeSend: (() => Promise<void>) | undefined;
  #sent = false;
  #refusal: { readonly error: unknown } | undefined;

  /** `secure`: wait for an encrypted connection. `beforeSend`: awaited last; when it rejects, nothing is sent. */
  constructor(text: string, secure: boolean, beforeSend?: () => Promise<void>) {
    super();
    this.#text = text;
    this.#secure = secure;
    this.#beforeSend = beforeSend;
  }

  /** While false, certainly no byte of the request has left this computer. */
  get sent(): boolean {
    return this.#sent;
  }

  /** What `beforeSend` rejected with. */
  get refusal(): { readonly error: unknown } | undefined {
    return this.#refusal;
  }

  override pipe<T extends NodeJS.WritableStream>(destination: T, options?: { end?: boolean }): T {
    if (destination instanceof ClientRequest) this.#waitForSocket(destination);
    // Whatever this is, when it has a connection is not known: all that follows counts as sent.
    else void this.#handOver();
    return super.pipe(destination, options);
  }

  // What there is to read is pushed when the time has come.
  override _read(): void {
    return;
  }

  #waitForSocket(request: ClientRequest): void {
    request.once('socket', (socket) => {
      const ready = (): void => void this.#handOver(socket);
      // A proxy that refused a tunnel answers by a socket that is not encrypted: it gets nothing.
      if (this.#secure && !isEncrypted(socket)) return;
      if (isConnecting(socket)) socket.once(this.#secure ? 'secureConnect' : 'connect', ready);
      else ready();
    });
  }

  async #handOver(socket?: Socket): Promise<void> {
    try {
      await this.#beforeSend?.();
    } catch (error) {
      this.#refusal = { error };
      this.destroy(new Error('not sent'));
      return;
    }
    if (this.destroyed) return;
    // Its error came before anybody listened, or there was none.
    if (socket?.destroyed === true) {
      this.destroy(socket.errored ?? new Error('the connection was closed'));
      return;
    }
    this.#sent = true;
    if (this.#text !== '') this.push(this.#text);
    this.push(null);
  }
}

function isEncrypted(socket: Socket): boolean {
  return 'encrypted' in socket && socket.encrypted === true;
}

/** Also true during the handshake of a TLS socket. */
function isConnecting(socket: Socket): boolean {
  return socket.connecting || ('secureConnecting' in socket && socket.secureConnecting === true);
}
