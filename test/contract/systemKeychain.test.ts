import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { KeychainErrand, KeychainFinding } from '../support/keychainReader';

/** Where the test runner started. */
const checkout = process.cwd();
const service = 'alibaba-cloud-backup';
const one = ['LTAIone', 'secret+of/one='] as const;
const two = ['LTAItwo', 'sécret of “two” 密钥'] as const;

describe('a real secret service', function () {
  // The packages of gnome-keyring are fetched on first use.
  this.timeout(120_000);
  let folder: string;
  let ask: (keyring: 'open' | 'locked', errand: KeychainErrand) => Promise<readonly KeychainFinding[]>;

  before(async function () {
    const { createSecretService } = await import('../../scripts/secretService.mjs');
    folder = await mkdtemp(join(tmpdir(), 'keyring-'));
    const secrets = await createSecretService(folder);
    if ('reason' in secrets) {
      // Counted under a title that tells why.
      if (this.test?.parent) this.test.parent.title += ` (${secrets.reason})`;
      this.skip();
    }
    const reader = join(folder, 'reader.cjs');
    await build({
      entryPoints: [join(checkout, 'test', 'support', 'keychainReader.ts')],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      external: ['keytar'],
      // As in the bundle that ships: what is imported on first use becomes a `require`.
      supported: { 'dynamic-import': false },
      outfile: reader,
      logLevel: 'silent',
    });
    const env = { ...secrets.env, NODE_PATH: join(checkout, 'node_modules') };
    ask = async (keyring, errand) => {
      const [file = '', ...args] = secrets.launcher(keyring);
      const program = [process.execPath, reader, JSON.stringify(errand)];
      const { stdout } = await promisify(execFile)(file, [...args, ...program], { env, timeout: 30_000 });
      return JSON.parse(stdout) as readonly KeychainFinding[];
    };
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('gives all entries of a service name and no others', async () => {
    const findings = await ask('open', {
      put: [
        [service, ...one],
        [service, ...two],
        ['other', 'LTAIother', 'secret of the other'],
      ],
      read: [service, 'other', 'unknown'],
    });
    assert.deepEqual(findings, [[one, two], [['LTAIother', 'secret of the other']], []]);
  });

  it('gives them to another session of the same user, and changed nothing', async () => {
    assert.deepEqual(await ask('open', { put: [], read: [service] }), [[one, two]]);
  });

  it('gives none where the keyring stays locked, and the process lives on', async () => {
    assert.deepEqual(await ask('locked', { put: [], read: [service, service] }), [[], []]);
  });
});
