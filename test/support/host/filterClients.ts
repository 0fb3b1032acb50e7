import type { OpenWorkbench } from './openWorkbench';

/** Types a filter of the client tree and applies it. */
export async function filterClients(bench: OpenWorkbench, text: string): Promise<void> {
  await bench.command('Alibaba Cloud Backup: Filter Clients…');
  await bench.quickPick('Filter Clients');
  await bench.quickInput().locator('input.input').fill(text);
  await bench.quickInput().locator('.monaco-list-row', { hasText: text }).first().waitFor();
  await bench.page.keyboard.press('Enter');
  await bench.quickInput().waitFor({ state: 'hidden' });
}
