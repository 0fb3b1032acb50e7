import type { OpenWorkbench } from './openWorkbench';

/** What the client view shows in the place of rows. */
export interface Welcome {
  /** Waits for a text in it. */
  says(text: RegExp): Promise<void>;
  press(button: string): Promise<void>;
  buttons(): Promise<string[]>;
}

export function welcomeOf(bench: Pick<OpenWorkbench, 'pane'>): Welcome {
  const content = () => bench.pane('Backup Clients').locator('.welcome-view-content');
  return {
    says: (text) => content().getByText(text).first().waitFor(),
    press: (button) => content().locator('.monaco-button, a', { hasText: button }).first().click(),
    buttons: async () =>
      (await content().locator('.monaco-button').allInnerTexts()).map((text) => text.trim()),
  };
}
