// A second, tiny extension that puts the demo in front, so that the product needs no code for it.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

const manifest = {
  name: 'demo-opener',
  publisher: 'cloud-backup-tools',
  version: '1.0.0',
  engines: { vscode: '^1.100.0' },
  main: './main.js',
  activationEvents: ['onStartupFinished'],
};

/**
 * Writes the extension into a folder of extensions, before VS Code first looks into it.
 *
 * @param {string} extensions
 * @param {{ endpoint: string, endpoints?: Readonly<Record<string, string>>, regionId: string, accessKeyId: string, accessKeySecret: string, accountId: string }}
 * connection of a simulator
 */
export async function writeDemoOpener(extensions, connection) {
  const { endpoint, endpoints, regionId, accessKeyId, accessKeySecret, accountId } = connection;
  const demo = { endpoint, endpoints, regionId, accessKeyId, accessKeySecret, accountId };
  const folder = path.join(extensions, `${manifest.publisher}.${manifest.name}-${manifest.version}`);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(
    path.join(folder, 'main.js'),
    `const vscode = require('vscode');
exports.activate = async () => {
  await vscode.commands.executeCommand('workbench.view.extension.cloudBackup');
  const product = vscode.extensions.getExtension('cloud-backup-tools.alibaba-cloud-backup');
  const { connectDemo } = await product.activate();
  await connectDemo(${JSON.stringify(demo)});
};
`,
  );
}
