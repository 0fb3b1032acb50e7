// @ts-check
// Suite `size`: what ships, in bytes, and what starting it costs.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { buildProduct, productFolder } from './builds.mjs';
import { out } from '../../scripts/paths.mjs';

const print = (/** @type {import('./figure').Figure} */ figure) => console.log(JSON.stringify(figure));

await buildProduct();
/** The files that loading one loads at once: what's loaded later is required in a promise. */
const start = new Set(['extension.js']);
for (const name of start) {
  const code = readFileSync(path.join(productFolder, name), 'utf8');
  for (const [, other = ''] of code.matchAll(/(?<!then\(\(\)=>\w+\()require\("\.\/([\w-]+\.js)"\)/g))
    start.add(other);
}
const bytesOf = (/** @type {string} */ name) => statSync(path.join(productFolder, name)).size;
print({
  goal: 'main bundle',
  what: 'extension.js and what it loads at once',
  value: [...start].reduce((sum, name) => sum + bytesOf(name), 0) / 1000,
  unit: 'KB',
  limit: 220,
  better: 'lower',
});

// What the integration suite wrote down for each VS Code, when it has run.
const reports = path.join(out, 'reports');
for (const name of existsSync(reports) ? readdirSync(reports) : []) {
  const version = /^activation-(.+)\.json$/.exec(name)?.[1];
  if (version === undefined) continue;
  const { median } = JSON.parse(readFileSync(path.join(reports, name), 'utf8'));
  if (typeof median !== 'number') throw new Error(`${name} must hold a median in milliseconds`);
  print({
    goal: 'activation',
    what: `VS Code ${version}`,
    value: median,
    unit: 'ms',
    limit: 5,
    better: 'lower',
  });
}
