import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import manifest from '../../package.json';
import texts from '../../package.nls.json';

const source = path.join(process.cwd(), 'src');
const code = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(path.join(source, name), 'utf8'))
  .join('\n');
const offered = manifest.contributes.commands.map(({ command }) => command);

describe('the manifest', () => {
  it('offers no command that the code does not name', () => {
    assert.deepEqual(
      offered.filter((command) => !new RegExp(`['"]${command.replace('.', '\\.')}['"]`).test(code)),
      [],
    );
  });

  it('uses exactly the texts of package.nls.json', () => {
    const used = new Set([...JSON.stringify(manifest).matchAll(/"%([\w.]+)%"/g)].map((match) => match[1]));
    assert.deepEqual([...used].sort(), Object.keys(texts).sort());
  });

  it('puts in menus only commands that it declares', () => {
    const inMenus = Object.values(manifest.contributes.menus).flatMap((items) =>
      items.flatMap((item) => ('command' in item ? [item.command] : [])),
    );
    assert.deepEqual(
      inMenus.filter((command) => !offered.includes(command)),
      [],
    );
  });
});
