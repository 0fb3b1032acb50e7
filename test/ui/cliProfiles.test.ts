import { strict as assert } from 'node:assert';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { startSimulator, type MetadataService, type Simulator } from '../../simulator/main';
import { endpointsAt } from '../support/host/addProfile';
import { pictureInBothThemes, themeOfBrowser } from '../support/host/themes';
import { cliConfigOf, replaceFile, type CliEntry } from '../support/host/cliConfig';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { afterAll, afterEach, beforeAll, describe, it } from '../support/host/test';

const stray = 'text-that-nobody-may-see';

describe('profiles of the Alibaba Cloud CLI', () => {
  let simulator: Simulator;
  let metadata: MetadataService;
  let folder: string;
  let config: string;
  let marker: string;
  let commandLine: string;
  let entries: readonly CliEntry[];
  /** What the file has to hold at the end of each test. */
  let written: string;

  const put = async (text: string): Promise<void> => {
    written = text;
    await replaceFile(config, text);
  };
  const putEntries = (change: Readonly<Record<string, Partial<CliEntry>>> = {}): Promise<void> =>
    put(
      cliConfigOf(
        'everyday',
        entries.map((entry) => ({ ...entry, ...change[entry.name] })),
      ),
    );

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 12 });
    metadata = await simulator.serveMetadata();
    folder = await mkdtemp(path.join(tmpdir(), 'cloud-backup-cli-'));
    config = path.join(folder, 'config.json');
    marker = path.join(folder, 'program-ran');
    const program = path.join(folder, 'give key.cjs');
    const given = simulator.issueTemporaryKey(3600);
    const printed = JSON.stringify({
      mode: 'StsToken',
      access_key_id: given.accessKeyId,
      access_key_secret: given.accessKeySecret,
      sts_token: given.securityToken,
    });
    await writeFile(
      program,
      `require('fs').appendFileSync(${JSON.stringify(marker)}, 'ran\\n'); console.log(${JSON.stringify(printed)});`,
    );
    commandLine = `"${process.execPath}" "${program}" --for backup`;
    entries = entriesFor(simulator, metadata, commandLine);
    await putEntries();
  });
  afterAll(async () => {
    await simulator.dispose();
    await rm(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    assert.equal(await readFile(config, 'utf8'), written, 'the file of the CLI was written');
    const left = (await readdir(folder)).filter((name) => name !== 'program-ran');
    assert.deepEqual(left.sort(), ['config.json', 'give key.cjs']);
  });

  const assumed = () => simulator.journal().filter(({ action }) => action === 'AssumeRole').length;

  describeWorkbench(
    'in a workbench without profiles',
    () => ({
      settings: {
        ...endpointsAt(simulator),
        ...themeOfBrowser,
        'cloudBackup.credentials.cliConfigPath': config,
      },
      // The metadata service of a real instance must not be asked.
      env: { ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true' },
    }),
    (workbench) => {
      const addFrom = async (name: string): Promise<void> => {
        await workbench().command('Alibaba Cloud Backup: Add Profile…');
        await workbench().quickPick('Add Profile');
        await workbench().pick(new RegExp(`^\\s*${name}`));
      };
      const switchTo = async (name: string): Promise<void> => {
        await workbench().command('Alibaba Cloud Backup: Switch Profile…');
        await workbench().quickPick('Switch Profile');
        await workbench().pick(new RegExp(`^\\s*${name}`));
        await workbench().status(`${name} · cn-hangzhou`);
      };
      const listsAs = async (name: string): Promise<void> => {
        const bench = workbench();
        await bench.toast(`account ${simulator.accountId}`);
        await bench.status(`${name} · cn-hangzhou`);
        await bench.row('Activated');
        await bench.notifications(true);
      };

      it('are all in the list, the current one first, and those that give no key with the reason', async () => {
        const bench = workbench();
        await bench.openContainer('Alibaba Cloud Backup');
        await bench.command('Alibaba Cloud Backup: Add Profile…');
        const rows = await bench.quickPick('Add Profile');
        const of = (name: string) => rows.find((row) => row.startsWith(`${name},`) || row === name) ?? '';
        const names = rows.map((row) => row.split(',')[0] ?? '');
        assert.deepEqual(
          names.filter((name) => entries.some((entry) => entry.name === name)),
          [
            ...['everyday', 'temporary', 'operator', 'chained', 'program', 'uri', 'instance'],
            ...['bearer', 'pair', 'cloud-sso'],
          ],
        );
        assert.match(of('everyday'), /Access key · current in the CLI · cn-hangzhou/);
        assert.match(of('bearer'), /Bearer tokens aren't supported.*aliyun configure --profile bearer/);
        assert.match(of('pair'), /RSA key pairs aren't supported/);
        assert.match(
          of('cloud-sso'),
          /Sign in to the CLI profile “cloud-sso” again\. Run: aliyun configure --profile cloud-sso/,
        );
        await pictureInBothThemes(bench, 'add-profile');
        await bench.pick('bearer');
        // Nothing comes of it: the next pick is taken from the same list.
        await bench.pick(/^\s*everyday/);
        await listsAs('everyday');
      });

      it('are offered where one switches, and become a profile with one pick', async () => {
        const bench = workbench();
        await bench.command('Alibaba Cloud Backup: Switch Profile…');
        const rows = await bench.quickPick('Switch Profile');
        assert.equal(rows.filter((row) => row.startsWith('everyday')).length, 1, rows.join('\n'));
        await pictureInBothThemes(bench, 'switch-profile');
        await bench.pick(/^\s*temporary/);
        await listsAs('temporary');
      });

      it('run their program only after its whole command line was shown and allowed', async () => {
        const bench = workbench();
        const programRan = () => readFile(marker, 'utf8').catch(() => '');
        await addFrom('program');
        const text = await bench.modal('Run a program to get the credentials of “program”?');
        assert.ok(text.includes(commandLine), text);
        await pictureInBothThemes(bench, 'allow-program');
        await bench.answerModal('Cancel');
        await addFrom('program');
        await bench.modal('Run a program');
        assert.equal(await programRan(), '');
        assert.ok(!(await bench.page.locator('.statusbar').innerText()).includes('program'));
        await bench.answerModal('Allow and Run');
        await listsAs('program');
        assert.equal(await programRan(), 'ran\n');
        await bench.command('Alibaba Cloud Backup: Refresh Clients');
        await bench.row('Activated');
        assert.equal(await programRan(), 'ran\n');
      });

      it('assume their role at the STS that they name, one through another', async () => {
        const bench = workbench();
        const before = assumed();
        await addFrom('operator');
        await listsAs('operator');
        assert.equal(assumed(), before + 1);
        await addFrom('chained');
        await listsAs('chained');
        assert.equal(assumed(), before + 3);
        await (await bench.status('chained · cn-hangzhou')).hover();
        await bench.page.locator('.monaco-hover', { hasText: 'CLI profile chained' }).waitFor();
        await bench.page.mouse.move(600, 400);
      });

      it('fetch their key from an address of this computer', async () => {
        await addFrom('uri');
        await listsAs('uri');
        assert.ok(metadata.requests().includes('GET /credentials-uri'));
      });

      it('say in words why a key cannot be had', async () => {
        const bench = workbench();
        await addFrom('instance');
        await bench.toast('ALIBABA_CLOUD_ECS_METADATA_DISABLED turns off the ECS metadata service');
        await bench.status('uri · cn-hangzhou');
        await bench.notifications(true);
      });

      it('that were broken name the line and the problem, never what stands there', async () => {
        const bench = workbench();
        await put(written.replace('"mode": "AK",', `"mode": "AK" "${stray}",`));
        const line = written.slice(0, written.indexOf(stray)).split('\n').length;
        await bench.command('Alibaba Cloud Backup: Add Profile…');
        const rows = await bench.quickPick('Add Profile');
        const told = rows.find((row) => row.startsWith("Can't be read")) ?? rows.join('\n');
        assert.match(told, new RegExp(`isn't valid JSON in line ${line}, column \\d+`));
        assert.ok(told.includes(config));
        await pictureInBothThemes(bench, 'cli-file-broken');
        await bench.escape();
        await switchTo('everyday');
        await bench
          .pane('Backup Clients')
          .filter({ hasText: `line ${line}` })
          .waitFor();
        await pictureInBothThemes(bench, 'source-unusable');
        assert.deepEqual(await bench.notifications(), []);
        const seen = `${await bench.page.content()}\n${await bench.logs()}`;
        assert.ok(!seen.includes(stray));
      });

      it('that were mended are used at once', async () => {
        await putEntries();
        await workbench().row('Activated');
        assert.deepEqual(await workbench().notifications(), []);
      });

      it('are used with the new key as soon as it stands in the file', async () => {
        const bench = workbench();
        await switchTo('temporary');
        await bench.row('Activated');
        const old = entries.find(({ name }) => name === 'temporary');
        simulator.revokeKey(String(old?.['access_key_id']));
        await bench.command('Alibaba Cloud Backup: Refresh Clients');
        await bench
          .pane('Backup Clients')
          .locator('.message', { hasText: 'credentials were rejected' })
          .waitFor();
        const fresh = simulator.issueTemporaryKey(3600);
        await putEntries({
          temporary: {
            access_key_id: fresh.accessKeyId,
            access_key_secret: fresh.accessKeySecret,
            sts_token: fresh.securityToken,
          },
        });
        await bench.pane('Backup Clients').locator('.message').waitFor({ state: 'hidden' });
        await bench.row('Activated');
        assert.deepEqual(await bench.notifications(), []);
      });
    },
  );
});

/** A profile of each mode. */
function entriesFor(
  simulator: Simulator,
  { credentialsUri }: MetadataService,
  command: string,
): readonly CliEntry[] {
  const key = { access_key_id: simulator.accessKeyId, access_key_secret: simulator.accessKeySecret };
  const temporary = simulator.issueTemporaryKey(3600);
  const role = (name: string) => simulator.roles.find((each) => each.name === name)?.arn;
  const place = { region_id: 'cn-hangzhou', sts_endpoint: simulator.endpoint };
  return [
    {
      name: 'temporary',
      mode: 'StsToken',
      access_key_id: temporary.accessKeyId,
      access_key_secret: temporary.accessKeySecret,
      sts_token: temporary.securityToken,
      ...place,
    },
    { name: 'everyday', mode: 'AK', ...key, ...place },
    {
      name: 'operator',
      mode: 'RamRoleArn',
      ...key,
      ram_role_arn: role('backup-operator'),
      ram_session_name: 'cli',
      expired_seconds: 900,
      ...place,
    },
    {
      name: 'chained',
      mode: 'ChainableRamRoleArn',
      source_profile: 'operator',
      ram_role_arn: role('chained-operator'),
      ram_session_name: 'cli',
      expired_seconds: 900,
      ...place,
    },
    { name: 'program', mode: 'External', process_command: command, ...place },
    { name: 'uri', mode: 'CredentialsURI', credentials_uri: credentialsUri, ...place },
    { name: 'instance', mode: 'EcsRamRole', ram_role_name: 'instance-operator', ...place },
    { name: 'bearer', mode: 'BearerToken', bearer_token: 'bearer-token-of-nobody', ...place },
    { name: 'pair', mode: 'RsaKeyPair', private_key: 'key-pair-of-nobody', key_pair_name: 'pair', ...place },
    {
      name: 'cloud-sso',
      mode: 'CloudSSO',
      cloud_sso_sign_in_url: 'https://signin.example.com',
      cloud_sso_access_token_expire: 1,
      access_key_id: 'STS.Over',
      access_key_secret: 'secret-that-is-over',
      sts_token: 'token-that-is-over',
      sts_expiration: 1,
      ...place,
    },
  ];
}
