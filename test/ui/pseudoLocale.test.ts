import { strict as assert } from 'node:assert';
import type { Locator } from '@playwright/test';
import { startSimulator, type Simulator } from '../../simulator/main';
import { describeWorkbench } from '../support/host/describeWorkbench';
import type { OpenWorkbench } from '../support/host/openWorkbench';
import { pseudoNls, untranslated } from '../support/host/pseudoLocale';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

const zoneId = 'cn-hangzhou-h';

/** What is the same in each language: names, IDs, addresses and times, and what VS Code shows in English. */
const allowed: readonly RegExp[] = [
  // What VS Code adds to a quick pick or a dialog.
  ...[/\b\d+ (?:Selected|Results?)\b/g, /\bOK\b/g, /\bCancel\b/g, /\(Press 'Enter'[^)]*\)/g],
  // The names of regions are in English only.
  /China \(Hangzhou\)/g,
  ...[/\bi-web-\d\b/g, /\bweb-\d\b/g, /\bc-[\w-]+/g, /\bcn-[\w-]+/g, /\b(?:hbr|ecs):\w+/g],
  ...[
    /\bv?\d+(?:\.\d+)+\b/g,
    /\b[\dA-F]{8}-[\w-]+/g,
    /\bt-[\w-]+/g,
    /\bdemo\b/gi,
    /\b\d+:\d\d(?::\d\d)?\s?[AP]M\b/g,
  ],
  /\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b/g,
];

/** As much of an element as is read inside the page; the tests are compiled without the browser's types. */
interface Shown {
  readonly ownerDocument: { createTreeWalker(root: Shown, show: number): { nextNode(): TextNode | null } };
  querySelectorAll(selector: string): Iterable<{ readonly ariaLabel: string | null }>;
}
interface TextNode {
  readonly data: string;
  readonly parentElement: { checkVisibility(options: { readonly visibilityProperty: boolean }): boolean };
}

/** The visible texts inside elements, and what their rows say to a screen reader. Runs in the page. */
function textsOf(elements: Shown[]): string[] {
  const onlyTexts = 4;
  return elements.flatMap((element) => {
    const texts: string[] = [];
    const walker = element.ownerDocument.createTreeWalker(element, onlyTexts);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement.checkVisibility({ visibilityProperty: true })) texts.push(node.data);
    }
    const rows = [...element.querySelectorAll('.monaco-list-row')].map(({ ariaLabel }) => ariaLabel ?? '');
    return [...texts, ...rows];
  });
}

describe('in the pseudo-language, all texts of ours are in brackets', () => {
  let simulator: Simulator;
  let nls: (key: string) => string;

  beforeAll(async () => {
    nls = await pseudoNls();
    simulator = await startSimulator({ clients: 0, timeScale: 20 });
    for (const name of ['web-1', 'web-2', 'web-3']) {
      simulator.insertClient({
        InstanceId: `i-${name}`,
        InstanceName: name,
        ZoneId: zoneId,
        Status: 'ACTIVATED',
        ClientVersion: '2.4.5',
        MaxClientVersion: '2.13.0',
      });
    }
  });
  afterAll(() => simulator.dispose());

  /** Fails on what a part of the workbench shows, and on what its rows say to a screen reader, outside brackets. */
  const translated = async (what: string, part: Locator): Promise<void> => {
    await part.first().waitFor();
    const text = (await part.evaluateAll(textsOf)).join(' | ');
    assert.ok(text.includes('⟦'), `${what} shows no text in brackets: ${text}`);
    assert.deepEqual(untranslated(text, allowed), [], `${what}: ${text}`);
  };
  const run = (bench: OpenWorkbench, key: string) =>
    bench.command(`${nls('category')}: ${nls(`command.${key}.title`)}`);

  describeWorkbench(
    'in a workbench',
    () => ({ demo: simulator, pseudoLocale: true }),
    (workbench) => {
      it('in the clients view', async () => {
        const bench = workbench();
        await bench.expand(/⟦/);
        await bench.expand(zoneId);
        await bench.row('web-1');
        await bench.screenshot('pseudo-clients');
        const pane = bench.pane(nls('view.clients'));
        await translated(
          'the clients view',
          pane.locator('.pane-body, .pane-header .title, .pane-header .description'),
        );
      });

      it('in the filter and the quick actions', async () => {
        const bench = workbench();
        await run(bench, 'filter');
        await bench.asks(/⟦/);
        await translated('the filter', bench.quickInput());
        await bench.escape();
        await run(bench, 'quickMenu');
        await bench.quickPick();
        await bench.screenshot('pseudo-quick-actions');
        await translated('the quick actions', bench.quickInput());
        await bench.escape();
      });

      it('in the plan', async () => {
        const bench = workbench();
        await run(bench, 'upgradeAllOutdated');
        await bench.quickPick();
        await bench.screenshot('pseudo-plan');
        await translated('the plan', bench.quickInput());
        await bench.quickInput().locator('a.action-label[aria-label^="⟦"]').first().click();
        await bench.eventually(
          async () => ((await bench.tabs()).some((tab) => tab.includes('⟦')) ? true : undefined),
          'No plan is open.',
        );
        const text = await (await bench.webview('⟦')).locator('body').innerText();
        assert.deepEqual(untranslated(text, allowed), [], text);
      });

      it('in the confirmation', async () => {
        const bench = workbench();
        const pick = bench.quickInput();
        const ticked = pick.locator('.monaco-list-row [role="checkbox"][aria-checked="true"]');
        if ((await ticked.count()) < 3)
          await pick.locator('.quick-input-header [role="checkbox"]').first().click();
        await pick.locator('.quick-input-action .monaco-button', { hasText: 'OK' }).click();
        await bench.modal();
        await bench.screenshot('pseudo-confirmation');
        await translated(
          'the confirmation',
          bench.page.locator(
            '.monaco-dialog-box .dialog-message-container, .monaco-dialog-box .dialog-buttons',
          ),
        );
        await bench.page.locator('.monaco-dialog-box .dialog-buttons .monaco-button:not(.secondary)').click();
      });

      it('in the Tasks view and the page of an operation', async () => {
        const bench = workbench();
        const tasks = bench.pane(nls('view.tasks'));
        await bench.page.locator('.pane-header', { hasText: nls('view.tasks') }).click();
        await tasks.locator('.monaco-list-row').first().waitFor();
        await bench.screenshot('pseudo-tasks');
        await translated('the Tasks view', tasks.locator('.pane-body, .pane-header .title'));
        await tasks.locator('.monaco-list-row').first().click();
        const page = await bench.webview('⟦');
        await page.locator('text=web-1').first().waitFor();
        await bench.screenshot('pseudo-page');
        const text = await page.locator('body').innerText();
        assert.deepEqual(untranslated(text, allowed), [], text);
      });
    },
  );
});
