import type { OpenWorkbench } from './openWorkbench';

/** Chooses what clients are grouped by: one or two levels, by the names in the list. */
export async function groupBy(
  bench: OpenWorkbench,
  first: string,
  second = 'No groups inside',
): Promise<void> {
  await bench.command('Alibaba Cloud Backup: Group By…');
  await bench.quickPick('Group By');
  await bench.pick(first);
  await bench.quickPick('Group By (2/2)');
  await bench.pick(second);
}
