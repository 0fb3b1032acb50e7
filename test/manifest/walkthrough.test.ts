import { strict as assert } from 'node:assert';
import { readFileSync, statSync } from 'node:fs';
import manifest from '../../package.json';
import texts from '../../package.nls.json';

const { walkthroughs, viewsWelcome, commands, views } = manifest.contributes;
const steps = walkthroughs.flatMap(({ steps: all }) => all);
const text = (reference: string): string =>
  Object.entries(texts).find(([key]) => `%${key}%` === reference)?.[1] ?? '';

/** Commands that a text of the manifest starts. */
const startedBy = (contents: string): readonly string[] =>
  [...contents.matchAll(/\(command:([\w.]+)/g)].map(([, id = '']) => id);

const known = new Set([
  ...commands.map(({ command }) => command),
  ...Object.values(views).flatMap((all) => all.map(({ id }) => `${id}.focus`)),
  'workbench.action.openSettings',
]);

describe('the walkthrough', () => {
  it('has five steps with a button each, which end when what they are about was done', () => {
    assert.equal(steps.length, 5);
    for (const { id, description, completionEvents } of steps) {
      assert.ok(startedBy(text(description)).length > 0, id);
      for (const event of completionEvents) {
        const [, command] = /^onCommand:(.+)$/.exec(event) ?? [];
        assert.ok(
          command === undefined ? event === 'onContext:cloudBackup.signedIn' : known.has(command),
          event,
        );
      }
    }
  });

  it('marks what you type as VS Code does in a walkthrough, with two backticks on each side', () => {
    for (const { description } of steps) {
      for (const [marks = ''] of text(description).matchAll(/`+/g)) assert.equal(marks, '``', description);
    }
  });

  it('has small pictures in the colors of the theme', () => {
    for (const { media } of steps) {
      const svg = readFileSync(media.svg, 'utf8');
      assert.ok(statSync(media.svg).size < 5_000, media.svg);
      assert.match(svg, /var\(--vscode-/);
      const fixed = svg.replace(/var\([^"]*\)/g, '').match(/(?:fill|stroke)="#[^"]*"/g);
      assert.equal(fixed, null, media.svg);
      // High-contrast themes don't have these colors: what is drawn in one alone isn't there.
      assert.doesNotMatch(svg, /var\(--vscode-(list-activeSelection|button-secondary)\w+\)/, media.svg);
      assert.ok(text(media.altText).length > 0);
    }
  });
});

describe('the texts of empty views', () => {
  it('start only commands that exist, with one button at most', () => {
    for (const { contents } of viewsWelcome) {
      const shown = text(contents);
      assert.deepEqual(
        startedBy(shown).filter((id) => !known.has(id)),
        [],
      );
      // VS Code makes a button of a link that is alone on its line.
      const buttons = shown.split('\n').filter((line) => /^\[[^\]]+\]\([^)]+\)$/.test(line));
      assert.ok(buttons.length <= 1, `${contents}: ${buttons.join(', ')}`);
    }
  });

  it('have links in their sentences that are part of these, without the three dots of a menu', () => {
    const texts = viewsWelcome.map(({ contents }) => text(contents));
    assert.deepEqual(
      texts.flatMap((shown) => shown.match(/…\]\([^)]+\)(?=[ ,.])/g) ?? []),
      [],
    );
  });

  it('lead from an empty region to installing and other regions, and from a refusal to its remedy', () => {
    const of = (state: string) =>
      startedBy(
        text(viewsWelcome.find((one) => 'when' in one && one.when.endsWith(`== ${state}`))?.contents ?? ''),
      );
    assert.deepEqual(of('empty').slice(0, 2), [
      'cloudBackup.installOnInstances',
      'cloudBackup.selectRegions',
    ]);
    assert.ok(
      of('denied').includes('cloudBackup.copyRamPolicy') &&
        of('denied').includes('cloudBackup.openInConsole'),
    );
    assert.equal(of('expired')[0], 'cloudBackup.signInAgain');
    assert.equal(of('rejected')[0], 'cloudBackup.signInAgain');
    assert.ok(of('signedOut').includes('cloudBackup.openWalkthrough'));
    assert.deepEqual(of('filteredOut'), ['cloudBackup.clearFilter', 'cloudBackup.filter']);
  });
});
