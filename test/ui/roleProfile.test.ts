import { strict as assert } from 'node:assert';
import { startSimulator, type Simulator } from '../../simulator/main';
import { addProfile, endpointsAt } from '../support/host/addProfile';
import { addRole } from '../support/host/addRole';
import { pictureInBothThemes, themeOfBrowser } from '../support/host/themes';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

describe('a profile of a RAM role', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 12 });
    simulator.machines(simulator.regionId, retail().accountId).insertClient({
      InstanceId: 'i-retail1',
      InstanceName: 'retail-1',
      ZoneId: 'cn-hangzhou-h',
    });
  });
  afterAll(() => simulator.dispose());

  const retail = () => simulator.crossAccounts.find(({ roleName }) => roleName !== '') ?? assert.fail();
  const roleNamed = (name: string, accountId = simulator.accountId) =>
    simulator.roles.find((role) => role.name === name && role.accountId === accountId)?.arn ??
    assert.fail(`There is no role ${name}.`);
  const assumed = () => simulator.journal().filter(({ action }) => action === 'AssumeRole');

  describeWorkbench(
    'in a workbench with a stored profile',
    () => ({ settings: { ...endpointsAt(simulator), ...themeOfBrowser } }),
    (workbench) => {
      const answerAgain = async (sentence: string, before: string, answer: string): Promise<void> => {
        const bench = workbench();
        await bench.asks(sentence);
        const input = bench.quickInput().filter({ hasText: sentence }).locator('input.input');
        assert.equal(await input.inputValue(), before);
        await input.fill(answer);
        await bench.page.keyboard.press('Enter');
      };

      it('asks nobody for what is no role', async () => {
        const bench = workbench();
        await bench.openContainer('Alibaba Cloud Backup');
        await addProfile(bench, 'lasting', simulator);
        await bench.status('lasting · cn-hangzhou');
        await bench.toast(`account ${simulator.accountId}`);
        await bench.notifications(true);
        await bench.command('Alibaba Cloud Backup: Add Profile…');
        await bench.quickPick('Add Profile');
        await bench.pick('RAM role');
        const rows = await bench.quickPick('Add Profile: RAM role (1/7)');
        assert.deepEqual(rows.length, 1);
        assert.match(rows.join(), new RegExp(`^lasting, Account ${simulator.accountId} · `));
        await bench.pick('lasting');
        await bench.input('Role ARN', 'backup-operator');
        await bench.eventually(
          async () => (/Enter a role ARN such as/.test(await bench.inputMessage()) ? true : undefined),
          'The ARN is not refused.',
        );
        await pictureInBothThemes(bench, 'role-form');
        await bench.escape();
        assert.deepEqual(assumed(), []);
      });

      it('goes back to the field that STS does not take, with the reason and what was typed', async () => {
        const bench = workbench();
        const untrusting = roleNamed('instance-operator');
        const { accountId, roleName } = retail();
        await addRole(bench, {
          from: 'lasting',
          roleArn: untrusting,
          seconds: 43_200,
          name: 'branch',
          regionId: 'cn-hangzhou',
        });
        const refused = "The profile “lasting” can't assume this role. It needs the sts:AssumeRole";
        await bench.asks(refused);
        await pictureInBothThemes(bench, 'role-refused');
        assert.equal(await bench.page.locator('.statusbar-item', { hasText: 'branch' }).count(), 0);
        await answerAgain(refused, untrusting, roleNamed(roleName, accountId));
        await answerAgain("The role doesn't allow a session this long", '43200', '900');
        await bench.status('branch · cn-hangzhou');
        // In the centre: so soon after the others VS Code may show no toast for it.
        const told = (await bench.notifications(true)).join('\n');
        assert.ok(told.includes(`account ${accountId}`), told);
        assert.deepEqual(
          assumed().map(({ code, parameters }) => [code, parameters['DurationSeconds']]),
          [
            ['NoPermission', '43200'],
            ['InvalidParameter.DurationSeconds', '43200'],
            ['200', '900'],
          ],
        );
      });

      it('lists what its account has, and says whose that is', async () => {
        const bench = workbench();
        const { accountId, roleName } = retail();
        await bench.row(/Activated\s*1$/);
        const item = await bench.status('branch · cn-hangzhou');
        await item.hover();
        const tooltip = bench.page.locator('.monaco-hover', { hasText: `RAM role ${roleName}` });
        await tooltip.waitFor();
        const text = await tooltip.innerText();
        assert.ok(text.includes(`Account ${accountId}`), text);
        assert.match(text, /The credentials expire at/);
        await bench.screenshot('role-tooltip');
        await bench.page.mouse.move(600, 400);
        await bench.command('Alibaba Cloud Backup: Switch Profile…');
        const rows = await bench.quickPick('Switch Profile');
        const row = rows.find((each) => each.startsWith('branch')) ?? '';
        assert.match(row, new RegExp(`Account ${accountId} · .*RAM role`));
        await bench.pick(/^\s*lasting/);
        await bench.status('lasting · cn-hangzhou');
        await bench.row(/Activated\s*1$/);
      });

      it('takes the external ID that its owner asks for', async () => {
        const bench = workbench();
        await addRole(bench, {
          from: 'lasting',
          roleArn: roleNamed('partner-operator'),
          externalId: 'partner/7',
          name: 'partner',
          regionId: 'cn-hangzhou',
        });
        await bench.status('partner · cn-hangzhou');
        await bench.row('Activated');
        assert.equal(assumed().at(-1)?.parameters['ExternalId'], 'partner/7');
        await bench.notifications(true);
      });

      it('stands on another role, and says so when the profile below it is removed', async () => {
        const bench = workbench();
        await addRole(bench, {
          from: 'lasting',
          roleArn: roleNamed('backup-operator'),
          name: 'operator',
          regionId: 'cn-hangzhou',
        });
        await bench.status('operator · cn-hangzhou');
        await addRole(bench, {
          from: 'operator',
          roleArn: roleNamed('chained-operator'),
          name: 'chained',
          regionId: 'cn-hangzhou',
        });
        await bench.status('chained · cn-hangzhou');
        await bench.row('Activated');
        await bench.notifications(true);
        await bench.command('Alibaba Cloud Backup: Remove Profile…');
        await bench.quickPick('Remove Profile');
        await bench.pick(/^\s*operator/);
        const text = await bench.modal('operator');
        assert.match(text, /chained/);
        await bench.screenshot('role-remove-source');
        await bench.answerModal('Remove');
        await bench.command('Alibaba Cloud Backup: Refresh Clients');
        const message = bench.pane('Backup Clients').locator('.message');
        await message.filter({ hasText: 'source profile of the role “chained” was removed' }).waitFor();
        await bench.page.locator('.statusbar-item.warning-kind', { hasText: 'chained' }).waitFor();
        assert.deepEqual(await bench.notifications(), []);
      });
    },
  );
});
