import { strict as assert } from 'node:assert';
import { startSimulator, type Simulator } from '../../simulator/main';
import { createGate, type Gate } from '../support/gate';
import { addProfile, endpointsAt } from '../support/host/addProfile';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { filterClients } from '../support/host/filterClients';
import type { OpenWorkbench } from '../support/host/openWorkbench';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

const [hangzhou, shanghai, beijing] = ['cn-hangzhou', 'cn-shanghai', 'cn-beijing'];

describe('several regions side by side', () => {
  let simulator: Simulator;
  let gate: Gate;

  beforeAll(async () => {
    simulator = await startSimulator({
      clients: 0,
      timeScale: 60,
      regions: [hangzhou, shanghai, beijing],
    });
    for (const [region, name, version] of [
      [hangzhou, 'web-01', '2.4.1'],
      [hangzhou, 'web-02', '2.4.1'],
      [hangzhou, 'db-01', '2.4.5'],
      [shanghai, 'cache-01', '2.4.1'],
      [shanghai, 'cache-02', '2.4.5'],
      [beijing, 'queue-01', '2.4.5'],
    ] as const) {
      simulator.machines(region).insertClient({
        InstanceId: `i-${name}`,
        InstanceName: name,
        ZoneId: `${region}-b`,
        ClientVersion: version,
        MaxClientVersion: '2.4.5',
        BackupStatus: 'PROTECTED',
      });
    }
    gate = createGate(simulator);
  });
  afterAll(() => simulator.dispose());

  const lists = (regionId: string): number =>
    simulator
      .journal()
      .filter((call) => call.action === 'DescribeBackupClients' && call.regionId === regionId).length;

  describeWorkbench(
    'in a light theme',
    () => ({ demo: simulator, settings: { 'workbench.colorTheme': 'Light Modern' } }),
    (workbench) => {
      it('tells the states of roots apart by shape as well', async () => {
        const bench = workbench();
        simulator.setFaults([{ action: 'DescribeBackupClients', regionId: shanghai, fault: 'denied' }]);
        gate.close(({ action, regionId }) => action === 'DescribeBackupClients' && regionId === beijing);
        await bench.row('Activated');
        await pinBesides(bench, 'Demo');
        await bench.row(/cn-beijing.*loading/);
        await bench.row('no permission');
        await bench.page.mouse.move(900, 300);
        await bench.screenshot('roots-light');
        gate.open();
        simulator.setFaults([]);
        await bench.row(/cn-beijing\s*1$/);
      });
    },
  );

  describeWorkbench(
    'in a workbench',
    () => ({
      settings: {
        ...endpointsAt(simulator),
        'cloudBackup.endpoints.regions': Object.fromEntries(
          [hangzhou, shanghai, beijing].map((region) => {
            const origin = simulator.endpointOf(region);
            return [region, { hbr: origin, ecs: origin, sts: origin }];
          }),
        ),
        'workbench.colorTheme': 'Dark Modern',
      },
    }),
    (workbench) => {
      const tree = async (): Promise<readonly string[]> =>
        (await workbench().tree()).filter((line) => !line.startsWith('Nothing'));
      const row = (text: string | RegExp) => workbench().row(text);
      const selected = () => workbench().page.locator('.pane-body .monaco-list-row[aria-selected="true"]');

      it('shows one region without a level for it', async () => {
        const bench = workbench();
        await bench.openContainer('Alibaba Cloud Backup');
        await addProfile(bench, 'production', simulator);
        await bench.expand(/^Upgrade available/);
        await bench.expand('cn-hangzhou-b');
        assert.deepEqual((await tree()).slice(0, 4), [
          'Upgrade available 2 · 2.4.5',
          '  cn-hangzhou-b 2',
          '    web-01 2.4.1',
          '    web-02 2.4.1',
        ]);
        await bench.select('web-02');
        await bench.notifications(true);
      });

      it('gives each of several regions a node, and keeps open what was open', async () => {
        const bench = workbench();
        simulator.setFaults([{ action: 'DescribeBackupClients', regionId: shanghai, fault: 'denied' }]);
        gate.close(({ action, regionId }) => action === 'DescribeBackupClients' && regionId === beijing);
        await pinBesides(bench, 'production');
        await row(/cn-beijing.*loading/);
        await row('no permission');
        await row('web-02');
        await bench.screenshot('roots-dark');
        assert.deepEqual(await tree(), [
          'cn-hangzhou 3 · 2 upgrades available',
          '  Upgrade available 2 · 2.4.5',
          '    cn-hangzhou-b 2',
          '      web-01 2.4.1',
          '      web-02 2.4.1',
          '  Activated 1',
          'cn-beijing loading…',
          'cn-shanghai no permission',
        ]);
        assert.deepEqual(
          (await bench.notifications()).filter((text) => /permission|denied|fail/i.test(text)),
          [],
        );
      });

      it('says in the tooltip what is missing, with the RequestId', async () => {
        const bench = workbench();
        await (await row('no permission')).hover();
        const hover = bench.page.locator('.monaco-hover', { hasText: 'hbr:DescribeBackupClients' });
        await hover.waitFor();
        assert.match(await hover.innerText(), /Request ID:\s[0-9A-F-]{36}/);
        await bench.screenshot('roots-tooltip');
        await bench.page.mouse.move(900, 300);
      });

      it('offers on a root what helps it, and lists it alone', async () => {
        const bench = workbench();
        const entries = await bench.openContextMenu('no permission');
        await bench.screenshot('roots-menu-denied');
        await bench.page.keyboard.press('Escape');
        assert.deepEqual(entries, [
          'Copy RAM Policy…',
          'Refresh Clients',
          'Open in Console',
          'Select Regions…',
          'Select Accounts…',
          'Limit to Tags or Instances…',
          'Hide',
        ]);
        simulator.setFaults([]);
        const before = lists(hangzhou);
        await bench.select('web-02');
        await bench.contextMenu('no permission', 'Refresh Clients');
        await row(/cn-shanghai.*2 · 1 upgrade available/);
        await row(/^\s*Upgrade available\s*1 ·/);
        assert.equal(lists(hangzhou), before);
        await bench.screenshot('roots-recovered');
      });

      it('keeps what is selected and open while another root gets its rows', async () => {
        const bench = workbench();
        await bench.select('web-02');
        gate.open();
        await row(/cn-beijing\s*1$/);
        assert.equal(await selected().count(), 1);
        assert.match(await selected().innerText(), /web-02/);
        assert.ok((await tree()).includes('      web-02 2.4.1'));
      });

      it('asks which region is meant when rows of two are chosen, and plans for that one alone', async () => {
        const bench = workbench();
        await filterClients(bench, '01');
        await row(/cn-hangzhou.*2 of 3/);
        await bench.screenshot('roots-filtered');
        await bench.expand(/cn-shanghai/);
        await bench.select(/cn-hangzhou/, /cn-shanghai/);
        await bench.contextMenu(/cn-shanghai/, 'Preview Plan…');
        const regions = await bench.quickPick('Select Region');
        await bench.screenshot('roots-which');
        assert.equal(regions.length, 2);
        assert.match(regions[1] ?? '', /production · China \(Shanghai\).*account \d+ · 1 client/);
        await bench.escape();
        await bench.command('Alibaba Cloud Backup: Clear Filter');
      });

      it('changes the machines of one region, and names it in the question', async () => {
        const bench = workbench();
        await bench.command('Alibaba Cloud Backup: Upgrade All…');
        assert.equal((await bench.quickPick('Select Region')).length, 3);
        await bench.pick('China (Shanghai)');
        const text = await bench.modal('Upgrade the client on cache-01 in China (Shanghai)?');
        assert.match(text, new RegExp(`Account ${simulator.accountId}, profile production`));
        await bench.answerModal('Upgrade');
        await row(/cn-shanghai\s*2$/);
        const upgrades = simulator.journal().filter(({ action }) => action === 'UpgradeBackupClients');
        assert.deepEqual(
          upgrades.map(({ regionId }) => regionId),
          [shanghai],
        );
      });

      it('keeps the rows of a root that fails, with what is wrong and how old they are', async () => {
        const bench = workbench();
        simulator.setFaults([{ action: 'DescribeBackupClients', regionId: beijing, fault: 'denied' }]);
        await bench.inlineAction(/cn-beijing/, 'Refresh Clients');
        await row(/cn-beijing.*no permission · 1 · listed/);
        await bench.screenshot('roots-rows-kept');
        simulator.setFaults([]);
        await bench.inlineAction(/cn-beijing/, 'Refresh Clients');
        await row(/cn-beijing\s*1$/);
      });

      it('means all roots by what stands in the title of the view, wherever the focus is', async () => {
        const bench = workbench();
        await bench.select(/cn-beijing/);
        const before = [hangzhou, shanghai, beijing].map(lists);
        await bench.viewAction('Backup Clients', 'Refresh Clients');
        await bench.eventually(() => {
          const all = [hangzhou, shanghai, beijing].every((region, i) => lists(region) > (before[i] ?? 0));
          return Promise.resolve(all ? true : undefined);
        }, 'Not every region is listed again.');
      });

      it('is quiet about a key that was refused, and lists all again with another one', async () => {
        const bench = workbench();
        await bench.notifications(true);
        const { accessKeyId } = simulator;
        simulator.disableKey(accessKeyId);
        await bench.command('Alibaba Cloud Backup: Refresh Clients');
        await row(/cn-hangzhou.*credentials rejected · 3/);
        await row(/cn-shanghai.*credentials rejected · 2/);
        await row(/cn-beijing.*credentials rejected · 1/);
        await bench.screenshot('roots-key-refused');
        assert.deepEqual(await bench.notifications(), []);
        const temporary = simulator.issueTemporaryKey(3600);
        await bench.contextMenu(/cn-shanghai/, 'Sign In Again…');
        await bench.input('Access key ID', temporary.accessKeyId);
        await bench.input('Access key secret', temporary.accessKeySecret);
        await bench.input('STS token', temporary.securityToken);
        await row(/cn-hangzhou\s*3 · 2 upgrades available/);
        await row(/cn-shanghai\s*2/);
        await row(/cn-beijing\s*1/);
      });

      it('takes a region out of view, and its level when one is left', async () => {
        const bench = workbench();
        await bench.contextMenu(/cn-beijing/, 'Hide');
        await bench.eventually(async () => {
          const roots = (await tree()).filter((line) => !line.startsWith(' '));
          return roots.length === 2 ? true : undefined;
        }, 'The region is still in view.');
        await bench.contextMenu(/cn-shanghai/, 'Hide');
        await bench.eventually(async () => {
          const lines = await tree();
          return lines[0] === 'Upgrade available 2 · 2.4.5' ? true : undefined;
        }, 'The level of the region is still there.');
        await bench.screenshot('roots-one-left');
      });
    },
  );

  /** Pins Shanghai and Beijing besides Hangzhou. */
  async function pinBesides(bench: OpenWorkbench, profile: string): Promise<void> {
    await bench.command('Alibaba Cloud Backup: Select Regions…');
    await bench.quickPick(`Select Regions: ${profile}`);
    for (const region of [shanghai, beijing]) {
      await bench.quickInput().locator('input.input').fill(region);
      await bench.pick(region);
    }
    await bench.pickMany();
  }
});
