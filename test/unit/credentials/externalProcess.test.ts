import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isCancelled } from '../../../src/core/service/errors';
import { externalKey, keyProgramOf } from '../../../src/credentials/externalProcess';
import { fakeKeyDeps, patient, sentenceOf } from '../../support/keyDeps';
import { inTemporaryFolder } from '../../support/temporaryFolder';

/** A word of a command line, whatever is in it. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

describe('the program of a CLI profile', () => {
  /** Runs a script of Node in a folder of its own, with arguments as they stand in the command line. */
  async function run(
    script: string,
    {
      args = '',
      parts = fakeKeyDeps(),
      waiting = patient,
      folder,
    }: { args?: string; parts?: ReturnType<typeof fakeKeyDeps>; waiting?: typeof patient; folder: string },
  ) {
    const file = join(folder, 'my program.js');
    await writeFile(file, script);
    const commandLine = `${quoted(process.execPath)} "${file}" ${args}`;
    const program = keyProgramOf({ profileName: 'tool', commandLine, platform: process.platform, folder });
    return await externalKey(program, parts, waiting);
  }
  const printing = (answer: unknown): string => `console.log(${JSON.stringify(JSON.stringify(answer))})`;
  const pair = { access_key_id: 'LTAI1', access_key_secret: 'the secret' };

  it('prints a key, or a temporary one with its end', async () => {
    await inTemporaryFolder(async (folder) => {
      const parts = fakeKeyDeps();
      assert.deepEqual(await run(printing({ mode: 'AK', ...pair }), { folder, parts }), {
        key: { accessKeyId: 'LTAI1', accessKeySecret: 'the secret' },
      });
      const temporary = {
        ...pair,
        mode: 'StsToken',
        sts_token: 'the token',
        expiration: '2026-01-02T04:00:00Z',
      };
      assert.deepEqual(await run(printing(temporary), { folder, parts }), {
        key: { accessKeyId: 'LTAI1', accessKeySecret: 'the secret', securityToken: 'the token' },
        expiresAtMs: Date.UTC(2026, 0, 2, 4),
      });
      assert.deepEqual([...parts.hidden], ['the secret', 'the token']);
    });
  });

  it('has no end when it tells none that can be read', async () => {
    await inTemporaryFolder(async (folder) => {
      const answer = { ...pair, mode: 'StsToken', sts_token: 'the token', expiration: 'tomorrow' };
      assert.equal('expiresAtMs' in (await run(printing(answer), { folder })), false);
    });
  });

  it('gets its arguments as they stand: no shell reads them', async () => {
    await inTemporaryFolder(async (folder) => {
      const script = `require('fs').writeFileSync('seen.json', JSON.stringify(process.argv.slice(2)));${printing({ mode: 'AK', ...pair })}`;
      await run(script, {
        folder,
        args: String.raw`$(touch made) ; touch made "a b" 'c"d' "e\"f" \; | tee made && touch made > made`,
      });
      assert.deepEqual(JSON.parse(await readFile(join(folder, 'seen.json'), 'utf8')), [
        ...['$(touch', 'made)', ';', 'touch', 'made', 'a b', 'c"d', 'e"f', ';', '|', 'tee', 'made'],
        ...['&&', 'touch', 'made', '>', 'made'],
      ]);
      assert.equal(existsSync(join(folder, 'made')), false);
    });
  });

  it('starts in the home, with the environment of VS Code and nothing to read', async () => {
    await inTemporaryFolder(async (folder) => {
      const script = `
        const input = require('fs').readFileSync(0, 'utf8');
        const key = [process.cwd(), process.env.PATH, input].join('|');
        console.log(JSON.stringify({ mode: 'AK', access_key_id: 'LTAI1', access_key_secret: key }));`;
      const { key } = await run(script, { folder });
      const [cwd, path, input] = key.accessKeySecret.split('|');
      assert.equal(cwd?.endsWith(folder), true);
      assert.equal(path, process.env['PATH']);
      assert.equal(input, '');
    });
  });

  it('is ended after 60 seconds, with all that it started', async () => {
    await inTemporaryFolder(async (folder) => {
      const parts = fakeKeyDeps();
      // The grandchild holds the output open, and would tell of itself for as long as it lives.
      const script = `
        const { spawn } = require('child_process');
        const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
        require('fs').writeFileSync('pids', process.pid + ' ' + child.pid);
        setInterval(() => {}, 1000);`;
      const running = sentenceOf(run(script, { folder, parts }));
      const pids = (await contentOf(join(folder, 'pids'))).split(' ').map(Number);
      assert.equal(pids.length, 2);
      assert.deepEqual(parts.clock.dueTimes(), [parts.clock.now() + 60_000]);
      await parts.clock.advance(59_999);
      assert.deepEqual(pids.map(isAlive), [true, true]);
      await parts.clock.advance(1);
      assert.equal(
        await running,
        'The program of the CLI profile “tool” took longer than 60 seconds and was stopped.',
      );
      for (const pid of pids) await gone(pid);
    });
  });

  it('is ended when nobody waits any more', async () => {
    await inTemporaryFolder(async (folder) => {
      const parts = fakeKeyDeps();
      const stop = new AbortController();
      const script = `require('fs').writeFileSync('pids', '' + process.pid); setInterval(() => {}, 1000);`;
      const running = run(script, { folder, parts, waiting: { signal: stop.signal } });
      const pid = Number(await contentOf(join(folder, 'pids')));
      stop.abort();
      await assert.rejects(running, isCancelled);
      await gone(pid);
      assert.deepEqual(parts.clock.dueTimes(), []);
    });
  });

  it('may not print more than 64 KB', async () => {
    await inTemporaryFolder(async (folder) => {
      const script = `const more = () => process.stdout.write('x'.repeat(70000), more); more();`;
      assert.equal(
        await sentenceOf(run(script, { folder })),
        'The program of the CLI profile “tool” printed more than 64 KB and was stopped.',
      );
      const padded = printing({ mode: 'AK', ...pair, note: 'x'.repeat(60_000) });
      assert.equal((await run(padded, { folder })).key.accessKeyId, 'LTAI1');
    });
  });

  it('says in words how it failed, and never what it printed', async () => {
    await inTemporaryFolder(async (folder) => {
      const cases: readonly (readonly [string, RegExp])[] = [
        [
          'process.stderr.write("SECRET"); process.exit(3)',
          /“tool” ended with code 3\. Run it in a terminal/,
        ],
        ['process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000)', /was stopped by a signal/],
        ['console.log("SECRET")', /didn't print credentials as JSON/],
        ['console.log("[]")', /didn't print credentials as JSON/],
        [printing({ mode: 'AK', access_key_id: 'SECRET' }), /didn't print credentials/],
        [printing({ mode: 'StsToken', ...pair }), /didn't print credentials/],
        [printing({ mode: 'RamRoleArn', ...pair }), /didn't print credentials/],
        ['', /didn't print credentials/],
      ];
      for (const [script, sentence] of cases) {
        const said = await sentenceOf(run(script, { folder }));
        assert.match(said, sentence, script);
        assert.doesNotMatch(said, /SECRET/);
      }
    });
  });

  it('logs how much it said of an error, not what', async () => {
    await inTemporaryFolder(async (folder) => {
      await assert.rejects(run('process.stderr.write("SECRET"); process.exit(3)', { folder }), {
        message: 'program of a CLI profile ended with code 3; 6 bytes of error output',
      });
    });
  });

  it('is named when it cannot be started, or read at all', async () => {
    const parts = fakeKeyDeps();
    const program = (commandLine: string) =>
      keyProgramOf({ profileName: 'tool', commandLine, platform: process.platform, folder: '/' });
    assert.equal(
      await sentenceOf(externalKey(program('/nowhere/cloud-key --json'), parts, patient)),
      "The program of the CLI profile “tool” doesn't exist. Check process_command in the profile.",
    );
    assert.throws(() => program('tool "a'), /command of a CLI profile has a quote that stays open/);
  });
});

/** What a program wrote, as soon as it did. */
async function contentOf(file: string): Promise<string> {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text !== '') return text;
    await turn();
  }
}

async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await turn();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    // One that was killed and that nobody has asked about yet: "pid (name) Z …".
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return process.platform !== 'linux';
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
