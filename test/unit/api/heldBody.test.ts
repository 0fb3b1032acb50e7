import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { Agent, createServer, type ClientRequest, type RequestListener } from 'node:http';
import { Agent as HttpsAgent, createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, Socket, type AddressInfo, type Server } from 'node:net';
import { AttemptError } from '../../../src/api/attemptError';
import { createPace, type Pace } from '../../../src/api/pace';
import type { ApiRequest } from '../../../src/api/pipeline';
import { createAgents, createTransport, type Agents } from '../../../src/api/transport';
import { CancelledError } from '../../../src/core/kernel/cancelled';
import { BackupError } from '../../../src/core/service/errors';
import type { Waiting } from '../../../src/core/kernel/waiting';
import { aRequest, neverCancelled } from '../../support/apiBuilders';
import { createCertificate } from '../../support/certificate';

const body = 'InstanceIds=%5B%22i-0%22%5D';

/** A pool that gives its sockets away as this says. */
function agentsOf(http: Agent, https = new HttpsAgent()): Agents {
  return {
    http,
    https,
    dispose: () => {
      http.destroy();
      https.destroy();
    },
  };
}

/** A socket that never gets its connection, and may fail over it. */
function hopelessSocket(error?: Error): Socket {
  const socket = Object.assign(new Socket(), { connecting: true });
  if (error) setImmediate(() => socket.destroy(error));
  return socket;
}

/** An agent whose sockets are these. */
function agentOf(createConnection: () => Socket): Agent {
  const agent = new Agent();
  agent.createConnection = createConnection;
  return agent;
}

const systemError = (code: string, syscall: string): Error =>
  Object.assign(new Error(`${syscall} ${code}`), { code, syscall });

const manySystemErrors = (code: string): Error =>
  Object.assign(new AggregateError([systemError(code, 'connect'), systemError(code, 'connect')]), { code });

interface Sending {
  readonly agents?: Agents;
  readonly beforeSend?: () => Promise<void>;
  readonly waiting?: Waiting;
  readonly kind?: ApiRequest['kind'];
  readonly pace?: Pace;
}

/** Sends a request there, a write unless given; gives what it failed with. */
async function failureAt(endpoint: string, sending: Sending = {}): Promise<unknown> {
  const agents = sending.agents ?? createAgents(1);
  const request = aRequest({
    endpoint,
    kind: sending.kind ?? 'write',
    body,
    ...(sending.beforeSend ? { beforeSend: sending.beforeSend } : {}),
    ...(sending.pace ? { pace: sending.pace } : {}),
  });
  try {
    await createTransport(agents, 'tests')(request, sending.waiting ?? neverCancelled);
  } catch (error) {
    return error;
  } finally {
    agents.dispose();
  }
  return assert.fail('the call succeeded');
}

async function kindAt(endpoint: string, sending: Sending = {}): Promise<readonly unknown[]> {
  const error = await failureAt(endpoint, sending);
  assert.ok(error instanceof AttemptError, String(error));
  return [error.kind, error.fate];
}

const notRun = (kind: string) => [kind, 'not-run'];
const lost = ['connection-lost', 'ambiguous'];

/** Listens while the work lasts. */
async function listening<T>(server: Server, work: (port: number) => Promise<T>): Promise<T> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work((server.address() as AddressInfo).port);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

const atHttp = <T>(answer: RequestListener, work: (endpoint: string) => Promise<T>): Promise<T> =>
  listening(createServer(answer), (port) => work(`http://127.0.0.1:${port}`));

/** Reads a whole request before it does this. */
const onceRead =
  (then: RequestListener): RequestListener =>
  (request, response) =>
    request.resume().once('end', () => then(request, response));

