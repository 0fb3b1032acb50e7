import type { OpenWorkbench } from './openWorkbench';

/** Accepts a plan of several clients as it is offered: what is ticked, in the first rollout order. */
export async function takePlan(bench: OpenWorkbench, title: string): Promise<void> {
  await bench.quickPick(title);
  // Clicked, since Enter goes to whatever list has the keyboard while one pick takes the place of the other.
  await bench.quickInput().locator('.quick-input-action .monaco-button', { hasText: 'OK' }).click();
  await bench.asks('Rollout Order');
  await bench.quickInput().locator('.monaco-list-row', { hasText: 'wave' }).first().click();
}
