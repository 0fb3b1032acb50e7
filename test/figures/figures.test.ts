import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { startSimulator, type Simulator } from '../../simulator/main';
import { hostileNames } from '../../simulator/names';
import { addClients } from '../support/fleet';
import { endpointsAt } from '../support/host/addProfile';
import { cliConfigOf, replaceFile, type CliEntry } from '../support/host/cliConfig';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { filterClients } from '../support/host/filterClients';
import { agree, openTasks } from '../support/host/following';
import type { OpenWorkbench } from '../support/host/openWorkbench';
import { dragSideBar } from '../support/host/themes';
import { afterAll, beforeAll, describe, it } from '../support/host/test';
import { Recording } from './animation';
import { areaOf, savePicture } from './picture';

/** Nothing beside the extension that draws the eye. */
const quiet = {
  'workbench.colorTheme': 'Default Dark Modern',
  'window.commandCenter': false,
  'workbench.layoutControl.enabled': false,
  'workbench.tips.enabled': false,
  'workbench.navigationControl.enabled': false,
};

/** Clients in one zone that can be upgraded, some with Chinese names as in many accounts. */
const outdated = ['订单数据库-07', '支付网关-03', '会员中心-02', 'billing-prod-11'];

const instanceIdOf = (index: number): string => `i-bp1f4n8k2w7c0d3q5r${index}`;

describe('pictures of a fleet', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    // Of this seed, some clients that need attention have Chinese names.
    simulator = await startSimulator({ clients: 140, zones: 3, seed: 37, timeScale: 20 });
    for (const { InstanceId, InstanceName } of simulator.clients()) {
      if (hostileNames.includes(InstanceName ?? '')) simulator.deleteClient(InstanceId);
    }
    for (const [index, name] of outdated.entries()) {
      addClients(simulator, [name], {
        InstanceId: instanceIdOf(index),
        PrivateIpV4: `10.0.1.${index + 20}`,
        ZoneId: 'cn-hangzhou-h',
        ClientVersion: '2.9.3',
        Tags: [{ Key: 'team', Value: 'payments' }],
      });
    }
  });
  afterAll(() => simulator.dispose());

  describeWorkbench(
    'in a workbench with demo data',
    () => ({ demo: simulator, settings: quiet, pixelRatio: 2 }),
    (workbench) => {
      beforeAll(async () => {
        // The extension starts late on a busy machine.
        await workbench().rows('Needs attention').first().waitFor({ timeout: 90_000 });
      });

      it('tree', async () => {
        const bench = workbench();
        await dragSideBar(bench, 460);
        await bench.expand('Needs attention');
        await bench.expand('Upgrade failed');
        await bench.expand('Upgrade available');
        await still(bench);
        await savePicture(
          bench.page,
          'tree',
          await areaOf(bench.page.locator('.part.sidebar'), { height: 576 }),
        );
      });

      it('filter', async () => {
        const bench = workbench();
        await bench.command('Alibaba Cloud Backup: Filter Clients…');
        await bench.quickPick('Filter Clients');
        await savePicture(bench.page, 'filter', await areaOf(bench.quickInput()));
        await bench.escape();
      });

      it('client', async () => {
        const bench = workbench();
        await bench.clickRow('支付网关-01');
        await bench.webview('支付网关-01');
        await still(bench);
        await savePicture(
          bench.page,
          'client',
          await areaOf(bench.page.locator('.part.editor'), { height: 640 }),
        );
        await bench.command('View: Close All Editors');
      });

      it('overview', async () => {
        const bench = workbench();
        await dragSideBar(bench, 300);
        await bench.command('Alibaba Cloud Backup: Open Fleet Overview');
        await bench.page.setViewportSize({ width: 1280, height: 960 });
        const page = await bench.webview('Clients by status and zone');
        await still(bench);
        const { y, height: below } = await areaOf(page.locator('[data-chart="heartbeats"]'), { margin: 12 });
        const height = y + below;
        await savePicture(
          bench.page,
          'overview',
          await areaOf(bench.page.locator('.part.editor'), { height }),
        );
        await bench.command('View: Close All Editors');
      });

      it('running', async () => {
        const bench = workbench();
        const startedAt = Math.floor(Date.now() / 1000) - 12 * 60;
        const busy = { InstanceId: instanceIdOf(1), Progress: 4300, StartTime: startedAt };
        const { JobId } = simulator.putJob(busy);
        await filterClients(bench, 'tag:team=payments');
        await bench.contextMenu('Upgrade available', 'Upgrade…');
        await bench.modal('Upgrade 4 clients');
        await savePicture(bench.page, 'running', await areaOf(bench.page.locator('.monaco-dialog-box')));
        await bench.answerModal('Cancel');
        simulator.updateJob(JobId, { Status: 'COMPLETE' });
      });

      it('upgrade', async () => {
        const bench = workbench();
        await bench.page.setViewportSize({ width: 960, height: 600 });
        await bench.notifications(true);
        await openTasks(bench);
        for (const name of outdated) await bench.row(name);
        const recording = new Recording(bench.page, { x: 0, y: 0, width: 960, height: 570 });
        await still(bench);
        await recording.hold(1000);
        await recording.pointAt(await bench.row('Upgrade available'));
        await bench.openContextMenu('Upgrade available');
        await recording.hold(500);
        const upgrade = bench.page.locator('.monaco-menu .action-menu-item', { hasText: 'Upgrade…' }).first();
        await recording.pointAt(upgrade);
        await upgrade.hover();
        await recording.hold(400);
        await bench.clickMenu('Upgrade…');
        await bench.modal('Upgrade 4 clients');
        await savePicture(bench.page, 'confirm', await areaOf(bench.page.locator('.monaco-dialog-box')));
        await recording.hold(1500);
        await recording.pointAt(
          bench.page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Upgrade' }).first(),
        );
        await recording.hold(300);
        await bench.answerModal('Upgrade');
        const operation = /Upgrade .+ and 3 more/;
        await bench.row(operation);
        await recording.hold(500);
        await recording.pointAt(await bench.row(operation));
        await bench.clickRow(operation);
        await bench.webview('Upgrade 4 clients');
        await recording.follow(
          bench.page.locator('.notification-toast', { hasText: 'Upgraded 4 clients' }).first(),
          300,
        );
        await recording.hold(2500);
        await recording.save('upgrade');
        await bench.notifications(true);
        await bench.viewAction('Backup Clients', 'Clear Filter');
        await bench.page.setViewportSize({ width: 1280, height: 800 });
        await bench.command('View: Close All Editors');
      });

      it('page', async () => {
        const bench = workbench();
        simulator.setFaults([
          {
            action: 'UpgradeBackupClients',
            nth: 1,
            fault: 'taskPartlyFails',
            machines: 2,
            errorCode: 'DiskFull',
          },
        ]);
        await bench.notifications(true);
        const [, found] = /(\d+)/.exec(await (await bench.row('Upgrade available')).innerText()) ?? [];
        const count = Number(found);
        await bench.contextMenu('Upgrade available', 'Upgrade…');
        await agree(bench, 'Upgrade', count);
        await bench.toast('2 failed');
        await bench.clickRow(/Upgrade .+ and \d+ more/);
        await bench.webview(`Upgrade ${count} clients`);
        await bench.notifications(true);
        await still(bench);
        await savePicture(
          bench.page,
          'page',
          await areaOf(bench.page.locator('.part.editor'), { height: 630 }),
        );
      });
    },
  );
});

