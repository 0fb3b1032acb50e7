// An extension beside ours, in the same extension host: it connects ours to the simulator, lists without a view, shows a
// tree with nothing in it, and measures how busy the host is. The benchmark asks it over HTTP.
import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import * as vscode from 'vscode';
import { createServiceApi } from '../../../src/api/serviceApi';
import { createInventory } from '../../../src/core/clients/inventory';
import type { DemoConnection } from '../../../src/core/profiles/demo';
import { writeLink } from '../../../src/core/shell/links';
import type { Connection } from '../../../src/core/service/connection';
import type { ExtensionApi } from '../../../src/extensionApi';
import { systemClock } from '../../../src/vscode/systemClock';

const log = { write: () => undefined };

/** Lists all clients as the extension does, without anything that shows them. @returns milliseconds */
async function list(demo: DemoConnection): Promise<number> {
  const { endpoint, regionId, accountId, accessKeyId, accessKeySecret } = demo;
  const connection: Connection = {
    profileId: 'bench',
    demo: true,
    endpoints: () => ({ hbr: endpoint, ecs: endpoint, sts: endpoint }),
    accessKey: () => Promise.resolve({ accessKeyId, accessKeySecret }),
  };
  const api = createServiceApi({
    connections: { get: () => connection },
    clock: systemClock,
    log,
    random: () => Math.random(),
    userAgent: 'bench',
  });
  const scope = { profileId: 'bench', accountId, regionId, clientType: 'ECS_CLIENT' } as const;
  const inventory = createInventory({ scope, api, listings: undefined, clock: systemClock, log });
  const started = performance.now();
  await inventory.refresh();
  const ms = performance.now() - started;
  const { phase, error } = inventory.state;
  if (phase !== 'ready') throw new Error(`listing ended as ${phase}: ${String(error?.stack)}`);
  inventory.dispose();
  api.dispose();
  return ms;
}

const emptyRows = ['Empty 1', 'Empty 2', 'Empty 3', 'Empty 4', 'Empty 5'];

/** Rows with one row below: what the host and the page need for any row at all. */
function showEmptyTree(): vscode.Disposable {
  return vscode.window.registerTreeDataProvider<string>('cloudBackupBench.empty', {
    getChildren: (id) => (id === undefined ? emptyRows : emptyRows.includes(id) ? [`Row of ${id}`] : []),
    getTreeItem: (id) => {
      const { Collapsed, None } = vscode.TreeItemCollapsibleState;
      return new vscode.TreeItem(id, emptyRows.includes(id) ? Collapsed : None);
    },
  });
}

const delay = monitorEventLoopDelay({ resolution: 5 });
let cpuBefore = process.cpuUsage();

const answers: Readonly<Record<string, (argument: never) => Promise<unknown>>> = {
  list,
  connect: async (demo: DemoConnection) => {
    const product = vscode.extensions.getExtension<ExtensionApi>('cloud-backup-tools.alibaba-cloud-backup');
    if (!product) throw new Error('the extension is not installed');
    await (await product.activate()).connectDemo(demo);
  },
  command: async (id: string) => {
    await vscode.commands.executeCommand(id);
  },
  /** Opens a link to a client, as a link from outside is opened. */
  link: async ({ profile, region, id }: Record<'profile' | 'region' | 'id', string>) => {
    const base = `${vscode.env.uriScheme}://cloud-backup-tools.alibaba-cloud-backup`;
    const address = writeLink(base, { kind: 'client', profile, regionId: region, id });
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.parse(address));
  },
  /** The instance ID of the client in the middle of the list. */
  someId: async () => {
    const product = vscode.extensions.getExtension<ExtensionApi>('cloud-backup-tools.alibaba-cloud-backup');
    const active = ((await product?.exports.clients()) ?? []).filter(({ status }) => status === 'ACTIVATED');
    return active[active.length >> 1]?.instanceId;
  },
  /** From now on, delays of the event loop and processor time are counted. */
  watch: () => {
    cpuBefore = process.cpuUsage();
    delay.reset();
    delay.enable();
    return Promise.resolve();
  },
  /** Milliseconds since `watch`, and bytes. */
  watched: () => {
    const { user, system } = process.cpuUsage(cpuBefore);
    const { heapUsed, rss } = process.memoryUsage();
    return Promise.resolve({ longestMs: delay.max / 1e6, cpuMs: (user + system) / 1e3, heapUsed, rss });
  },
};

export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(showEmptyTree());
  const server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      try {
        const answer = answers[(request.url ?? '').slice(1)];
        if (!answer) throw new Error(`nothing is at ${String(request.url)}`);
        response.end(JSON.stringify((await answer(JSON.parse(body) as never)) ?? null));
      } catch (error) {
        response.statusCode = 500;
        response.end(String(error));
      }
    })();
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    const file = process.env['BENCH_PORT_FILE'];
    if (file !== undefined && address !== null && typeof address === 'object') {
      writeFileSync(file, String(address.port));
    }
  });
  context.subscriptions.push({ dispose: () => server.close() });
}
