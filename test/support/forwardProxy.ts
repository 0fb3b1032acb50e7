import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Disposable } from '../../src/core/kernel/disposables';

/** Who may use a proxy. */
export interface ProxyUser {
  readonly user: string;
  readonly password: string;
}

/** A request for a tunnel, and how it was answered. */
interface TunnelRequest {
  /** As it was asked for: `hbr.cn-hangzhou.aliyuncs.com:443`. */
  readonly target: string;
  /** Who asked, by what the request said; undefined when it said nothing. */
  readonly user: string | undefined;
  /** 200: a tunnel was made; 407: the proxy wants another user or password. */
  readonly status: 200 | 407;
}

export interface ForwardProxy extends Disposable {
  /** `http://127.0.0.1:3128`, with user and password in it if one is given. */
  url: (as?: ProxyUser) => string;
  /** All requests so far, oldest first. */
  readonly log: readonly TunnelRequest[];
  /** Addresses that were asked for without a tunnel, oldest first. */
  readonly plain: readonly string[];
}

export interface ForwardProxyOptions {
  /** The port of this computer that each tunnel leads to, whatever host was asked for. */
  readonly port: number;
  /** Who may use it; everybody by default. */
  readonly user?: ProxyUser;
  /** What it calls itself when it asks who is there. */
  readonly realm?: string;
}

/** A proxy for https as companies have them: it asks who is there, resolves names itself, and keeps a log. */
export async function startForwardProxy(options: ForwardProxyOptions): Promise<ForwardProxy> {
  const log: TunnelRequest[] = [];
  const ends = new Set<Duplex>();
  const plain: string[] = [];
  // A request that is not for a tunnel has no business here.
  const server = createServer((request, response) => {
    plain.push(request.url ?? '');
    response.writeHead(405).end();
  });
  server.on('connect', (request: IncomingMessage, client: Duplex) => {
    const asked = credentialsOf(request);
    const welcome = options.user === undefined || asked === `${options.user.user}:${options.user.password}`;
    const status = welcome ? 200 : 407;
    log.push({ target: request.url ?? '', user: asked?.split(':')[0], status });
    watch(client);
    if (welcome) tunnel(client);
    else client.end(refusal(options.realm ?? 'Proxy'));
  });

  function tunnel(client: Duplex): void {
    const there = connect(options.port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(there).pipe(client);
    });
    watch(there);
    there.once('close', () => client.destroy());
    client.once('close', () => there.destroy());
  }

  function watch(end: Duplex): void {
    ends.add(end);
    end.on('error', () => end.destroy());
    end.once('close', () => ends.delete(end));
  }

  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (as) => {
      const who = as ? `${encodeURIComponent(as.user)}:${encodeURIComponent(as.password)}@` : '';
      return `http://${who}127.0.0.1:${port}`;
    },
    log,
    plain,
    dispose: () => {
      server.close();
      for (const end of ends) end.destroy();
    },
  };
}

/** `user:password` of a request that says who asks, by the Basic scheme. */
function credentialsOf({ headers }: IncomingMessage): string | undefined {
  const [, coded] = /^Basic (.+)$/i.exec(headers['proxy-authorization'] ?? '') ?? [];
  return coded === undefined ? undefined : Buffer.from(coded, 'base64').toString();
}

function refusal(realm: string): string {
  return [
    'HTTP/1.1 407 Proxy Authentication Required',
    `Proxy-Authenticate: Basic realm="${realm}"`,
    'Content-Type: text/html',
    'Content-Length: 26',
    'Connection: close',
    '',
    '<html>Who are you?</html>\n',
  ].join('\r\n');
}
