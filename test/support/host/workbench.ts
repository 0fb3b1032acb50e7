import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import * as path from 'node:path';
import type { Frame, Locator, Page } from '@playwright/test';

/** A text that is contained, in any case, or an expression that matches. */
type Text = string | RegExp;

/** Milliseconds for which a test waits for what should appear. On a busy machine a window takes half a minute to load again. */
export const patience = 60_000;

/** True in a run that takes pictures for people to look at. */
export const forPictures = process.env['TEST_PICTURES'] !== undefined;

/** As much of an element as is read inside the page; the tests are compiled without the browser's types. */
interface Row {
  getAttribute(name: string): string | null;
  querySelector(selector: string): { readonly textContent: string | null } | null;
}

/**
 * The workbench as a user sees it: what can be found, clicked and read. Everything waits for what it names, at most
 * as long as the page's default timeout, and then throws.
 *
 * The locators hold for VS Code 1.100 and 1.139 alike.
 */
export class Workbench {
  constructor(
    private readonly current: () => Page,
    private readonly screenshots: string,
  ) {}

  /** The page, for what has no word of its own here. */
  get page(): Page {
    return this.current();
  }

  // Commands, views and rows

  /** Runs a command from the palette, by the words that the palette shows: "Category: Title". */
  async command(name: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget:visible input.input');
    const found = this.page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first();
    // A notification or a page that takes the focus closes the palette again. It lists what was on offer when it was
    // opened: a command that came a moment later is in the next one only. Enter before the row is there would run another.
    await this.eventually(async () => {
      await this.page.keyboard.press('F1');
      const listed = await input
        .fill(`>${name}`, { timeout: 2_000 })
        .then(() => found.waitFor({ timeout: 3_000 }))
        .then(done, notYet);
      if (!listed) await this.page.keyboard.press('Escape');
      return listed;
    }, `The palette does not offer "${name}".`);
    await this.page.keyboard.press('Enter');
    // The palette is gone, or the same box now asks what the command asks.
    await this.eventually(async () => {
      const text = await input.inputValue({ timeout: 100 }).catch(() => '');
      return text === `>${name}` ? undefined : true;
    }, `The palette did not take "${name}".`);
  }

  /** The commands that the palette offers for a text. */
  async palette(text: string): Promise<string[]> {
    await this.page.keyboard.press('F1');
    await this.page.locator('.quick-input-widget:visible input.input').fill(`>${text}`);
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    await rows.first().waitFor();
    const found = await rows.locator('.label-name').allInnerTexts();
    await this.escape();
    return found.map(plain);
  }

  /** Opens the views behind an icon of the activity bar. */
  async openContainer(title: string): Promise<void> {
    const item = this.activity(title);
    const checked = await item.locator('a').getAttribute('aria-expanded');
    // A badge covers the link, so the item is clicked. A click on an open one would close it.
    if (checked !== 'true') await item.click();
  }

  /** The number on an icon of the activity bar; empty when there is none. */
  async badge(title: string): Promise<string> {
    const badge = this.activity(title).locator('.badge-content');
    return (await badge.count()) === 0 ? '' : (await badge.first().innerText()).trim();
  }

  private activity(title: string): Locator {
    return this.page.locator(`.activitybar .action-item:has(a[aria-label^="${title}"])`);
  }

  /** One view of the side bar. */
  pane(title: string): Locator {
    const header = this.page.locator('.pane-header', { hasText: new RegExp(`^\\s*${escape(title)}`, 'i') });
    return this.page.locator('.pane', { has: header });
  }

  /** The rows of all trees in the side bar that are scrolled into sight, or those with a text. */
  rows(text: Text = ''): Locator {
    return this.page.locator('.pane-body .monaco-list-row[role="treeitem"]', { hasText: text });
  }

  /** The first row with a text; waits until it is there. */
  async row(text: Text): Promise<Locator> {
    const row = this.rows(text).first();
    await row.waitFor();
    return row;
  }