describe('a write that fails before it was handed to a connection', () => {
  it('did certainly not run, whatever the error is called', async () => {
    for (const error of [
      systemError('ECONNREFUSED', 'connect'),
      systemError('EHOSTUNREACH', 'connect'),
      systemError('ENETDOWN', 'connect'),
      systemError('ETIMEDOUT', 'connect'),
      systemError('ECONNRESET', 'read'),
      systemError('EMFILE', 'socket'),
      manySystemErrors('ETIMEDOUT'),
      new Error('something of an agent we do not know'),
    ]) {
      const agent = agentOf(() => hopelessSocket(error));
      assert.deepEqual(
        await kindAt('http://127.0.0.1:9', { agents: agentsOf(agent) }),
        notRun('not-connected'),
        error.message,
      );
    }
  });

  it('did not run when the agent hands over a connection that is closed already', async () => {
    const agent = agentOf(() => new Socket().destroy());
    assert.deepEqual(
      await kindAt('http://127.0.0.1:9', { agents: agentsOf(agent) }),
      notRun('not-connected'),
    );
  });

  it('is told apart by what hindered the connection', async () => {
    for (const [error, kind] of [
      [systemError('ENOTFOUND', 'getaddrinfo'), 'name-not-found'],
      [systemError('EAI_AGAIN', 'getaddrinfo'), 'name-not-found'],
      [systemError('CERT_HAS_EXPIRED', ''), 'tls-failed'],
    ] as const) {
      const agent = agentOf(() => hopelessSocket(error));
      assert.deepEqual(await kindAt('http://127.0.0.1:9', { agents: agentsOf(agent) }), notRun(kind));
    }
  });

  it('did not run when every address of the host refuses', async () => {
    const port = await listening(createTcpServer(), (at) => Promise.resolve(at));
    const http = new Agent({
      lookup: (_host, _options, found) => {
        found(null, [
          { address: '127.0.0.1', family: 4 },
          { address: '::1', family: 6 },
        ]);
      },
    });
    assert.deepEqual(
      await kindAt(`http://localhost:${port}`, { agents: agentsOf(http) }),
      notRun('not-connected'),
    );
  });

  it('did not run when the connection breaks off while the caller is asked', async () => {
    const server = createTcpServer((socket) => setImmediate(() => socket.resetAndDestroy()));
    await listening(server, async (port) => {
      const socket = new Socket().connect(port, '127.0.0.1');
      const beforeSend = async (): Promise<void> => {
        await once(socket, 'close');
      };
      assert.deepEqual(
        await kindAt(`http://127.0.0.1:${port}`, { agents: agentsOf(agentOf(() => socket)), beforeSend }),
        notRun('not-connected'),
      );
    });
  });

  it('did not run when the server goes before the connection is secure', async () => {
    const server = createTcpServer((socket) => socket.resetAndDestroy());
    await listening(server, async (port) => {
      assert.deepEqual(await kindAt(`https://127.0.0.1:${port}`), notRun('not-connected'));
    });
  });

  it('did not run when nobody vouches for the server, which reads nothing of it', async () => {
    let read = 0;
    const server = createHttpsServer(createCertificate('localhost'), () => read++);
    server.on('secureConnection', (socket) => socket.on('data', () => read++));
    await listening(server, async (port) => {
      assert.deepEqual(await kindAt(`https://localhost:${port}`), notRun('tls-failed'));
    });
    assert.equal(read, 0);
  });

  it('did not run when a proxy refuses the tunnel and its refusal comes in the place of an answer', async () => {
    let answer = '';
    class RefusedTunnel extends HttpsAgent {
      // As Node calls it.
      addRequest(request: ClientRequest): void {
        const refused = new Socket({ writable: false });
        request.once('socket', () => {
          refused.push(answer);
          refused.push(null);
        });
        request.onSocket(refused);
      }
    }
    for (const [head, kind] of [
      ['HTTP/1.1 502 Bad Gateway\r\ncontent-length: 2', 'not-connected'],
      ['HTTP/1.1 502 Bad Gateway\r\ncontent-length: 99', 'not-connected'],
      ['HTTP/1.1 302 Found\r\nlocation: /login\r\ncontent-length: 2', 'not-connected'],
      ['HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 2', 'proxy-refused'],
    ] as const) {
      answer = `${head}\r\n\r\nno`;
      const agents = agentsOf(new Agent(), new RefusedTunnel());
      assert.deepEqual(await kindAt('https://hbr.example', { agents }), notRun(kind), head);
    }
  });
});

describe('a write that fails after it was handed to a connection', () => {
  it('may have run, whatever the error is called', async () => {
    for (const error of [
      systemError('ENETDOWN', 'read'),
      systemError('EHOSTUNREACH', 'read'),
      systemError('ENETUNREACH', 'write'),
      systemError('EPIPE', 'write'),
      systemError('ETIMEDOUT', 'connect'),
      systemError('EPROTO', 'read'),
      systemError('ERR_SSL_WRONG_VERSION_NUMBER', 'read'),
      systemError('ENOTFOUND', 'getaddrinfo'),
    ]) {
      const sockets: Socket[] = [];
      let whole = '';
      const receive: RequestListener = (request) => {
        request.on('data', (part: Buffer) => (whole += part.toString()));
        request.once('end', () => sockets[0]?.destroy(error));
      };
      await atHttp(receive, async (endpoint) => {
        const agent = agentOf(() => {
          const socket = new Socket().connect(Number(new URL(endpoint).port), '127.0.0.1');
          sockets.push(socket);
          return socket;
        });
        assert.deepEqual(await kindAt(endpoint, { agents: agentsOf(agent) }), lost, error.message);
      });
      assert.equal(whole, body);
    }
  });

  it('may have run when the server takes all of it and resets', () =>
    atHttp(
      onceRead(({ socket }) => socket.resetAndDestroy()),
      async (endpoint) => {
        assert.deepEqual(await kindAt(endpoint), lost);
      },
    ));

  it('may have run when a secure connection breaks off or is refused after its handshake', async () => {
    const certificate = createCertificate('localhost');
    const agents = (): Agents => agentsOf(new Agent(), new HttpsAgent({ ca: certificate.cert }));
    const reset = createHttpsServer(
      certificate,
      onceRead(({ socket }) => socket.destroy()),
    );
    await listening(reset, async (port) => {
      assert.deepEqual(await kindAt(`https://localhost:${port}`, { agents: agents() }), lost);
    });
    // With TLS 1.3 the server asks who is there after the client's side of the handshake is done.
    const strict = createHttpsServer({ ...certificate, requestCert: true, minVersion: 'TLSv1.3' });
    await listening(strict, async (port) => {
      assert.deepEqual(await kindAt(`https://localhost:${port}`, { agents: agents() }), lost);
    });
  });

  it('may have run when a kept connection is closed as it is used again', async () => {
    let connections = 0;
    const server = createServer((request, response) => {
      if (connections++ === 0) response.end('{"RequestId":"R"}');
      else request.socket.destroy();
    });
    await listening(server, async (port) => {
      const agents = createAgents(1);
      const endpoint = `http://127.0.0.1:${port}`;
      await createTransport(agents, 'tests')(aRequest({ endpoint, body }), neverCancelled);
      assert.deepEqual(await kindAt(endpoint, { agents }), lost);
    });
  });
});

