// Checks all rules of the project: `npm run check`. With --prove it breaks each rule once and shows that the check fails.
import path from 'node:path';
import { ensureDependencies } from './install.mjs';
import { ensurePackage } from './package.mjs';
import { root } from './paths.mjs';
import { run } from './processGroup.mjs';
import { prove } from './labs/prove.mjs';
import { hasFailed } from './print.mjs';
import { runVitest } from './vitest.mjs';

const bin = (name) => path.join(root, 'node_modules', name);
const node = (...args) => run(process.execPath, args, { cwd: root });

/**
 * Each rule and the check that throws what it finds. The slow ones come first.
 *
 * @type {readonly [name: string, check: () => Promise<unknown>][]}
 */
const rules = [
  [
    'lint: no floating promise or Thenable, no any, no unsafe cast',
    () => node(bin('eslint/bin/eslint.js'), '.'),
  ],
  ['types', () => node(bin('typescript/bin/tsc'), '-p', '.', '--noEmit')],
  [
    'types of the tests in VS Code',
    () => node(bin('typescript/bin/tsc'), '-p', 'test/integration', '--noEmit'),
  ],
  ['types of the scripts', () => node(bin('typescript/bin/tsc'), '-p', 'scripts', '--noEmit')],
  ['types of the simulator', () => node(bin('typescript/bin/tsc'), '-p', 'simulator', '--noEmit')],
  ['types of the web pages', () => node(bin('typescript/bin/tsc'), '-p', 'src/webview', '--noEmit')],
  [
    'imports: every layer imports only what it may, without circles',
    () =>
      node(
        bin('dependency-cruiser/bin/dependency-cruise.mjs'),
        'src',
        'simulator',
        'test',
        '--output-type',
        'err',
      ),
  ],
  ['dead code', () => node(bin('knip/bin/knip.js'), '--no-progress')],
  ['format', () => node(bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.')],
  ['texts for users are in l10n', () => node('scripts/l10n.mjs', '--check')],
  ['manifest and package against the code', checkManifest],
];

async function checkManifest() {
  await ensurePackage(() => {});
  const [result] = await runVitest(['manifest']);
  if (!hasFailed(result)) return;
  const failed = result.tests
    .filter((test) => test.state === 'failed')
    .map((test) => `${test.name}\n${test.error}`);
  throw new Error([...failed, ...result.problems, result.log].join('\n'));
}

async function check() {
  const began = performance.now();
  const findings = [];
  const rest = [...rules];
  const lane = async () => {
    for (let rule = rest.shift(); rule !== undefined; rule = rest.shift()) {
      const [name, work] = rule;
      const started = performance.now();
      const error = await work().then(
        () => undefined,
        (reason) => reason,
      );
      const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(5);
      console.log(`${error === undefined ? 'ok    ' : 'FAILED'} ${seconds} s  ${name}`);
      if (error !== undefined) findings.push(`\n${name}\n${error.message}`);
    }
  };
  await Promise.all([lane(), lane()]);
  for (const finding of findings) console.error(finding);
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`\n${rules.length - findings.length} of ${rules.length} rules hold (${seconds} s)`);
  return findings.length === 0;
}

await ensureDependencies((text) => console.log(text));
const fine = process.argv.includes('--prove') ? await prove() : await check();
process.exit(fine ? 0 : 1);