  /** Label and description of each visible row, separated by one space, deeper ones indented by two spaces a level. */
  async tree(): Promise<string[]> {
    return this.rows().evaluateAll((rows: Row[]) =>
      rows.map((row) => {
        const text = (part: string): string => row.querySelector(part)?.textContent ?? '';
        const indent = '  '.repeat(Number(row.getAttribute('aria-level') ?? 1) - 1);
        return `${indent}${text('.label-name')} ${text('.label-description')}`.trimEnd();
      }),
    );
  }

  /** Waits until the tree is as expected. @throws AssertionError with the difference when it does not come to that */
  async treeIs(expected: readonly string[]): Promise<void> {
    let last: string[] = [];
    const same = async (): Promise<true | undefined> => {
      last = await this.tree();
      return last.join('\n') === expected.join('\n') ? true : undefined;
    };
    await this.eventually(same, 'another tree').catch(() => assert.deepEqual(last, expected));
  }

  /** Clicks the first row with a text. */
  async clickRow(text: Text): Promise<void> {
    await this.leaveRows();
    await this.eventually(
      async () => {
        await (await this.row(text)).click();
        return (await this.isFocused(text)) ? true : undefined;
      },
      `A click into ${String(text)} goes elsewhere.`,
    );
  }

  /** True when the row that was clicked last has a text. */
  private async isFocused(text: Text): Promise<boolean> {
    const focused = this.page.locator('.pane-body .monaco-list-row.focused', { hasText: text });
    return (await focused.count()) > 0;
  }

  /** The mouse might be over a row, and its tooltip would cover the others. */
  private async leaveRows(): Promise<void> {
    await this.page.mouse.move(0, 0);
  }

  /** Opens a row, unless it is open. */
  async expand(text: Text): Promise<void> {
    await this.leaveRows();
    const row = await this.row(text);
    if ((await row.getAttribute('aria-expanded')) === 'true') return;
    await row.locator('.monaco-tl-twistie').click();
    const open = this.page.locator('.monaco-list-row[aria-expanded="true"]', { hasText: text }).first();
    await open.waitFor();
    // A row says that it is open before its children are there, and they push down the rows below.
    // At the lower edge they may be out of sight: a few seconds are enough then.
    const end = Date.now() + 3_000;
    await this.eventually(
      async () => {
        if (Date.now() > end) return true;
        const [index, level] = await Promise.all([
          open.getAttribute('data-index', { timeout: 1_000 }),
          open.getAttribute('aria-level', { timeout: 1_000 }),
        ]).catch(() => [null, null]);
        if (index === null || level === null) return undefined;
        const child = this.page.locator(
          `.monaco-list-row[data-index="${Number(index) + 1}"][aria-level="${Number(level) + 1}"]`,
        );
        return (await child.count()) > 0 ? true : undefined;
      },
      `${String(text)} does not open.`,
    );
  }

  /** Selects rows, the first alone and the others added to it. */
  async select(first: Text, ...others: Text[]): Promise<void> {
    await this.eventually(
      async () => {
        await this.clickRow(first);
        const selected = this.page.locator('.pane-body .monaco-list-row[aria-selected="true"]');
        for (const other of others) {
          await (await this.row(other)).click({ modifiers: ['ControlOrMeta'] });
          // The next click must not come before this one is drawn. It may have been taken for another row.
          await selected.filter({ hasText: other }).first().waitFor({ timeout: 2_000 }).then(done, notYet);
        }
        for (const text of [first, ...others]) {
          if ((await selected.filter({ hasText: text }).count()) === 0) return undefined;
        }
        return (await selected.count()) === others.length + 1 ? true : undefined;
      },
      `The rows are not selected: ${[first, ...others].map(String).join(', ')}.`,
    );
  }

  /** The text that shows when the mouse rests on a row. A redraw of the row closes it, so it's asked for again. */
  async tooltip(row: Text, content: string): Promise<Locator> {
    const hover = this.page.locator('.monaco-hover:visible', { hasText: content }).first();
    await this.eventually(async () => {
      await this.page.mouse.move(900, 300);
      await (await this.row(row)).hover();
      return hover.waitFor({ timeout: 5_000 }).then(done, notYet);
    }, `No text with "${content}" shows.`);
    return hover;
  }

