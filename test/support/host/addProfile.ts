import type { Simulator, TemporaryKey } from '../../../simulator/main';
import type { OpenWorkbench } from './openWorkbench';

/** The user settings that put a simulator in the place of the service. */
export function endpointsAt({ endpoint }: Pick<Simulator, 'endpoint'>): Readonly<Record<string, string>> {
  return {
    'cloudBackup.endpoints.hbr': endpoint,
    'cloudBackup.endpoints.ecs': endpoint,
    'cloudBackup.endpoints.sts': endpoint,
  };
}

/** Adds a profile with a key of a simulator that {@link endpointsAt} names, as a hand would; its own key by default. */
export async function addProfile(
  bench: OpenWorkbench,
  name: string,
  simulator: Simulator,
  key: Pick<Simulator, 'accessKeyId' | 'accessKeySecret'> & Partial<TemporaryKey> = simulator,
): Promise<void> {
  await bench.command('Alibaba Cloud Backup: Add Profile…');
  await bench.quickPick('Add Profile');
  await bench.pick('Access key');
  await bench.input('Profile name', name);
  await bench.input('Access key ID', key.accessKeyId);
  await bench.input('Access key secret', key.accessKeySecret);
  await bench.input('STS token', key.securityToken ?? '');
  await bench.quickPick();
  await bench.quickInput().locator('input.input').fill(simulator.regionId);
  await bench
    .quickInput()
    .locator('.monaco-list-row.focused', { hasText: simulator.regionId })
    .first()
    .waitFor();
  await bench.page.keyboard.press('Enter');
}
