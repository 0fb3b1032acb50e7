import { strict as assert } from 'node:assert';
import manifest from '../../package.json';
import texts from '../../package.nls.json';
import { commandIds } from '../../src/core/interaction/commandIds';

const offered = manifest.contributes.commands.map(({ command }) => command);

describe('the manifest', () => {
  it('declares exactly the commands that the code handles', () => {
    assert.deepEqual([...offered].sort(), [...commandIds].sort());
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
