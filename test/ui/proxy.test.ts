import { strict as assert } from 'node:assert';
import { createCertificate } from '../support/certificate';
import { startForwardProxy, type ForwardProxy } from '../support/forwardProxy';
import { addProfile, endpointsAt } from '../support/host/addProfile';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { afterAll, beforeAll, describe, it } from '../support/host/test';
import { inTemporaryFolder } from '../support/temporaryFolder';
import { startSimulator, type Simulator } from '../../simulator/main';

const hostName = 'hbr.cn-hangzhou.backup.test';
const worker = { user: 'worker', password: 'pass/word@proxy' };

describe('behind the proxy of a company, where the system trusts its authority', () => {
  const authority = createCertificate('authority.backup.test');
  const started: { dispose(): void | Promise<void> }[] = [];
  let simulator: Simulator;
  let proxy: ForwardProxy;

  beforeAll(async () => {
    const { createPrivateStore } = await import('../../scripts/labs/companyNetwork.mjs');
    let reason: string | undefined;
    await inTemporaryFolder(async (folder) => {
      ({ reason } = await createPrivateStore(folder, authority.cert));
    });
    // Only where this computer can't give the host a certificate store of its own; the closing line counts it.
    it.skip(reason !== undefined, reason);
    simulator = await startSimulator({ clients: 12, tls: createCertificate(hostName, authority) });
    proxy = await startForwardProxy({ port: Number(new URL(simulator.endpoint).port), user: worker });
    started.push(proxy, simulator);
  });
  afterAll(async () => {
    for (const one of started) await one.dispose();
  });

  for (const vscode of ['newest', 'oldest'] as const) {
    describeWorkbench(
      `the ${vscode} VS Code`,
      () => ({
        vscode,
        authority: authority.cert,
        settings: { ...endpointsAt({ endpoint: `https://${hostName}` }), 'http.proxy': proxy.url() },
      }),
      (workbench) => {
        it('says that the proxy wants a user, and comes through with the one that is then set', async () => {
          const bench = workbench();
          const before = proxy.log.length;
          simulator.clearJournal();
          await bench.openContainer('Alibaba Cloud Backup');
          await bench.pane('Backup Clients').getByText('Add Profile').first().waitFor();
          await addProfile(bench, 'production', simulator);
          assert.match(await bench.modal(), /proxy requires a user name and password/);
          const [refused] = proxy.log.slice(before);
          assert.deepEqual(refused, { target: `${hostName}:443`, user: undefined, status: 407 });
          assert.deepEqual(simulator.journal(), []);
          await bench.screenshot(`proxy-${vscode}-asks`);
          await bench.answerModal('Cancel');
          await bench.changeSettings({ 'http.proxy': proxy.url(worker) });
          await bench.reload();
          await bench.openContainer('Alibaba Cloud Backup');
          await bench.pane('Backup Clients').getByText('Add Profile').first().waitFor();
          await addProfile(bench, 'production', simulator);
          await bench.toast(`account ${simulator.accountId}`);
          await bench.row(/./);
        });

        it('has sent every call through the proxy, and quoted no password', async () => {
          const calls = simulator.journal().map(({ action }) => action);
          assert.ok(calls.includes('GetCallerIdentity') && calls.includes('DescribeBackupClients'));
          const tunnels = proxy.log.filter(({ status }) => status === 200);
          assert.ok(tunnels.length >= calls.length, `${tunnels.length} tunnels, ${calls.length} calls`);
          assert.ok(
            tunnels.every(({ target, user }) => target === `${hostName}:443` && user === worker.user),
          );
          const logs = `${workbench().serverLog()}\n${await workbench().logs()}`;
          for (const hidden of [worker.password, encodeURIComponent(worker.password)]) {
            assert.ok(!logs.includes(hidden));
          }
        });
      },
    );
  }
});
