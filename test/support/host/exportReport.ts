import * as path from 'node:path';
import type { OpenWorkbench } from './openWorkbench';

/** Exports an operation of the Tasks view through the save dialog, and waits until it is written. */
export async function exportReport(
  bench: OpenWorkbench,
  row: RegExp,
  format: string,
  file: string,
): Promise<void> {
  await bench.contextMenu(row, 'Export…');
  await saveReport(bench, format, file);
  await bench.notifications(true);
}

/** Answers what an export asks, whoever began it, and waits until it is written. */
export async function saveReport(
  bench: Pick<OpenWorkbench, 'page' | 'quickPick' | 'pick' | 'eventually' | 'toast'>,
  format: string,
  file: string,
): Promise<void> {
  await bench.quickPick('Export Report');
  await bench.pick(format);
  const box = bench.page.locator('.quick-input-widget:visible input.input');
  await bench.eventually(
    async () => ((await box.inputValue()).endsWith(path.extname(file)) ? true : undefined),
    'No save dialog was shown.',
  );
  await box.fill(file);
  // While the dialog still reads the folder it takes no answer.
  await bench.eventually(async () => {
    if ((await box.count()) === 0) return true;
    await box.press('Enter', { timeout: 500 }).catch(() => undefined);
    return undefined;
  }, 'The save dialog stays open.');
  await bench.toast('The report was exported.');
}
