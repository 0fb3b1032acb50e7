// Writes the notices of the packages that ship inside the bundles.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

/** Licenses that allow what is done here: to ship a copy along with its notice. SPDX identifiers. */
const allowed = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT']);

/**
 * The folders of the packages with code in these bundles, sorted. A package that was tree-shaken away isn't among them.
 *
 * @param {readonly import('esbuild').Metafile[]} metafiles of builds that ran in the project's folder
 * @returns {string[]} absolute folders
 */
export function bundledPackages(metafiles) {
  const folders = metafiles
    .flatMap(({ outputs }) => Object.values(outputs))
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([file]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file) ?? []);
  return [...new Set(folders)].sort().map((folder) => path.resolve(root, folder));
}

/**
 * One text with the name, version, license and notices of each package, ready to ship.
 *
 * @param {readonly string[]} folders of packages, each with a package.json
 * @returns {string}
 * @throws {Error} that names each package with a license that isn't allowed, or whose license text can't be found
 */
export function noticesOf(folders) {
  const problems = [];
  const notices = new Map();
  for (const folder of folders) {
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const name = `${manifest.name} ${manifest.version}`;
    const license = manifest.license ?? 'no license';
    const texts = licenseTexts(folder, manifest);
    if (!allowed.has(license)) problems.push(`${name}: ${license} isn't an allowed license`);
    else if (texts.length === 0) problems.push(`${name}: no license text`);
    else notices.set(name, [`${name} (${license})`, ...texts].join('\n\n'));
  }
  if (problems.length > 0) throw new Error(`Notices can't be written.\n${problems.join('\n')}`);
  const line = `\n\n${'-'.repeat(80)}\n\n`;
  return `${[intro, ...notices.values()].join(line)}\n`;
}

const intro = 'This extension contains code of the following packages.';

function licenseTexts(folder, { license, author }) {
  const files = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notices?)(\.|$)/i.test(name));
  const texts = files.sort().map((name) => readFileSync(path.join(folder, name), 'utf8').trim());
  if (texts.length > 0) return texts;
  // Some packages name their license without a copy of it. The text of MIT is the same everywhere but for the holder.
  const holder = typeof author === 'string' ? author.replace(/\s*[<(].*/, '') : author?.name;
  return license === 'MIT' && holder ? [`Copyright (c) ${holder}\n\n${mitText()}`] : [];
}

/** The text of MIT below its copyright line, as this project's own license has it. */
function mitText() {
  const text = readFileSync(path.join(root, 'LICENSE'), 'utf8');
  return text.slice(text.indexOf('Permission is hereby granted')).trim();
}