  /** Clicks an action that a row shows while the mouse is over it. */
  async inlineAction(text: Text, title: string): Promise<void> {
    const row = await this.row(text);
    await row.hover();
    await row.locator(`.actions a.action-label[aria-label^="${title}"]`).click();
  }

  /**
   * Clicks an action in the title of a view. When the container shows a single view, only its title is above it.
   */
  async viewAction(view: string, title: string): Promise<void> {
    const header = this.page.locator('.pane-header, .composite.title', {
      hasText: new RegExp(escape(view), 'i'),
    });
    await header.first().hover();
    await header.locator(`a.action-label[aria-label^="${title}"]`).first().click();
  }

  // Menus, questions and notices

  /** Opens the context menu of a row. @returns its entries */
  async openContextMenu(text: Text): Promise<string[]> {
    const items = this.page.locator('.monaco-menu .action-menu-item');
    await this.leaveRows();
    await this.eventually(
      async () => {
        await (await this.row(text)).click({ button: 'right' });
        const opened = await items.first().waitFor({ timeout: 3_000 }).then(done, notYet);
        // A row that leaves its place under the mouse gives the click to another one, which may have no menu.
        if (opened && (await this.isFocused(text))) return true;
        if (opened) await this.page.keyboard.press('Escape');
        return undefined;
      },
      `${String(text)} shows no menu.`,
    );
    return (await items.locator('.action-label').allInnerTexts()).map(plain).filter((entry) => entry !== '');
  }

  /** Clicks an entry of the open menu. */
  async clickMenu(entry: Text): Promise<void> {
    const item = this.page.locator('.monaco-menu .action-menu-item', { hasText: entry }).first();
    // A menu takes no click in its first tenth of a second, so as not to take the one that opened it.
    let clicked = false;
    await this.eventually(
      async () => {
        // On a busy machine the click counts and the menu goes a moment later than it was waited for.
        if (clicked && !(await item.isVisible())) return true;
        await item.click();
        clicked = true;
        return item.waitFor({ state: 'hidden', timeout: 500 }).then(done, notYet);
      },
      `The menu stays open after a click on ${String(entry)}.`,
    );
  }

  /** Opens a submenu of a row's context menu. @returns its entries */
  async openSubmenu(text: Text, submenu: string): Promise<string[]> {
    await this.openContextMenu(text);
    const menus = this.page.locator('.monaco-menu');
    const entry = menus.first().locator('.action-menu-item', { hasText: submenu }).first();
    await this.eventually(async () => {
      await entry.hover();
      return (await menus.count()) > 1 ? true : undefined;
    }, `${submenu} does not open.`);
    const labels = await menus.last().locator('.action-menu-item .action-label').allInnerTexts();
    return labels.map(plain).filter((label) => label !== '' && label !== submenu);
  }

  /** Copies something of a row with the submenu of its context menu: "Name", "Instance ID". */
  async copyFrom(text: Text, what: string): Promise<void> {
    await this.openSubmenu(text, 'Copy');
    const item = this.page.locator('.monaco-menu').last().locator('.action-menu-item', { hasText: what });
    await item.last().click();
    await this.page.locator('.monaco-menu').first().waitFor({ state: 'detached' });
  }

  /** Chooses an entry of a row's context menu, once more when the row was just being drawn again. */
  async contextMenu(text: Text, entry: Text): Promise<void> {
    const lost = this.page.locator('.notification-toast', { hasText: 'The list changed while you clicked' });
    const anything = this.page.locator(
      '.quick-input-widget:visible, .monaco-dialog-box, .notification-toast',
    );
    await this.eventually(
      async () => {
        await this.openContextMenu(text);
        await this.clickMenu(entry);
        await anything
          .first()
          .waitFor({ timeout: 500 })
          .catch(() => undefined);
        if ((await lost.count()) === 0) return true;
        await lost.hover();
        await lost.locator('.codicon-notifications-clear').click();
        await lost.waitFor({ state: 'detached' });
        return undefined;
      },
      `The row ${String(text)} is lost to its menu again and again.`,
    );
  }

