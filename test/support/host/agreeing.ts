import type { OpenWorkbench } from './openWorkbench';

/** Accepts what is ticked in the pick of a change. */
export async function takePick(bench: OpenWorkbench, title: string): Promise<void> {
  await bench.quickPick(title);
  // Clicked, since Enter goes to whatever list has the keyboard while one pick takes the place of the other.
  await bench.quickInput().locator('.quick-input-action .monaco-button', { hasText: 'OK' }).click();
}

/** Agrees to a change in the box that asks for its name or number. @returns what the box says */
export async function typeToAgree(bench: OpenWorkbench, question: string, text: string): Promise<string> {
  await bench.asks(question);
  const said = (await bench.quickPick(question)).join('\n');
  await bench.quickInput().locator('input.input').fill(text);
  await bench.quickInput().locator('.monaco-list-row .codicon-check').first().waitFor();
  await bench.page.keyboard.press('Enter');
  return said;
}
