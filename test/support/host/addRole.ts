import type { OpenWorkbench } from './openWorkbench';

/** What the form of a RAM role asks. What is left out stays as the form suggests it. */
export interface RoleAnswers {
  /** Name of the source profile. */
  readonly from: string;
  readonly roleArn: string;
  readonly externalId?: string;
  readonly seconds?: number;
  readonly name: string;
  readonly regionId: string;
}

/** Fills the form of a RAM role in, as a hand would, to its last question. */
export async function addRole(bench: OpenWorkbench, role: RoleAnswers): Promise<void> {
  await bench.command('Alibaba Cloud Backup: Add Profile…');
  await bench.quickPick('Add Profile');
  await bench.pick('RAM role');
  await bench.quickPick('Add Profile: RAM role (1/7)');
  await bench.pick(new RegExp(`^\\s*${role.from}`));
  await bench.input('Role ARN', role.roleArn);
  await confirm(bench, 'Session name');
  await bench.input('External ID', role.externalId ?? '');
  if (role.seconds === undefined) await confirm(bench, 'Session duration');
  else await bench.input('Session duration', String(role.seconds));
  await bench.input('Profile name', role.name);
  await bench.quickPick('Add Profile: RAM role (7/7)');
  await bench.quickInput().locator('input.input').fill(role.regionId);
  await bench.quickInput().locator('.monaco-list-row.focused', { hasText: role.regionId }).first().waitFor();
  await bench.page.keyboard.press('Enter');
}

/** Takes what an input box suggests. */
async function confirm(bench: OpenWorkbench, prompt: string): Promise<void> {
  await bench.asks(prompt);
  await bench.page.keyboard.press('Enter');
}