describe('a call that never gets its connection', () => {
  const kindOf = (kind: ApiRequest['kind'], answered: boolean): Promise<readonly unknown[]> => {
    const pace = createPace();
    if (answered) pace.answered(0);
    const agent = agentOf(() => hopelessSocket(systemError('ECONNREFUSED', 'connect')));
    return kindAt('http://127.0.0.1:9', { agents: agentsOf(agent), kind, pace });
  };

  it('is reported as such if it reads the first page of a listing', async () => {
    assert.deepEqual(await kindOf('read', false), notRun('not-connected'));
  });

  it('is reported as a lost connection if it reads a page of which others got through', async () => {
    assert.deepEqual(await kindOf('read', true), lost);
  });

  it('did certainly not run if it writes, whatever got through before', async () => {
    assert.deepEqual(await kindOf('write', true), notRun('not-connected'));
  });
});

describe('a write that is cancelled', () => {
  async function fateOfCancel(endpoint: string, sending: Sending = {}): Promise<unknown> {
    const error = await failureAt(endpoint, sending);
    assert.ok(error instanceof CancelledError, String(error));
    return error.fate;
  }

  it('did certainly not run when there was no connection yet', async () => {
    const controller = new AbortController();
    const agent = agentOf(() => {
      setImmediate(() => controller.abort());
      return hopelessSocket();
    });
    assert.equal(
      await fateOfCancel('http://127.0.0.1:9', { agents: agentsOf(agent), waiting: controller }),
      'not-run',
    );
  });

  it('may have run when it was on its way', async () => {
    const controller = new AbortController();
    await atHttp(
      onceRead(() => controller.abort()),
      async (endpoint) => {
        assert.equal(await fateOfCancel(endpoint, { waiting: controller }), undefined);
      },
    );
  });
});

describe('the question before a write', () => {
  it('is put when the connection is ready, and before a byte is sent', async () => {
    const seen: string[] = [];
    const server = createServer(
      onceRead((_, response) => {
        seen.push('request');
        response.end('{"RequestId":"R"}');
      }),
    );
    server.on('connection', () => seen.push('connection'));
    await listening(server, async (port) => {
      const agents = createAgents(1);
      const request = aRequest({
        endpoint: `http://127.0.0.1:${port}`,
        body,
        beforeSend: async () => {
          // The server hears of the connection in a turn of its own.
          while (seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
          seen.push('question');
        },
      });
      await createTransport(agents, 'tests')(request, neverCancelled);
      agents.dispose();
    });
    assert.deepEqual(seen, ['connection', 'question', 'request']);
  });

  it('sends nothing after a no, which ends the call as not run', async () => {
    let requests = 0;
    await atHttp(
      () => requests++,
      async (endpoint) => {
        const lease = new BackupError('busy-elsewhere', 'another window has it');
        const error = await failureAt(endpoint, { beforeSend: () => Promise.reject(lease) });
        assert.ok(error instanceof BackupError && !(error instanceof AttemptError));
        assert.deepEqual(
          [error.code, error.fate, error.message],
          ['busy-elsewhere', 'not-run', 'another window has it'],
        );
        const odd = await failureAt(endpoint, { beforeSend: () => Promise.reject(new Error('a bug')) });
        assert.ok(odd instanceof BackupError);
        assert.deepEqual([odd.code, odd.fate], ['internal', 'not-run']);
        const cancel = new CancelledError();
        assert.equal(await failureAt(endpoint, { beforeSend: () => Promise.reject(cancel) }), cancel);
      },
    );
    assert.equal(requests, 0);
  });

  it('leaves a call that was cancelled while it was asked unsent', async () => {
    let requests = 0;
    await atHttp(
      () => requests++,
      async (endpoint) => {
        const controller = new AbortController();
        const error = await failureAt(endpoint, {
          waiting: controller,
          beforeSend: () => {
            controller.abort();
            return Promise.resolve();
          },
        });
        assert.ok(error instanceof CancelledError);
        assert.equal(error.fate, 'not-run');
      },
    );
    assert.equal(requests, 0);
  });
});
