import { strict as assert } from 'node:assert';
import { Agent, createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { getDefaultAutoSelectFamilyAttemptTimeout, Socket, type TcpSocketConnectOpts } from 'node:net';
import { allowFarHosts, createAgents, createTransport, type Agents } from '../../../src/api/transport';
import { isCancelled } from '../../../src/core/service/errors';
import { aRequest, neverCancelled } from '../../support/apiBuilders';

async function withServer(answer: RequestListener, work: (endpoint: string) => Promise<void>): Promise<void> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  try {
    await work(`http://127.0.0.1:${address.port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Sends one request with these parts; gives the reply and what the server saw. */
async function sendOnce(parts: Parameters<typeof aRequest>[0], agents: Agents = createAgents(1)) {
  let seen: IncomingMessage | undefined;
  let body = '';
  let text = '';
  await withServer(
    (request, response) => {
      seen = request;
      request.setEncoding('utf8');
      request.on('data', (chunk: string) => (body += chunk));
      request.on('end', () => response.end('{"RequestId":"R"}'));
    },
    async (endpoint) => {
      const reply = await createTransport(agents, 'tests/1')(
        aRequest({ endpoint, ...parts }),
        neverCancelled,
      );
      text = reply.requestId;
    },
  );
  agents.dispose();
  return { url: seen?.url, method: seen?.method, headers: seen?.headers ?? {}, body, text };
}

describe('the transport', () => {
  it('posts the query in the URL and the form in the body, exactly as they were signed', async () => {
    const { url, method, headers, body, text } = await sendOnce({
      query: [
        ['TaskId', "t *'()~"],
        ['A', ''],
      ],
      body: 'ClientIds=%5B%5D',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-acs-action': 'DescribeTask' },
    });
    assert.deepEqual(
      [method, url, body, text],
      ['POST', '/?A=&TaskId=t%20%2A%27%28%29~', 'ClientIds=%5B%5D', 'R'],
    );
    // A character set added to the type would break the signature.
    assert.equal(headers['content-type'], 'application/x-www-form-urlencoded');
    assert.equal(headers['x-acs-action'], 'DescribeTask');
    assert.equal(headers.accept, 'application/json');
    assert.equal(headers['user-agent'], 'tests/1');
  });

  it('sends no content type without a form, and an empty body for an empty form', async () => {
    const none = await sendOnce({});
    assert.equal(none.headers['content-type'], undefined);
    const empty = await sendOnce({
      body: '',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    assert.equal(empty.headers['content-length'], '0');
    assert.equal(empty.headers['content-type'], 'application/x-www-form-urlencoded');
  });

  it('asks to keep the connection open even where an agent stands that would close it', async () => {
    // What VS Code puts in the place of ours has neither keepAlive nor a limit.
    const closing = { http: new Agent(), https: new HttpsAgent(), dispose: () => undefined };
    const { headers } = await sendOnce({}, closing);
    assert.equal(headers.connection, 'keep-alive');
  });

  it('lets one address of a far host take a second to connect', async () => {
    const asked: unknown[] = [];
    const agents = createAgents(1);
    agents.http.createConnection = (options: TcpSocketConnectOpts) => {
      asked.push(options.autoSelectFamilyAttemptTimeout);
      return new Socket().destroy();
    };
    await assert.rejects(
      createTransport(agents, 'tests')(aRequest({ endpoint: 'http://127.0.0.1:9' }), neverCancelled),
    );
    assert.deepEqual(asked, [1000]);
    agents.dispose();
    const before = getDefaultAutoSelectFamilyAttemptTimeout();
    const allowed = allowFarHosts();
    assert.ok(getDefaultAutoSelectFamilyAttemptTimeout() >= 1000);
    allowed.dispose();
    assert.equal(getDefaultAutoSelectFamilyAttemptTimeout(), before);
  });

  it('does not follow a redirect', async () => {
    let calls = 0;
    await withServer(
      (_, response) => {
        calls++;
        response.writeHead(307, { location: '/elsewhere' }).end();
      },
      async (endpoint) => {
        const agents = createAgents(1);
        const call = createTransport(agents, 'tests')(aRequest({ endpoint }), neverCancelled);
        await assert.rejects(call, { code: 'wrong-endpoint', httpStatus: 307 });
        agents.dispose();
      },
    );
    assert.equal(calls, 1);
  });

  it('refuses plain http to any host but this computer before a byte is sent', async () => {
    const agents = createAgents(1);
    const call = createTransport(agents, 'tests')(
      aRequest({ endpoint: 'http://hbr.cn-hangzhou.aliyuncs.com' }),
      neverCancelled,
    );
    await assert.rejects(call, { code: 'wrong-endpoint', fate: 'not-run', message: /plain http/ });
  });

  it('ends as a cancel when it is aborted, before, during and after the head of the reply', async () => {
    const agents = createAgents(1);
    const send = createTransport(agents, 'tests');
    const aborted = new AbortController();
    aborted.abort();
    await assert.rejects(send(aRequest(), aborted), isCancelled);
    for (const head of [false, true]) {
      const controller = new AbortController();
      await withServer(
        (_, response) => {
          if (head) response.write('{"RequestId":');
          setImmediate(() => controller.abort());
        },
        async (endpoint) => {
          await assert.rejects(send(aRequest({ endpoint }), controller), isCancelled);
        },
      );
    }
    agents.dispose();
  });
});
