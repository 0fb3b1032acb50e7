import type { Simulator } from '../../../simulator/main';
import { addClients } from '../fleet';
import type { OpenWorkbench } from './openWorkbench';
import { takePick, typeToAgree } from './agreeing';

/** Opens the Tasks view below the clients. */
export async function openTasks(bench: Pick<OpenWorkbench, 'pane'>): Promise<void> {
  const header = bench.pane('Tasks').locator('.pane-header');
  if ((await header.getAttribute('aria-expanded')) !== 'true') await header.click();
}

/** Leaves these clients as the only ones that can be upgraded, in the simulator and on the screen. */
export async function showUpgradable(
  bench: OpenWorkbench,
  simulator: Simulator,
  names: readonly string[],
): Promise<void> {
  for (const { ClientVersion, InstanceId, Status } of simulator.clients()) {
    if (ClientVersion === '2.0.0' && Status !== 'NOT_INSTALLED') simulator.deleteClient(InstanceId);
  }
  addClients(simulator, names);
  await bench.command('Alibaba Cloud Backup: Refresh Clients');
  await bench.row(new RegExp(`Upgrade available\\s*${names.length}`));
}

/** Upgrades all that can be: so many, or the one with this name. */
export async function upgradeAll(
  bench: OpenWorkbench,
  which: number | string,
  meanwhile?: () => void,
): Promise<void> {
  await bench.contextMenu('Upgrade available', 'Upgrade…');
  await agree(bench, 'Upgrade', which, meanwhile);
}

/**
 * Agrees to all that a change asks, in the rollout order of the settings. `meanwhile` happens after the machines were checked and
 * before anything is sent.
 */
export async function agree(
  bench: OpenWorkbench,
  action: 'Install' | 'Upgrade',
  which: number | string,
  meanwhile?: () => void,
): Promise<void> {
  const question = typeof which === 'number' ? `${action} ${which} clients` : which;
  if (typeof which === 'number' && which > 12) await takePick(bench, `${action} Clients`);
  if (typeof which === 'number' && which > 5) {
    await bench.asks(question);
    meanwhile?.();
    await typeToAgree(bench, question, String(which));
  } else {
    await bench.modal(question);
    meanwhile?.();
    await bench.answerModal(action);
  }
}

/** Clears the one notice there is besides what says that it was started; a progress that has ended may stay a moment. */
export async function shownOnce(bench: OpenWorkbench): Promise<void> {
  let shown: readonly string[] = [];
  const one = async () => {
    shown = (await bench.notifications()).filter(
      (text) => !/^(Install|Upgrad|Uninstall|Chang)ing /.test(text),
    );
    return shown.length === 1 ? true : undefined;
  };
  await bench.eventually(one, () => `There is not exactly one notice, but: ${shown.join(' | ')}`);
  await bench.notifications(true);
}

type Page = Awaited<ReturnType<OpenWorkbench['webview']>>;

/** Clicks an operation in the Tasks view. @returns its task page */
export async function openPage(bench: OpenWorkbench, title: string): Promise<Page> {
  await bench.clickRow(rowOf(title));
  return bench.webview(title);
}

/** The row of an operation in the Tasks view: of several clients it names the first. */
function rowOf(title: string): string | RegExp {
  const [, what, count] = /^(.+) (\d+) clients$/.exec(title) ?? [];
  return count === undefined ? title : new RegExp(`${what ?? ''} .+ and ${Number(count) - 1} more`);
}

/** Waits for the row of a machine on a task page. */
export async function tells(page: Page, machine: string, what: RegExp): Promise<void> {
  // The cells of a row are on lines of their own.
  const across = new RegExp(what.source, `${what.flags}s`);
  await page.locator('tr', { hasText: machine }).filter({ hasText: across }).first().waitFor();
}
