import { strict as assert } from 'node:assert';
import { createServer, type RequestListener } from 'node:http';
import { createPlainHttp } from '../../../src/api/nodePlainHttp';
import { BackupError, isCancelled } from '../../../src/core/service/errors';
import { neverCancelled } from '../../support/apiBuilders';
import { createHandClock } from '../../support/handClock';

async function withServer(answer: RequestListener, work: (origin: string) => Promise<void>): Promise<void> {
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

const clock = createHandClock();
const http = createPlainHttp(clock, 'tests/1');
const timeoutMs = 1000;

/** Fails with this code, and quotes neither the URL nor what came back. */
const failsWith =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof BackupError &&
    error.code === code &&
    error.cause === undefined &&
    !/hush|127\.0\.0\.1/.test(error.message);

for (const direct of [false, true]) {
  describe(direct ? 'plain http past the proxy' : 'plain http', () => {
    it('sends method and headers, and gives status and body whatever they are', async () => {
      const seen: unknown[] = [];
      await withServer(
        (request, response) => {
          seen.push([request.method, request.url, request.headers['x-ttl'], request.headers['user-agent']]);
          response.writeHead(request.method === 'PUT' ? 403 : 200).end(request.method);
        },
        async (origin) => {
          const url = `${origin}/latest/api/token`;
          const headers = { 'x-ttl': '60' };
          assert.deepEqual(
            await http.request({ method: 'PUT', url, headers, timeoutMs, direct }, neverCancelled),
            {
              status: 403,
              body: 'PUT',
            },
          );
          const got = await http.request(
            { method: 'GET', url: `${origin}/?a=b`, timeoutMs, direct },
            neverCancelled,
          );
          assert.deepEqual(got, { status: 200, body: 'GET' });
        },
      );
      assert.deepEqual(seen, [
        ['PUT', '/latest/api/token', '60', 'tests/1'],
        ['GET', '/?a=b', undefined, 'tests/1'],
      ]);
      assert.deepEqual(clock.dueTimes(), []);
    });

    it('follows no redirect', async () => {
      let calls = 0;
      await withServer(
        (_, response) => {
          calls++;
          response.writeHead(302, { location: '/elsewhere' }).end();
        },
        async (url) => {
          assert.equal(
            (await http.request({ method: 'GET', url, timeoutMs, direct }, neverCancelled)).status,
            302,
          );
        },
      );
      assert.equal(calls, 1);
    });

    it('reads at most 64 KB', async () => {
      await withServer(
        (_, response) => response.end('x'.repeat(64 * 1024 + 1)),
        async (url) => {
          await assert.rejects(
            http.request({ method: 'GET', url: `${url}/hush`, timeoutMs, direct }, neverCancelled),
            failsWith('unexpected-reply'),
          );
        },
      );
    });

    it('ends at its deadline, also in the middle of a body, and when it is cancelled', async () => {
      for (const begin of [false, true]) {
        let arrive = (): void => undefined;
        const arrived = new Promise<void>((resolve) => (arrive = resolve));
        await withServer(
          (_, response) => {
            if (begin) response.write('{');
            arrive();
          },
          async (url) => {
            const late = http.request(
              { method: 'GET', url: `${url}/hush`, timeoutMs, direct },
              neverCancelled,
            );
            const failed = assert.rejects(late, failsWith('timeout'));
            await arrived;
            await clock.advance(timeoutMs);
            await failed;
            const controller = new AbortController();
            const cancelled = http.request({ method: 'GET', url, timeoutMs, direct }, controller);
            controller.abort();
            await assert.rejects(cancelled, isCancelled);
          },
        );
      }
    });

    it('says in what way there was no answer', async () => {
      let closed = '';
      await withServer(
        (request) => request.socket.destroy(),
        async (url) => {
          closed = url;
          await assert.rejects(
            http.request({ method: 'GET', url: `${url}/hush`, timeoutMs, direct }, neverCancelled),
            failsWith('connection-lost'),
          );
        },
      );
      await assert.rejects(
        http.request({ method: 'GET', url: `${closed}/hush`, timeoutMs, direct }, neverCancelled),
        failsWith('unreachable'),
      );
    });
  });
}