  /** Waits for a quick pick or input box with a text. */
  async asks(text: Text): Promise<void> {
    await this.opened(this.quickInput().filter({ hasText: text }));
  }

  /** Waits for a question, also one that waits behind its notification because this computer is slow. */
  private async opened(question: Locator): Promise<void> {
    const waiting = this.page.locator('.notification-list-item', { hasText: 'Waiting for your answer' });
    const review = waiting.locator('.monaco-button', { hasText: 'Review…' }).first();
    const unread = this.page.locator('[id="status.notifications"] .codicon-bell-dot');
    const hiddenAfter = Date.now() + 10_000;
    await this.eventually(
      async () => {
        if (await question.first().isVisible()) return true;
        await review.click({ timeout: 200 }).catch(() => undefined);
        // A notification leaves the screen after a while, and can still be reached by the bell.
        if (Date.now() > hiddenAfter && (await unread.isVisible()) && !(await review.isVisible())) {
          await this.page.locator('[id="status.notifications"] a').dispatchEvent('click');
        }
        return undefined;
      },
      () => `No question opens: ${String(question)}`,
    );
  }

  /** The open quick pick or input box. */
  quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  /** Closes the open quick pick or input box without an answer. */
  async escape(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.quickInput().waitFor({ state: 'hidden' });
  }

  /** Waits for a quick pick. @returns its rows: label and description as a screen reader says them */
  async quickPick(title?: Text): Promise<string[]> {
    if (title !== undefined) await this.asks(title);
    const rows = this.quickInput().locator('.monaco-list-row');
    await rows.first().waitFor();
    return rows.evaluateAll((all: Row[]) => all.map((row) => row.getAttribute('aria-label') ?? ''));
  }

  /** Chooses one row of a quick pick. */
  async pick(label: Text): Promise<void> {
    await this.leaveRows();
    await this.quickInput().locator('.monaco-list-row', { hasText: label }).first().click();
  }

  /** Ticks rows of a quick pick that takes several, and confirms. */
  async pickMany(...labels: Text[]): Promise<void> {
    for (const label of labels) await this.pick(label);
    await this.quickInput().locator('.quick-input-action .monaco-button', { hasText: 'OK' }).click();
  }

  /** Waits for an input box that shows `prompt`, fills it and confirms. */
  async input(prompt: Text, value: string): Promise<void> {
    await this.asks(prompt);
    await this.quickInput().locator('input.input').fill(value);
    await this.page.keyboard.press('Enter');
  }

  /** The text below the open input box: its prompt, or why its value is rejected. */
  async inputMessage(): Promise<string> {
    return plain(await this.quickInput().locator('.quick-input-message').innerText());
  }

  /** Waits for a notification. At most three show at once, and those without buttons leave after ten seconds. */
  async toast(text: Text): Promise<Locator> {
    const toast = this.page.locator('.notifications-toasts .notification-toast', { hasText: text }).first();
    await toast.waitFor();
    return toast;
  }

  /** Clicks a button of a notification, "Cancel" of a progress too. */
  async toastButton(text: Text, button: Text): Promise<void> {
    await (await this.toast(text)).locator('.monaco-button', { hasText: button }).first().click();
  }

  /** All notifications, those that have left the screen too; can clear them. */
  async notifications(clear = false): Promise<string[]> {
    const centre = this.page.locator('.notifications-center:visible');
    await this.eventually(async () => {
      if (await centre.isVisible()) return true;
      // The bell, and not the palette: it's one click, and this is done all the time. Without the mouse, for which the
      // tooltip of the bell is in the way.
      await this.page.locator('[id="status.notifications"] a').dispatchEvent('click');
      return centre.waitFor({ timeout: 2_000 }).then(done, notYet);
    }, 'The notifications do not open.');
    const texts = await centre.locator('.notification-list-item-message').allInnerTexts();
    const action = clear && texts.length > 0 ? 'notifications-clear-all' : 'notifications-hide';
    const button = centre.locator(`.notifications-center-header-toolbar .codicon-${action}`);
    await this.eventually(async () => {
      // It closes when the last notification goes, such as a progress that ends.
      if (!(await centre.isVisible())) return true;
      return button.click({ timeout: 1_000 }).then(done, notYet);
    }, 'The notifications stay open.');
    await centre.waitFor({ state: 'hidden' });
    return texts.map(plain);
  }

