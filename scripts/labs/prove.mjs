// Shows each rule of `npm run check` failing on a violation made for it, in a copy of the project.
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../paths.mjs';
import { run } from '../processGroup.mjs';

/** Files that break a rule, and what the tool that watches it must say. `rule` names the line of `npm run check`. */
const violations = [
  {
    rule: 'types',
    what: 'a string where a number is wanted',
    file: 'src/core/kernel/wrongType.ts',
    text: `export const wrong: number = 'text';\n`,
    says: /src\/core\/kernel\/wrongType\.ts\(1,14\): error TS2322/,
  },
  {
    rule: 'types of the scripts',
    what: 'a number where a string is wanted',
    file: 'scripts/wrongType.mjs',
    text: `export const wrong = Number.parseInt(5);\n`,
    says: /scripts\/wrongType\.mjs\(1,38\): error TS2345/,
  },
  {
    rule: 'types of the simulator',
    what: 'a global of the test runner',
    file: 'simulator/wrongType.ts',
    text: `export const wrong: unknown = describe;\n`,
    says: /simulator\/wrongType\.ts\(1,31\): error TS2/,
  },
  {
    rule: 'types of the web pages',
    what: 'a string where a number is wanted',
    file: 'src/webview/wrongType.ts',
    text: `export const wrong: number = 'text';\n`,
    says: /src\/webview\/wrongType\.ts\(1,14\): error TS2322/,
  },
  {
    rule: 'format',
    what: 'double quotes',
    file: 'src/core/kernel/doubleQuotes.ts',
    text: `export const text = "double";\n`,
    says: /src\/core\/kernel\/doubleQuotes\.ts/,
  },
  {
    rule: 'lint',
    what: 'a promise that nobody awaits',
    file: 'src/core/kernel/floating.ts',
    text: `export function start(work: () => Promise<void>): void {\n  work();\n}\n`,
    says: /src\/core\/kernel\/floating\.ts[^]*?no-floating-promises/,
  },
  {
    rule: 'lint',
    what: 'a Thenable of VS Code that nobody awaits',
    file: 'src/vscode/floatingThenable.ts',
    text: `import * as vscode from 'vscode';\n\nexport function tell(): void {\n  vscode.commands.executeCommand('x');\n}\n`,
    says: /src\/vscode\/floatingThenable\.ts[^]*?no-floating-promises/,
  },
  {
    rule: 'lint',
    what: 'a rule switched off by a comment',
    file: 'src/core/kernel/switchedOff.ts',
    text: `// eslint-disable-next-line @typescript-eslint/no-explicit-any\nexport const anything = {} as any;\n`,
    says: /src\/core\/kernel\/switchedOff\.ts[^]*?no-explicit-any/,
  },
  {
    rule: 'lint',
    what: 'the real time in core',
    file: 'src/core/kernel/realTime.ts',
    text: `export const now = (): number => Date.now();\n`,
    says: /src\/core\/kernel\/realTime\.ts[^]*?Ask the Clock/,
  },
  ...wrongWay([
    ['core/kernel', 'node:fs', 'core-imports'],
    ['core/kernel', 'vscode', 'core-imports', 'type'],
    ['core/kernel', '../../protocol/messages', 'core-imports', 'type'],
    ['api', '../storage/wrongWayTarget', 'api-imports', 'type'],
    ['api', 'vscode', 'api-imports', 'type'],
    ['credentials', '../api/wrongWayTarget', 'credentials-imports', 'type'],
    ['storage', '../api/wrongWayTarget', 'storage-imports', 'type'],
    ['../simulator', '../src/core/kernel/wrongWayTarget', 'simulator-imports', 'type'],
    ['../simulator', 'node-fetch', 'simulator-imports'],
    ['protocol', 'node:fs', 'protocol-imports'],
    ['protocol', '../core/kernel/wrongWayTarget', 'protocol-types-only'],
    ['webview', '../core/kernel/wrongWayTarget', 'webview-imports', 'type'],
    ['webview', '@vscode/webview-ui-toolkit', 'toolkit-in-one-file'],
    ['vscode', '../api/wrongWayTarget', 'vscode-imports', 'type'],
    ['vscode', '../extension', 'nobody-imports-the-root', 'type'],
    ['core/service', '../clients/wrongWayTarget', 'core-service-imports', 'type'],
    ['../test/unit', '../../src/vscode/wrongWayTarget', 'unit-tests-without-vscode', 'type'],
    ['core/kernel', '../../../test/support/handClock', 'src-not-to-test', 'type'],
  ]),
  {
    rule: 'imports',
    what: 'two files that import each other',
    file: 'src/core/kernel/circleOne.ts',
    text: `import { two } from './circleTwo';\n\nexport const one = (): number => two() + 1;\n`,
    says: /no-circular: src\/core\/kernel\/circle(One|Two)\.ts/,
  },
  {
    rule: 'imports',
    file: 'src/core/kernel/circleTwo.ts',
    text: `import { one } from './circleOne';\n\nexport const two = (): number => one() + 1;\n`,
  },
  {
    rule: 'dead code',
    what: 'an export that nobody uses',
    file: 'src/core/kernel/deadExport.ts',
    text: `export const used = 1;\nexport const dead = 2;\n`,
    says: /dead\s+src\/core\/kernel\/deadExport\.ts|src\/core\/kernel\/deadExport\.ts/,
  },
  {
    rule: 'texts',
    what: 'a text that l10n does not know',
    file: 'src/core/kernel/newText.ts',
    text: `import { t } from '@vscode/l10n';\n\nexport const words = (): string => t('Nobody translated this');\n`,
    says: /Nobody translated this|l10n/,
  },
];

