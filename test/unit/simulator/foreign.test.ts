import { strict as assert } from 'node:assert';
import { request } from 'node:http';
import type { Simulator } from '../../../simulator/main';
import { ask, simulators } from './caller';

const mb = 1024 * 1024;

/** What comes back for a request that nobody signed; `reset` when the connection ends first. */
function post(
  { endpoint }: Pick<Simulator, 'endpoint'>,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer = '',
): Promise<number | 'reset'> {
  return new Promise((resolve) => {
    const sent = request(endpoint, { method: 'POST', headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('error', () => resolve('reset'));
    sent.end(body);
  });
}

describe('the simulator, asked by something that is no client of its own', () => {
  const start = simulators();

  it('refuses what a web page sends, whatever it sends', async () => {
    const { simulator } = await start();
    assert.equal(await post(simulator, { origin: 'https://evil.example' }), 403);
    assert.equal(await post(simulator, { origin: 'null' }), 403);
    assert.equal(await post(simulator, { 'sec-fetch-site': 'cross-site' }), 403);
    assert.deepEqual(simulator.journal(), []);
  });

  it('refuses a page whose name was made to mean this computer', async () => {
    const { simulator } = await start();
    const port = new URL(simulator.endpoint).port;
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      'hbr.cn-hangzhou.aliyuncs.com.evil.example',
    ]) {
      assert.equal(await post(simulator, { host }), 403, host);
    }
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, 'hbr.cn-hangzhou.aliyuncs.com']) {
      assert.notEqual(await post(simulator, { host }), 403, host);
    }
  });

  it('reads no body beyond a megabyte, announced or not', async () => {
    const { simulator } = await start();
    const body = Buffer.alloc(mb + 1, 'a');
    const announced = await post(simulator, { 'content-length': String(body.length) }, body);
    assert.ok(announced === 413 || announced === 'reset', String(announced));
    const streamed = await post(simulator, { 'transfer-encoding': 'chunked' }, body);
    assert.ok(streamed === 413 || streamed === 'reset', String(streamed));
    assert.deepEqual(simulator.journal(), []);
  });

  it('keeps a few kilobytes of a call, however long it is, and nothing at all when told so', async () => {
    const long = `Action=DescribeRegions&Version=2017-09-08&Filler=${'a'.repeat(mb / 2)}`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const { simulator } = await start();
    await post(simulator, headers, long);
    const [entry] = simulator.journal();
    assert.equal(entry?.executed, false);
    assert.ok(JSON.stringify(entry).length < 40_000);
    const demo = await start({ keepsJournal: false });
    await post(demo.simulator, headers, long);
    await ask(demo, 'DescribeRegions');
    assert.deepEqual(demo.simulator.journal(), []);
  });
});
