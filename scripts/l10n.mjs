// Collects the texts of `t('…')` and `l10n.t('…')` in src into l10n/bundle.l10n.json.
// With --check: fails when the bundle or a translation does not hold exactly these texts.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bundle = join(root, 'l10n', 'bundle.l10n.json');

/** All texts in the code, sorted. */
export async function collectTexts() {
  const { default: ts } = await import('typescript');
  const texts = new Set();
  const files = readdirSync(join(root, 'src'), { recursive: true }).filter((name) => name.endsWith('.ts'));
  for (const name of files) {
    const path = join(root, 'src', name);
    const source = ts.createSourceFile(name, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
    const visit = (node) => {
      if (ts.isCallExpression(node) && isTranslate(node.expression.getText(source))) {
        const [text] = node.arguments;
        if (text && ts.isStringLiteralLike(text)) texts.add(text.text);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return [...texts].sort((a, b) => (a < b ? -1 : 1));
}

const isTranslate = (callee) => callee === 't' || callee.endsWith('l10n.t') || callee.endsWith('.t');

async function main() {
  const texts = await collectTexts();
  const wanted = JSON.stringify(Object.fromEntries(texts.map((text) => [text, text])), null, 2) + '\n';
  if (!process.argv.includes('--check')) {
    writeFileSync(bundle, wanted);
    console.log(`${texts.length} texts`);
    return;
  }
  const problems = [];
  if (readFileSync(bundle, 'utf8') !== wanted)
    problems.push('l10n/bundle.l10n.json is out of date: run node scripts/l10n.mjs');
  for (const name of readdirSync(join(root, 'l10n')).filter(
    (one) => /^bundle\.l10n\..+\.json$/.test(one) && one !== 'bundle.l10n.json',
  )) {
    const keys = new Set(Object.keys(JSON.parse(readFileSync(join(root, 'l10n', name), 'utf8'))));
    for (const text of texts) if (!keys.has(text)) problems.push(`${name} lacks: ${text}`);
    for (const key of keys) if (!texts.includes(key)) problems.push(`${name} has a text nobody uses: ${key}`);
  }
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
