import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { startSimulator, type FaultRule, type Simulator, type TemporaryKey } from '../../simulator/main';
import { addProfile, endpointsAt } from '../support/host/addProfile';
import { addRole } from '../support/host/addRole';
import { cliConfigOf, replaceFile } from '../support/host/cliConfig';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { exportReport } from '../support/host/exportReport';
import { openPage, openTasks, showUpgradable, tells, upgradeAll } from '../support/host/following';
import { afterAll, beforeAll, describe, it } from '../support/host/test';
import { watchPage, type PageWatch } from '../support/host/watchPage';
import { SecretHunt } from '../support/secretHunt';

/** With all that is written differently in URLs, forms, JSON, HTML and Markdown. */
const typed = {
  'proxy password': 'proxy & pass+word "of" <30> letters/100%',
  'wrong secret': 'wrong+secret/of&nobody=%41"<x>',
  'unused CLI secret': 'unused+cli/secret&of=nobody"<y>',
  'unused bearer token': 'unused-bearer-token+of/nobody==',
  'unused private key': '-----BEGIN RSA PRIVATE KEY-----\nunusedPrivateKeyOfNobody+/=\n',
  'unused refresh token': 'unused-refresh-token-of-nobody',
};

describe('secrets', () => {
  let simulator: Simulator;
  let folder: string;
  let config: string;
  let temporary: TemporaryKey;
  let configText: string;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 0, timeScale: 60 });
    simulator.insertClient({
      InstanceId: 'i-proxied',
      InstanceName: 'proxied',
      ZoneId: 'cn-hangzhou-k',
      ClientVersion: '2.13.0',
      MaxClientVersion: '2.13.0',
    });
    folder = await mkdtemp(path.join(tmpdir(), 'cloud-backup-secrets-'));
    config = path.join(folder, 'config.json');
    temporary = simulator.issueTemporaryKey(3600);
    const printed = simulator.issueTemporaryKey(3600);
    const program = path.join(folder, 'giveKey.cjs');
    const answer = JSON.stringify({
      mode: 'StsToken',
      access_key_id: printed.accessKeyId,
      access_key_secret: printed.accessKeySecret,
      sts_token: printed.securityToken,
    });
    // What it says besides is nobody's business either.
    const loud = `console.error(${JSON.stringify(`debug: ${printed.accessKeySecret}`)});`;
    await writeFile(program, `${loud} console.log(${JSON.stringify(answer)});`);
    const place = { region_id: 'cn-hangzhou', sts_endpoint: simulator.endpoint };
    configText = cliConfigOf('program', [
      { name: 'program', mode: 'External', process_command: `"${process.execPath}" "${program}"`, ...place },
      {
        name: 'unused',
        mode: 'AK',
        access_key_id: 'LTAIunused',
        access_key_secret: typed['unused CLI secret'],
        ...place,
      },
      { name: 'bearer', mode: 'BearerToken', bearer_token: typed['unused bearer token'], ...place },
      {
        name: 'pair',
        mode: 'RsaKeyPair',
        private_key: typed['unused private key'],
        key_pair_name: 'p',
        ...place,
      },
      { name: 'oauth', mode: 'OAuth', oauth_refresh_token: typed['unused refresh token'], ...place },
    ]);
    await replaceFile(config, configText);
  });
  afterAll(async () => {
    await simulator.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const secrets = (): Readonly<Record<string, string>> => ({
    ...typed,
    ...Object.fromEntries(simulator.issuedSecrets().map((secret, i) => [`issued secret ${i + 1}`, secret])),
  });

  describeWorkbench(
    'over a whole run in one workbench',
    () => ({
      settings: { ...endpointsAt(simulator), 'cloudBackup.credentials.cliConfigPath': config },
      debugLog: 'trace',
    }),
    (workbench) => {
      const exports = () => ['json', 'csv', 'md'].map((kind) => path.join(folder, `report.${kind}`));
      let watch: PageWatch;

      beforeAll(async () => {
        watch = await watchPage(workbench());
      });

      const refresh = async (): Promise<void> => {
        const asked = simulator.journal().length;
        await workbench().command('Alibaba Cloud Backup: Refresh Clients');
        await workbench().eventually(
          () => Promise.resolve(simulator.journal().length > asked ? true : undefined),
          'nothing was asked',
        );
      };

      it('would be found wherever they were left', async () => {
        const bench = workbench();
        const planted = path.join(bench.userData, 'logs', 'planted.log');
        const forms: Readonly<Record<string, (secret: string) => string | Buffer>> = {
          plain: (secret) => `key: ${secret}, request: 1`,
          url: (secret) => `https://example.com/?a=${encodeURIComponent(secret)}&b=1`,
          signed: (secret) => `&SecurityToken%3D${encodeURIComponent(encodeURIComponent(secret))}`,
          form: (secret) => new URLSearchParams({ password: secret }).toString(),
          json: (secret) => JSON.stringify({ secret }),
          base64: (secret) => Buffer.from(`ab${secret}cd`).toString('base64'),
          utf16: (secret) => Buffer.from(`ab${secret}`, 'utf16le'),
        };
        for (const [form, write] of Object.entries(forms)) {
          for (const [name, secret] of Object.entries(secrets())) {
            await writeFile(planted, write(secret));
            const hunt = new SecretHunt({ [name]: secret });
            await hunt.lookIntoFolder(path.dirname(planted));
            assert.deepEqual(
              hunt.finds.map(({ place }) => place),
              [planted],
              `${name} as ${form}`,
            );
          }
        }
        await rm(planted);
        const cut = new SecretHunt({ token: temporary.securityToken });
        cut.look('a text cut short', temporary.securityToken.slice(0, 200));
        assert.equal(cut.finds.length, 1);

        await bench.page.evaluate(
          `localStorage.setItem('planted', ${JSON.stringify(simulator.accessKeySecret)}); document.body.dataset.planted = 'planted in the page'`,
        );
        const inPage = new SecretHunt({ stored: simulator.accessKeySecret, shown: 'planted in the page' });
        await watch.search(inPage);
        assert.deepEqual(inPage.finds.map(({ place }) => place).sort(), [
          'page as it was shown',
          'storage of the browser',
        ]);
        await bench.page.evaluate(`localStorage.removeItem('planted'); delete document.body.dataset.planted`);
      });

      it('are typed, read, issued and refused', async () => {
        const bench = workbench();
        await bench.openContainer('Alibaba Cloud Backup');
        // As the service does for a wrong secret: it repeats what was signed, the token encoded twice.
        const signed = encodeURIComponent(`SecurityToken=${encodeURIComponent(temporary.securityToken)}`);
        simulator.setFaults([
          {
            action: 'GetCallerIdentity',
            nth: 1,
            fault: 'error',
            status: 400,
            code: 'SignatureDoesNotMatch',
            message: `Specified signature is not matched. server string to sign is:POST&%2F&${signed} with ${typed['wrong secret']}`,
          },
        ]);
        await addProfile(bench, 'temporary', simulator, {
          ...temporary,
          accessKeySecret: typed['wrong secret'],
        });
        await bench.input('access key secret was rejected', temporary.accessKeySecret);
        await bench.status('temporary · cn-hangzhou');
        simulator.setFaults([]);
        await addProfile(bench, 'stored', simulator);
        await bench.status('stored · cn-hangzhou');
        await bench.command('Alibaba Cloud Backup: Add Profile…');
        await bench.quickPick('Add Profile');
        await bench.pick(/^\s*program/);
        await bench.modal('Run a program');
        await bench.answerModal('Allow and Run');
        await bench.status('program · cn-hangzhou');
        await bench.row('Activated');
        const roleArn = simulator.roles.find(({ name }) => name === 'backup-operator')?.arn ?? '';
        await addRole(bench, { from: 'stored', roleArn, name: 'operator', regionId: 'cn-hangzhou' });
        await bench.status('operator · cn-hangzhou');
        await bench.row('Activated');
        await bench.notifications(true);
      });

      it('are repeated by the service where a change failed, and go into a page and three files', async () => {
        const bench = workbench();
        await showUpgradable(bench, simulator, ['web-01', 'web-02']);
        const token =
          simulator.issuedSecrets().findLast((secret) => secret.startsWith('simulated-token-')) ?? '';
        const errorCode = `Refused ${token} and ${encodeURIComponent(token)} of ${simulator.accessKeySecret}`;
        simulator.setFaults([{ action: 'UpgradeBackupClients', fault: 'taskPartlyFails', errorCode }]);
        await openTasks(bench);
        await upgradeAll(bench, 2);
        await bench.row(/Upgrade .+ and 1 more.*1 failed/);
        simulator.setFaults([]);
        const page = await openPage(bench, 'Upgrade 2 clients');
        await tells(page, 'web-0', /Refused/);
        await watch.note();
        await bench.notifications(true);
        for (const [kind, file] of [
          ['JSON', exports()[0]],
          ['CSV', exports()[1]],
          ['Markdown', exports()[2]],
        ] as const) {
          await exportReport(bench, /Upgrade .+ and 1 more.*1 failed/, kind, file ?? '');
        }
        await bench.contextMenu(/Upgrade .+ and 1 more/, 'Copy Request IDs');
        await watch.note();
      });

      it('go to a machine, and stand in a file that is broken and an answer that refuses', async () => {
        const bench = workbench();
        await bench.expand('Activated');
        await bench.expand('cn-hangzhou-k');
        await bench.contextMenu('proxied', 'Edit Client Settings…');
        await bench.quickPick('Edit Client Settings');
        await bench.pickMany('Data proxy');
        await bench.quickPick('Data proxy (1/1)');
        await bench.pick('Custom proxy');
        await bench.input('Host name or address of the proxy', 'proxy.example.com');
        await bench.input('Port of the proxy', '3128');
        await bench.input('User name for the proxy', 'backup');
        await bench.input('Password for the proxy', typed['proxy password']);
        await bench.modal('Change the settings of proxied');
        await watch.note();
        await bench.answerModal('Change Settings');
        await bench.toast('Changed the settings of proxied.');
        await bench.notifications(true);

        for (const secret of Object.values(secrets())) {
          simulator.setFaults([repeating(secret)]);
          await refresh();
        }
        await bench.pane('Backup Clients').locator('.message').waitFor();
        simulator.setFaults([]);
        await replaceFile(config, configText.replace('"AK",', '"AK" ,, '));
        await bench.command('Alibaba Cloud Backup: Switch Profile…');
        await bench.quickPick('Switch Profile');
        await watch.note();
        await bench.pick(/^\s*program/);
        await bench.pane('Backup Clients').filter({ hasText: "isn't valid JSON" }).waitFor();
        await bench.command('Alibaba Cloud Backup: Show Log');
        await bench.page.locator('.output-view-title, .panel .title').first().waitFor();
        await watch.note();
      });

      it('are nowhere in what was written, shown, copied or asked for', async () => {
        const bench = workbench();
        const hunt = new SecretHunt(secrets());
        assert.ok(Object.keys(secrets()).length >= 13, Object.keys(secrets()).join());
        hunt.look('clipboard', await bench.clipboard());
        for (const file of exports()) {
          const text = await readFile(file, 'utf8');
          assert.match(text, /Refused/);
          hunt.look(file, text);
        }
        hunt.look('what the server printed', bench.serverLog());
        await watch.search(hunt);
        // Ends the server, so that it writes all that it still holds.
        await bench.restart();
        const run = path.dirname(bench.userData);
        const files = await hunt.lookIntoFolder(run);
        assert.ok(files > 30, `${files} files`);
        assert.deepEqual(hunt.finds, []);
        const log = await bench.logs();
        assert.match(log, /\[trace\]|\[debug\]/);
        assert.match(log, /key verified/);
        assert.match(log, /SignatureDoesNotMatch/);
        assert.match(log, /\*{6}/);
        const inUrls = new Set(simulator.journal().flatMap(({ inQuery }) => inQuery));
        assert.deepEqual(
          [...inUrls].filter((name) => /secret|token|password|signature/i.test(name)),
          [],
        );
      });
    },
  );
});

/** A service, or a proxy in front of it, that repeats what it was sent in every way it could stand there. */
function repeating(secret: string): FaultRule {
  const forms = [
    secret,
    encodeURIComponent(secret),
    encodeURIComponent(encodeURIComponent(secret)),
    new URLSearchParams({ a: secret }).toString(),
    JSON.stringify(secret),
  ];
  const message = `Not valid: ${forms.join(' and ')}`;
  return { action: 'DescribeBackupClients', fault: 'error', status: 400, code: 'InvalidParameter', message };
}
