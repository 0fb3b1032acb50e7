import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import { startSimulator, type Simulator } from '../../src/simulator/main';

const id = 'cloud-backup-tools.alibaba-cloud-backup';

function extension(): vscode.Extension<ExtensionApi> {
  const found = vscode.extensions.getExtension<ExtensionApi>(id);
  assert.ok(found, `${id} is not installed`);
  return found;
}

describe('the extension in its host', () => {
  let simulator: Simulator;
  before(async () => {
    simulator = await startSimulator({ clients: 120, zones: 3 });
  });
  after(() => simulator.dispose());

  it('registers every command that its manifest offers', async () => {
    await extension().activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    const manifest = extension().packageJSON as { contributes: { commands: { command: string }[] } };
    const missing = manifest.contributes.commands.filter(({ command }) => !registered.has(command));
    assert.deepEqual(missing, []);
  });

  it('lists the clients of a simulator that it was connected to', async () => {
    const api = await extension().activate();
    await api.connectDemo(simulator);
    const listed = await api.clients();
    assert.ok(listed.length >= 120, `${listed.length} clients`);
    assert.ok(simulator.journal().some((call) => call.action === 'DescribeBackupClients'));
  });
});
