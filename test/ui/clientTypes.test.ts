import { strict as assert } from 'node:assert';
import { startSimulator, type JournalEntry, type Simulator } from '../../simulator/main';
import { addProfile, endpointsAt } from '../support/host/addProfile';
import { takePick } from '../support/host/agreeing';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { afterAll, beforeAll, describe, it } from '../support/host/test';
import { narrowSideBar, pictureInAllThemes, themeOfBrowser } from '../support/host/themes';

describe('what the view lists', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 0, timeScale: 60 });
    const insert = (name: string, team: string): void => {
      simulator.insertClient({
        InstanceId: `i-${name.replaceAll('-', '')}`,
        InstanceName: name,
        ClientVersion: '2.12.0',
        MaxClientVersion: '2.13.2',
        Tags: [{ Key: 'team', Value: team }],
      });
    };
    insert('web-01', 'shop');
    insert('web-02', 'shop');
    insert('db-01', 'bank');
    const outdated = { ClientVersion: '2.12.0', MaxClientVersion: '2.13.2' };
    simulator.insertClient({
      ...{ ...outdated, ClientType: 'CONTAINER_CLIENT', ClusterId: 'cl-0001k8s' },
      ...{ InstanceId: 'i-node01', Hostname: 'pod-01' },
    });
    simulator.insertClient({
      ...{ ...outdated, ClientType: 'LOCAL_CLIENT' },
      ...{ InstanceId: '0f3a9c', Hostname: 'nas-01' },
    });
  });
  afterAll(() => simulator.dispose());

  const listings = (): readonly JournalEntry[] =>
    simulator.journal().filter(({ action }) => action === 'DescribeBackupClients');

  describeWorkbench(
    'in a workbench',
    () => ({ settings: { ...endpointsAt(simulator), ...themeOfBrowser } }),
    (workbench) => {
      const limit = async (...steps: readonly (() => Promise<void>)[]): Promise<void> => {
        await workbench().command('Alibaba Cloud Backup: Limit to Tags or Instances…');
        for (const step of steps) await step();
      };
      const title = (text: string) => workbench().pane('Backup Clients').filter({ hasText: text }).waitFor();

      it('is a root for each type of clients, of which others than ECS offer what works', async () => {
        const bench = workbench();
        await bench.openContainer('Alibaba Cloud Backup');
        await addProfile(bench, 'production', simulator);
        await bench.row(/^\s*Upgrade available\s*3/);
        await bench.notifications(true);
        await bench.command('Alibaba Cloud Backup: Select Client Types…');
        await bench.quickPick('Select Client Types');
        await pictureInAllThemes(bench, 'clientTypes-pick');
        await bench.pickMany('Container', 'On-premises');
        await bench.row(/cn-hangzhou · ECS\s*3/);
        await bench.row(/cn-hangzhou · Container\s*1/);
        await bench.row(/cn-hangzhou · On-premises\s*1/);
        const onRoot = await bench.openContextMenu(/cn-hangzhou · Container/);
        await bench.page.keyboard.press('Escape');
        assert.ok(!onRoot.includes('Install on ECS Instances…'), String(onRoot));
        assert.ok(onRoot.includes('Limit to Tags or Instances…'), String(onRoot));
        await bench.expand(/^\s*Activated/);
        await bench.expand('No zone');
        const onClient = await bench.openContextMenu('pod-01');
        await bench.page.keyboard.press('Escape');
        assert.deepEqual(
          onClient.filter((entry) => /Upgrade|Install|Uninstall|Edit/.test(entry)),
          ['Edit Client Settings…'],
        );
        await pictureInAllThemes(bench, 'clientTypes-tree');
        const widen = await narrowSideBar(bench);
        await bench.screenshot('clientTypes-narrow');
        await widen();
      });

      it('says why nothing can be planned for a client of another type', async () => {
        const bench = workbench();
        await bench.contextMenu('pod-01', 'Preview Plan…');
        await bench.toast('only possible for ECS clients');
        await bench.screenshot('clientTypes-plan');
        await bench.notifications(true);
        await bench.command('Alibaba Cloud Backup: Select Client Types…');
        await bench.quickPick('Select Client Types');
        await bench.pickMany('Container', 'On-premises');
        await bench.row(/^\s*Upgrade available\s*3/);
      });

      it('is limited to tags, which Cloud Backup is asked for, and named in the title and the question', async () => {
        const bench = workbench();
        simulator.clearJournal();
        await limit(
          async () => {
            await bench.quickPick('Limit List: production · cn-hangzhou');
            await pictureInAllThemes(bench, 'pinFilter-pick');
            await bench.pick('Tags');
          },
          () => bench.input('Clients that have all of these tags', 'team=shop'),
        );
        await bench.row(/^\s*Upgrade available\s*2/);
        await title('team=shop');
        assert.deepEqual(
          listings().map(({ parameters }) => [parameters['Tag.1.Key'], parameters['Tag.1.Value']]),
          [['team', 'shop']],
        );
        await bench.command('Alibaba Cloud Backup: Upgrade All…');
        await takePick(bench, 'Upgrade Clients');
        const text = await bench.modal('Upgrade 2 clients');
        assert.match(text, /From the list limited to team=shop/);
        assert.ok(!text.includes('db-01'), text);
        await bench.screenshot('pinFilter-confirm');
        await bench.answerModal('Cancel');
      });

      it('can be another list of the same region, each with its root', async () => {
        const bench = workbench();
        await limit(
          async () => {
            await bench.quickPick('Limit List');
            await bench.pick('Add Another List');
          },
          async () => {
            await bench.quickPick('Limit List');
            await bench.pick('Instance IDs');
          },
          () => bench.input('Clients on these ECS instances', 'i-db01'),
        );
        await bench.row(/cn-hangzhou · team=shop\s*2/);
        await bench.row(/cn-hangzhou · i-db01\s*1/);
        await pictureInAllThemes(bench, 'pinFilter-two-lists');
        await bench.contextMenu(/i-db01/, 'Hide');
        await title('team=shop');
      });

      it('says what changed since the last session, until that is seen', async () => {
        const bench = workbench();
        await limit(async () => {
          await bench.quickPick('Limit List');
          await bench.pick('List All Clients');
        });
        await bench.row(/^\s*Upgrade available\s*3/);
        simulator.deleteClient('i-web02');
        simulator.insertClient({ InstanceId: 'i-app01', InstanceName: 'app-01' });
        await bench.reload();
        await bench.openContainer('Alibaba Cloud Backup');
        await title('1 new and 1 gone (web-02)');
        await pictureInAllThemes(bench, 'changes');
        await bench.command('Alibaba Cloud Backup: Mark Changes as Seen');
        await bench
          .pane('Backup Clients')
          .filter({ hasText: 'Changes since' })
          .waitFor({ state: 'detached' });
        assert.deepEqual(await bench.notifications(), []);
      });
    },
  );
});
