// Exports the texts of src to l10n/bundle.l10n.json with @vscode/l10n-dev: `node scripts/l10n.mjs`.
// With --check: fails when the bundle or a translation doesn't hold exactly these texts.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import l10nDev from '@vscode/l10n-dev';
import { root } from './paths.mjs';

const folder = path.join(root, 'l10n');
const bundle = path.join(folder, 'bundle.l10n.json');

/**
 * The exporter finds `l10n.t(…)` but not the `t(…)` of `import { t } from '@vscode/l10n'`, and takes 0.1 s for each
 * file. So it gets all of src as one file in which `t` is written in full.
 */
async function exportTexts() {
  const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const contents = files
    .map((name) => readFileSync(path.join(root, 'src', name), 'utf8'))
    .filter((text) => /@vscode\/l10n'|\bl10n\.t\(/.test(text))
    .map((text) =>
      text.replace(/^import [^;]*;$/gm, '').replace(/(?<![\w.$])(vscode\.l10n\.)?t\(/g, 'l10n.t('),
    );
  const head = "import * as l10n from '@vscode/l10n';";
  const texts = await l10nDev.getL10nJson([{ extension: '.ts', contents: [head, ...contents].join('\n') }]);
  return Object.fromEntries(Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const texts = await exportTexts();
const wanted = `${JSON.stringify(texts, null, 2)}\n`;
if (process.argv.includes('--check')) {
  const problems =
    readFileSync(bundle, 'utf8') === wanted
      ? []
      : ['l10n/bundle.l10n.json is out of date: run node scripts/l10n.mjs'];
  for (const name of readdirSync(folder).filter(
    (one) => /^bundle\.l10n\..+\.json$/.test(one) && one !== 'bundle.l10n.json',
  )) {
    const translated = JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
    for (const key of Object.keys(texts)) if (!(key in translated)) problems.push(`${name} lacks: ${key}`);
    for (const key of Object.keys(translated))
      if (!(key in texts)) problems.push(`${name} has a text nobody uses: ${key}`);
  }
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
} else {
  writeFileSync(bundle, wanted);
  console.log(`${Object.keys(texts).length} texts`);
}