describe('pictures of credential sources', () => {
  let simulator: Simulator;
  let folder: string;
  let config: string;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 12 });
    folder = await mkdtemp(path.join(tmpdir(), 'cloud-backup-figures-'));
    config = path.join(folder, 'config.json');
    await replaceFile(config, cliConfigOf('operations', profilesOf(simulator)));
  });
  afterAll(async () => {
    await simulator.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  describeWorkbench(
    'in a workbench without profiles',
    () => ({
      settings: { ...quiet, ...endpointsAt(simulator), 'cloudBackup.credentials.cliConfigPath': config },
      // The metadata service of a real instance must not be asked.
      env: { ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true' },
      pixelRatio: 2,
    }),
    (workbench) => {
      it('sources', async () => {
        const bench = workbench();
        await bench.command('Alibaba Cloud Backup: Add Profile…');
        await bench.quickPick('Add Profile');
        await savePicture(bench.page, 'sources', await areaOf(bench.quickInput()));
      });
    },
  );
});

/** Profiles of the CLI as in a company: three that give credentials, and two that don't. */
function profilesOf({ accessKeyId, accessKeySecret, roles }: Simulator): readonly CliEntry[] {
  const place = { region_id: 'cn-hangzhou' };
  const key = { access_key_id: accessKeyId, access_key_secret: accessKeySecret, ...place };
  const role = roles.find(({ name }) => name === 'backup-operator')?.arn;
  return [
    { name: 'operations', mode: 'AK', ...key },
    { name: 'backup-operator', mode: 'RamRoleArn', ...key, ram_role_arn: role, ram_session_name: 'cli' },
    { name: 'jump-server', mode: 'EcsRamRole', ram_role_name: 'instance-operator', ...place },
    {
      name: 'head-office',
      mode: 'CloudSSO',
      cloud_sso_sign_in_url: 'https://signin.example.com',
      cloud_sso_access_token_expire: 1,
      access_key_id: 'STS.Expired',
      access_key_secret: 'not-a-secret',
      sts_token: 'not-a-token',
      sts_expiration: 1,
      ...place,
    },
    { name: 'ci', mode: 'BearerToken', bearer_token: 'not-a-token', ...place },
  ];
}

/** Leaves no row selected or focused, and nothing under the mouse. */
async function still({ page }: OpenWorkbench): Promise<void> {
  await page.keyboard.press('Escape');
  await page.evaluate('document.activeElement?.blur()');
  await page.mouse.move(0, 0);
  await page.locator('.monaco-hover:visible').first().waitFor({ state: 'hidden' });
}
