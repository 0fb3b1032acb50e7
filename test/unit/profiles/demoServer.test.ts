import { strict as assert } from 'node:assert';
import type { DemoConnection } from '../../../src/core/profiles/demo';
import { DemoServer, type RunningDemo } from '../../../src/core/profiles/demoServer';
import { held } from '../../support/operationBuilders';

describe('the simulator of the demo', () => {
  let connected: DemoConnection[];
  let ended: string[];

  beforeEach(() => {
    connected = [];
    ended = [];
  });

  const aDemo = (endpoint: string): RunningDemo => ({
    endpoint,
    regionId: 'cn-hangzhou',
    accessKeyId: 'id',
    accessKeySecret: 'secret',
    accountId: '1',
    dispose: () => Promise.resolve(void ended.push(endpoint)),
  });
  const serverOf = (...starts: readonly (() => Promise<RunningDemo>)[]): DemoServer => {
    let next = 0;
    return new DemoServer(
      () => (starts[next++] ?? assert.fail('not started so often'))(),
      (demo) => void connected.push(demo),
    );
  };
  const endpoints = () => connected.map(({ endpoint }) => endpoint);

  it('is started once for many clicks', async () => {
    const server = serverOf(() => Promise.resolve(aDemo('a')));
    await Promise.all([server.open(), server.open()]);
    await server.open();
    assert.deepEqual(endpoints(), ['a', 'a', 'a']);
  });

  it('is started again by the next click when it could not start', async () => {
    const server = serverOf(
      () => Promise.reject(new Error('no port')),
      () => Promise.resolve(aDemo('b')),
    );
    await assert.rejects(server.open(), /no port/);
    await server.open();
    assert.deepEqual(endpoints(), ['b']);
  });

  it('ends when the demo is left, and is another one the next time', async () => {
    const server = serverOf(
      () => Promise.resolve(aDemo('a')),
      () => Promise.resolve(aDemo('b')),
    );
    await server.open();
    server.left();
    await Promise.resolve();
    assert.deepEqual(ended, ['a']);
    server.left();
    await server.open();
    assert.deepEqual([endpoints(), ended], [['a', 'b'], ['a']]);
  });

  it('goes on while it is being started, although no profile is the demo yet', async () => {
    const starting = held<RunningDemo>();
    const server = serverOf(() => starting.promise);
    const opened = server.open();
    server.left();
    starting.settle(aDemo('a'));
    await opened;
    assert.deepEqual([endpoints(), ended], [['a'], []]);
  });

  it('ends with its window, also when it has only just started', async () => {
    const starting = held<RunningDemo>();
    const server = serverOf(() => starting.promise);
    const opened = server.open();
    server.dispose();
    starting.settle(aDemo('a'));
    await opened;
    await Promise.resolve();
    assert.deepEqual([endpoints(), ended], [[], ['a']]);
  });
});
