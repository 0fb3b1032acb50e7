import { strict as assert } from 'node:assert';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as http from 'node:http';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { build } from 'esbuild';
import { record } from './caller';

interface Run {
  readonly child: ChildProcess;
  readonly firstLine: Promise<string>;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

let folder = '';

function run(...args: string[]): Run {
  const child = spawn(process.execPath, [path.join(folder, 'simulator.js'), ...args]);
  let stdout = '';
  let stderr = '';
  const ended = new Promise<Awaited<Run['ended']>>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      if (stdout.includes('\n')) resolve(stdout.slice(0, stdout.indexOf('\n')));
    });
    void ended.then(() => reject(new Error(stderr)));
  });
  firstLine.catch(() => undefined);
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return { child, firstLine, ended };
}

function get(url: string, agent: http.Agent): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    http
      .get(url, { agent }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      })
      .on('error', reject);
  });
}

describe('the command line of the simulator', () => {
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'simulator-'));
    await build({
      entryPoints: [path.join('simulator', 'cli.ts')],
      mainFields: ['module', 'main'],
      outfile: path.join(folder, 'simulator.js'),
      bundle: true,
      platform: 'node',
      logLevel: 'silent',
    });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('serves each region that is named at a port of its own, the first at the endpoint', async () => {
    const { child, firstLine } = run('--clients', '1', '--region', 'cn-shanghai', '--region', 'cn-beijing');
    const line = record(JSON.parse(await firstLine));
    child.kill();
    const endpoints = record(line['endpoints']);
    assert.deepEqual(Object.keys(endpoints), ['cn-shanghai', 'cn-beijing']);
    assert.deepEqual([line['regionId'], line['endpoint']], ['cn-shanghai', endpoints['cn-shanghai']]);
    assert.notEqual(endpoints['cn-beijing'], endpoints['cn-shanghai']);
  });

  it('serves all regions when asked for all', async () => {
    const { child, firstLine } = run('--clients', '3', '--region', 'all');
    const line = record(JSON.parse(await firstLine));
    child.kill();
    assert.equal(line['regionId'], 'cn-hangzhou');
    assert.equal(new Set(Object.values(record(line['endpoints']))).size, 29);
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`prints one line, serves, and stops on ${signal} although a connection is kept open`, async () => {
      const { child, firstLine, ended } = run(
        '--port',
        '0',
        '--clients',
        '5',
        '--time-scale',
        '60',
        '--journal',
      );
      const line = record(JSON.parse(await firstLine));
      assert.deepEqual(Object.keys(line), [
        'endpoint',
        'regionId',
        'accessKeyId',
        'accessKeySecret',
        'accountId',
        'timeScale',
      ]);
      assert.deepEqual([line['regionId'], line['timeScale']], ['cn-hangzhou', 60]);
      const agent = new http.Agent({ keepAlive: true });
      const answer = await get(`${String(line['endpoint'])}/__journal`, agent);
      assert.deepEqual([answer.status, answer.text], [200, '[]']);
      child.kill(signal);
      const { code, stdout, stderr } = await ended;
      agent.destroy();
      assert.deepEqual([code, stdout.trim().split('\n').length, stderr], [0, 1, '']);
    });
  }

  it('refuses options that it does not know or cannot use', async () => {
    const cases = [
      { args: ['--cliens', '5'], says: /--cliens/ },
      { args: ['--clients', 'many'], says: /--clients must be a whole number from 0 to 100000, not "many"/ },
      { args: ['--zones', '0'], says: /--zones must be/ },
      { args: ['--time-scale', '0'], says: /--time-scale must be/ },
      { args: ['--faults', path.join(folder, 'none.json')], says: /--faults: .*none\.json/ },
    ];
    const runs = await Promise.all(cases.map(({ args }) => run(...args).ended));
    for (const [index, { code, stdout, stderr }] of runs.entries()) {
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, cases[index]?.says ?? /never/);
    }
  });

  it('refuses a bad fault file, naming file, line and field', async () => {
    const file = path.join(folder, 'faults.json');
    writeFileSync(file, '[\n  { "action": "*", "fault": "delay", "ms": -1 }\n]\n');
    const { code, stdout, stderr } = await run('--faults', file).ended;
    assert.deepEqual([code, stdout], [2, '']);
    assert.ok(stderr.includes(`${file}: line 2: rule 1, field "ms": must be a whole number from 0`), stderr);
  });

  it('says that a port is taken', async () => {
    const first = run('--clients', '1');
    const { port } = new URL(String(record(JSON.parse(await first.firstLine))['endpoint']));
    const { code, stderr } = await run('--clients', '1', '--port', port).ended;
    first.child.kill();
    await first.ended;
    assert.equal(code, 1);
    assert.match(stderr, /EADDRINUSE/);
  });
});
