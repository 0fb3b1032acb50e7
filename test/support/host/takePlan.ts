import type { OpenWorkbench } from './openWorkbench';

/** Takes a plan of several machines as it is offered: what is ticked, in the order that stands first. */
export async function takePlan(bench: OpenWorkbench, title: string): Promise<void> {
  await bench.quickPick(title);
  await bench.page.keyboard.press('Enter');
  await bench.quickPick('Order');
  await bench.page.keyboard.press('Enter');
}