/** One file for each wrong-way import: from a layer, to a module, broken rule, and `type` for a type-only one. */
function wrongWay(cases) {
  const targets = ['core/kernel', 'api', 'storage', 'vscode'].map((layer) => ({
    rule: 'imports',
    file: `src/${layer}/wrongWayTarget.ts`,
    text: `export type Target = string;\nexport const target = 'text';\n`,
  }));
  const imports = cases.map(([layer, to, broken, kind], i) => {
    const file = path.posix.join('src', layer, `wrongWay${i}.ts`);
    return {
      rule: 'imports',
      what: `${path.posix.dirname(file)} imports ${to}${kind === 'type' ? ', types only' : ''}`,
      file,
      text: `import ${kind ?? ''} * as wrong from '${to}';\n\nexport ${kind === 'type' ? 'type Wrong = typeof wrong' : 'const right = wrong'};\n`,
      says: new RegExp(`${broken}: ${file.replaceAll('.', '\\.')}`),
    };
  });
  return [...targets, ...imports];
}

const tools = {
  types: ['typescript/bin/tsc', '-p', '.', '--noEmit'],
  'types of the scripts': ['typescript/bin/tsc', '-p', 'scripts', '--noEmit'],
  'types of the simulator': ['typescript/bin/tsc', '-p', 'simulator', '--noEmit'],
  'types of the web pages': ['typescript/bin/tsc', '-p', 'src/webview', '--noEmit'],
  format: ['prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
  lint: ['eslint/bin/eslint.js', '.'],
  imports: [
    'dependency-cruiser/bin/dependency-cruise.mjs',
    'src',
    'simulator',
    'test',
    '--output-type',
    'err',
  ],
  'dead code': ['knip/bin/knip.js', '--no-progress'],
  texts: ['../scripts/l10n.mjs', '--check'],
};

/**
 * Prints a table of all violations and whether each was found.
 *
 * @returns {Promise<boolean>} whether all were
 */
export async function prove() {
  const copy = await mkdtemp(path.join(tmpdir(), 'cloud-backup-prove-'));
  const rows = [];
  try {
    copyProject(copy);
    for (const rule of Object.keys(tools)) {
      const mine = violations.filter((violation) => violation.rule === rule);
      for (const { file, text } of mine) {
        mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
        writeFileSync(path.join(copy, file), text);
      }
      const [tool, ...args] = tools[rule];
      const output = await failure(copy, [path.join('node_modules', tool), ...args]);
      for (const { what, says } of mine) if (says) rows.push([rule, what, says.test(output)]);
      for (const { file } of mine) rmSync(path.join(copy, file));
    }
    rows.push(['manifest', 'a command that no code registers', /nobodyRegisters/.test(await drift(copy))]);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
  for (const [rule, what, found] of rows)
    console.log(`${found ? 'found ' : 'MISSED'}  ${rule.padEnd(22)}  ${what}`);
  const missed = rows.filter(([, , found]) => !found).length;
  console.log(`\n${rows.length - missed} of ${rows.length} violations were found`);
  return missed === 0;
}

function copyProject(copy) {
  const left = new Set(['node_modules', 'dist', 'out', '.git', '.vscode-test']);
  cpSync(root, copy, { recursive: true, filter: (file) => !left.has(path.relative(root, file)) });
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
}

/** Adds a command to the manifest that nothing else knows, and runs the tests of the manifest. */
function drift(copy) {
  const file = path.join(copy, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  manifest.contributes.commands.push({ command: 'cloudBackup.nobodyRegisters', title: 'Drift' });
  writeFileSync(file, JSON.stringify(manifest, undefined, 2));
  return failure(copy, ['scripts/test.mjs', '--only', 'manifest']);
}

/** @returns {Promise<string>} what a program printed that is meant to fail; empty when it did not */
async function failure(cwd, args) {
  try {
    await run(process.execPath, args, { cwd });
    return '';
  } catch (error) {
    return error.message;
  }
}