  /** Waits for a modal dialog. @returns its text, message and detail */
  async modal(text: Text = ''): Promise<string> {
    const box = this.page.locator('.monaco-dialog-box', { hasText: text });
    await this.opened(box);
    return plain(await box.locator('.dialog-message-container').innerText());
  }

  /** The buttons of the open modal dialog. */
  async modalButtons(): Promise<string[]> {
    const buttons = this.page.locator('.monaco-dialog-box .dialog-buttons .monaco-button');
    return (await buttons.allInnerTexts()).map(plain);
  }

  /** Answers the open modal dialog. */
  async answerModal(button: Text): Promise<void> {
    const box = this.page.locator('.monaco-dialog-box');
    await box.locator('.dialog-buttons .monaco-button', { hasText: button }).click();
    await box.waitFor({ state: 'detached' });
  }

  // Editors, pages and the status bar

  /** Waits for a web page that shows a text. @returns its frame, in which all locators work */
  async webview(text: string): Promise<Frame> {
    let texts: string[] = [];
    return this.eventually(
      async () => {
        texts = [];
        for (const frame of this.page.frames()) {
          const element = await frame.frameElement().catch(() => undefined);
          if ((await element?.getAttribute('id').catch(() => undefined)) !== 'active-frame') continue;
          const shown = await frame
            .locator('body')
            .innerText({ timeout: 1000 })
            .catch(() => '');
          if (shown.includes(text)) return frame;
          texts.push(shown.slice(0, 80));
        }
        return undefined;
      },
      () => `No web page shows "${text}". Those open: ${texts.join(' | ') || 'none'}.`,
    );
  }

  /** The visible text of the active editor. */
  async editorText(): Promise<string> {
    const lines = this.page.locator('.editor-group-container.active .monaco-editor .view-lines').first();
    return plain(await lines.innerText());
  }

  /** The titles of the open editors. */
  async tabs(): Promise<string[]> {
    return (await this.page.locator('.tabs-container .tab .label-name').allInnerTexts()).map(plain);
  }

  /** Waits for an entry of the status bar. */
  async status(text: Text): Promise<Locator> {
    const item = this.page.locator('.statusbar-item', { hasText: text }).first();
    await item.waitFor();
    return item;
  }

  /** What the clipboard holds. */
  clipboard(): Promise<string> {
    return this.page.evaluate<string>('navigator.clipboard.readText()');
  }

  /** Takes a {@link picture}, if the run is for pictures: `npm test -- --pictures`. Each takes a fifth of a second. */
  async screenshot(name: string): Promise<void> {
    if (forPictures) await this.picture(name);
  }

  /** Saves a picture of the whole workbench as out/screenshots/<name>.png. @returns its path */
  async picture(name: string): Promise<string> {
    mkdirSync(this.screenshots, { recursive: true });
    const file = path.join(this.screenshots, `${name}.png`);
    await this.page.screenshot({ path: file, animations: 'disabled' });
    return file;
  }

  /** Asks until there is an answer, at most {@link patience}. @throws Error with `complaint` */
  async eventually<T>(ask: () => Promise<T | undefined>, complaint: string | (() => string)): Promise<T> {
    const end = Date.now() + patience;
    for (;;) {
      const answer = await ask();
      if (answer !== undefined) return answer;
      if (Date.now() > end) throw new Error(typeof complaint === 'string' ? complaint : complaint());
      await this.page.waitForTimeout(100);
    }
  }
}

const done = (): true => true;
const notYet = (): undefined => undefined;

/** The workbench writes no-break spaces where users see spaces. */
function plain(text: string): string {
  return text.replace(/\u00a0/g, ' ').trim();
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
