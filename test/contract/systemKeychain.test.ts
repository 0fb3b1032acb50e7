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

const { createSecretService } = await import('../../scripts/labs/secretService.mjs');
const folder = await mkdtemp(join(tmpdir(), 'keyring-'));
const secrets = await createSecretService(folder);
const missing = 'reason' in secrets ? secrets.reason : undefined;

// Only where this computer has no secret service and can't get one; the title says why, and the closing line counts it.
describe.skipIf(missing !== undefined)(`a real secret service${missing ? ` (${missing})` : ''}`, () => {
  let ask: (keyring: 'open' | 'locked', errand: KeychainErrand) => Promise<readonly KeychainFinding[]>;

  beforeAll(async () => {
    assert.ok(!('reason' in secrets));
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
  afterAll(async () => {
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
