// Builds the extension and packs it: `npm run package`.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDependencies } from './install.mjs';
import { packedReadme } from './packedReadme.mjs';
import { out, root } from './paths.mjs';
import { run } from './processGroup.mjs';

/** Everything that a package is made of. */
const sources = [
  ...[
    'src',
    'simulator',
    'media',
    'l10n',
    'package.json',
    'package.nls.json',
    'package-lock.json',
    'esbuild.js',
  ],
  ...['.vscodeignore', 'README.md', 'CHANGELOG.md', 'SECURITY.md', 'LICENSE'],
  ...['scripts/notices.mjs', 'scripts/package.mjs', 'scripts/packedReadme.mjs'],
];

/** @returns {string} the path of this version's package */
export function packageFile() {
  const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return path.join(out, `${name}-${version}.vsix`);
}

/**
 * Builds `dist` and packs one VSIX for all platforms into `out`.
 *
 * @returns {Promise<{ file: string, leftOut: { pictures: number, links: number } }>} its path, and what its README lost
 * @throws {Error} with the output of the build
 */
export async function buildPackage() {
  const file = packageFile();
  mkdirSync(out, { recursive: true });
  const readme = writeReadme();
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const options = [
    '--no-dependencies',
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
    '--readme-path',
    path.relative(root, readme.file),
    '-o',
    file,
  ];
  const hash = sourcesHash();
  await run(process.execPath, [vsce, 'package', ...options], { cwd: root });
  writeFileSync(stamp, hash);
  return { file, leftOut: readme.leftOut };
}

function writeReadme() {
  const { repository } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const { markdown, leftOut } = packedReadme(readFileSync(path.join(root, 'README.md'), 'utf8'), repository);
  const file = path.join(out, 'README.md');
  writeFileSync(file, markdown);
  return { file, leftOut };
}

/**
 * The package of the sources as they are: built when something changed since the last time.
 *
 * @param {(text: string) => void} progress
 * @returns {Promise<string>} its path
 */
export async function ensurePackage(progress) {
  const file = packageFile();
  const built = existsSync(file) && existsSync(path.join(root, 'dist', 'simulator.js')) && existsSync(stamp);
  if (built && readFileSync(stamp, 'utf8') === sourcesHash()) return file;
  progress('Building and packaging the extension');
  return (await buildPackage()).file;
}

const stamp = path.join(out, 'package.hash');

function sourcesHash() {
  const hash = createHash('sha256');
  for (const name of sources.flatMap(filesOf))
    hash.update(`${name}\0`).update(readFileSync(path.join(root, name)));
  return hash.digest('hex');
}

function filesOf(name) {
  const file = path.join(root, name);
  if (!existsSync(file)) return [];
  if (!statSync(file).isDirectory()) return [name];
  return readdirSync(file)
    .sort()
    .flatMap((child) => filesOf(path.join(name, child)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await ensureDependencies((text) => console.log(text));
    const { file, leftOut } = await buildPackage();
    console.log(`${path.relative(root, file)}, ${Math.round(statSync(file).size / 1024)} KB`);
    if (leftOut.pictures + leftOut.links > 0) {
      console.log(
        `Its README has no pictures (${leftOut.pictures} left out) and no links to other files (${leftOut.links}): package.json has no repository.`,
      );
    }
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
