import { strict as assert } from 'node:assert';
import manifest from '../../package.json';
import { clientRowWords } from '../../src/core/clients/menuWords';
import { taskRowWords } from '../../src/core/operations/taskNode';
import { contextKeys } from '../../src/core/shell/contextKeys';

const { menus, viewsWelcome, commands, views, keybindings } = manifest.contributes;

/** Every `when` and `enablement` of the manifest. */
const clauses: readonly string[] = [
  ...Object.values(menus).flat(),
  ...viewsWelcome,
  ...commands,
  ...keybindings,
].flatMap((item) =>
  ['when', 'enablement'].flatMap((name) => {
    const clause: unknown = Object.entries(item).find(([key]) => key === name)?.[1];
    return typeof clause === 'string' ? [clause] : [];
  }),
);

describe('the when clauses in the manifest', () => {
  it('use exactly the context keys that the code sets', () => {
    const used = clauses.flatMap((clause) => withoutViews(clause).match(/\bcloudBackup\.\w+/g) ?? []);
    assert.deepEqual([...new Set(used)].sort(), Object.keys(contextKeys).sort());
  });

  it('compare a context key only with values that it can have', () => {
    const values = new Map<string, readonly unknown[]>(Object.entries(contextKeys));
    const compared = clauses.flatMap((clause) => [
      ...withoutViews(clause).matchAll(/(cloudBackup\.\w+)\s*[!=]=\s*(\w+)/g),
    ]);
    const impossible = compared.filter(([, key = '', value]) => !values.get(key)?.includes(value));
    assert.deepEqual(impossible.map(String), []);
    const plain = clauses.flatMap((clause) => [
      ...withoutViews(clause).matchAll(/(?<!\bin )\b(cloudBackup\.\w+)(?!\w|\s*[!=]=)/g),
    ]);
    assert.deepEqual(
      plain.filter(([, key = '']) => !values.get(key)?.includes(true)).map(String),
      [],
      'a key without a comparison is true or false',
    );
  });

  it('name only views that the manifest declares', () => {
    const known = Object.values(views).flatMap((some) => some.map(({ id }) => id));
    const named = [
      ...clauses.flatMap((clause) =>
        [...clause.matchAll(/\b(?:view|focusedView) == ([\w.]+)/g)].map(([, id = '']) => id),
      ),
      ...viewsWelcome.map(({ view }) => view),
    ];
    assert.deepEqual([...new Set(named)].sort(), [...known].sort());
  });

  it('look for exactly the words that rows of the Tasks view have', () => {
    // Rows without a menu: a day, and the clients of one outcome.
    const withoutMenu = ['day', 'outcome'];
    assert.deepEqual(
      wordsFor('cloudBackup.tasks'),
      taskRowWords.filter((word) => !withoutMenu.includes(word)).sort(),
    );
  });

  it('look for exactly the words that rows of the Backup Clients view have', () => {
    assert.deepEqual(wordsFor('cloudBackup.clients'), [...clientRowWords].sort());
  });

  it('offer to clients what several rows can do, so that a group has the same menu whatever else is selected', () => {
    // `listMultiSelection` stays true while the menu of a row outside the selection is open.
    const loose = clauses.filter(
      (clause) =>
        /(?<!!)listMultiSelection/.test(clause) &&
        !/listMultiSelection && viewItem =~ \/\^client\\b\//.test(clause),
    );
    assert.deepEqual(loose, []);
  });

  it('explain every state in which the client tree is empty', () => {
    const explained = viewsWelcome.flatMap((welcome) =>
      'when' in welcome ? (/^cloudBackup\.state == (\w+)$/.exec(welcome.when)?.[1] ?? []) : [],
    );
    // There are rows, or there will be in a moment.
    const withRows = ['loading', 'ready', 'several'];
    const states = contextKeys['cloudBackup.state'].filter((state) => !withRows.includes(state));
    assert.deepEqual(explained.sort(), [...states].sort());
  });
});

const withoutViews = (clause: string): string => clause.replace(/\b(?:view|focusedView) == [\w.]+/g, '');

/** The words of a row that the menus of a view look for, sorted. */
function wordsFor(view: string): string[] {
  const expressions = clauses
    .filter((clause) => clause.includes(`view == ${view}`))
    .flatMap((clause) => [...clause.matchAll(/viewItem (?:=~ \/(.+?)\/|== (\w+))/g)])
    .map(([, expression = '', word = '']) => expression + word);
  const words = expressions.flatMap((text) => text.replaceAll('\\b', ' ').match(/\w+/g) ?? []);
  return [...new Set(words)].sort();
}
