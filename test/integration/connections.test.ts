import { strict as assert } from 'node:assert';
import type * as Dns from 'node:dns';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import type * as Tls from 'node:tls';
import * as vscode from 'vscode';
import { mostInFlight } from '../../src/api/readPages';
import { BackupError } from '../../src/core/service/errors';
import { startSimulator, type Simulator } from '../../simulator/main';
import { createCertificate, type Certificate } from '../support/certificate';
import { createSimulatedApi } from '../support/simulated';

// A name that no resolver knows, so that nothing leaves this computer should the test be wrong about itself.
const hostName = 'hbr.cn-hangzhou.backup.test';
const fleet = 9_900;

// The modules themselves, not copies of their exports: what is put into them is what Node calls.
const load = createRequire(__filename);
const dns = load('node:dns') as typeof Dns;
const tls = load('node:tls') as typeof Tls;

describe('connections from an extension host, over TLS, to a name that is not loopback', () => {
  const figures: Record<string, number> = {};
  const certificate = createCertificate(hostName);
  let undo: (() => void)[] = [];

  before(() => {
    undo = [resolveHere(hostName), trust(certificate)];
  });
  after(async () => {
    for (const restore of undo) restore();
    await settings().update('proxySupport', undefined, true);
    const folder = path.dirname(process.env['TEST_REPORT'] ?? path.join(__dirname, 'report.json'));
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      path.join(folder, `connections-${vscode.version}.json`),
      JSON.stringify(figures, undefined, 2),
    );
  });

  it('passes through the http and https that VS Code has patched', () => {
    for (const name of ['node:http', 'node:https']) {
      const module = load(name) as object;
      assert.ok('__vscodeOriginal' in module, `${name} is as Node made it`);
    }
  });

  for (const support of ['override', 'fallback', 'on', 'off']) {
    it(`opens as many as it has calls in flight, with http.proxySupport ${support}`, async () => {
      await settings().update('proxySupport', support, true);
      assert.equal(settings().get('proxySupport'), support);
      const simulator = await startSimulator({ clients: fleet, tls: certificate });
      try {
        const { clients, pages, connections } = await listAll(simulator);
        assert.ok(clients >= fleet, `${clients} clients`);
        figures[support] = connections;
        assert.ok(pages >= 100, `${pages} pages`);
        assert.ok(connections <= mostInFlight + 2, `${connections} connections for ${pages} pages`);
      } finally {
        await simulator.dispose();
      }
    });

    it(`knows which writes certainly did not run, with http.proxySupport ${support}`, async () => {
      await settings().update('proxySupport', support, true);
      const lost = { action: 'UninstallBackupClients', fault: 'resetAfter' } as const;
      const simulator = await startSimulator({ clients: 1, tls: certificate, faults: [lost] });
      try {
        const no = () => Promise.reject(new BackupError('busy-elsewhere', 'another window has it'));
        assert.equal(await fateOfWrite(simulator, no), 'not-run');
        assert.equal(simulator.journal().length, 0);
        assert.equal(await fateOfWrite(simulator), 'ambiguous');
        assert.deepEqual(
          simulator.journal().map(({ executed }) => executed),
          [true],
        );
      } finally {
        await simulator.dispose();
      }
      assert.equal(await fateOfWrite(simulator), 'not-run');
    });
  }
});

/** Uninstalls the client of the simulator; gives what is known of the call that failed. */
async function fateOfWrite(simulator: Simulator, beforeSend?: () => Promise<void>): Promise<unknown> {
  const { api, scope } = createSimulatedApi(simulator, { endpoint: endpointOf(simulator) });
  const waiting = { signal: new AbortController().signal, ...(beforeSend ? { beforeSend } : {}) };
  const instanceIds = simulator.clients().map(({ InstanceId }) => InstanceId);
  try {
    await api.uninstallClients(scope, { instanceIds, clientIds: [] }, waiting);
  } catch (error) {
    assert.ok(error instanceof BackupError);
    return error.fate;
  } finally {
    api.dispose();
  }
  return assert.fail('the call succeeded');
}

const endpointOf = ({ endpoint }: Simulator): string => `https://${hostName}:${new URL(endpoint).port}`;

const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('http');

interface Listed {
  readonly clients: number;
  readonly pages: number;
  /** TCP connections that the server saw. */
  readonly connections: number;
}

async function listAll(simulator: Simulator): Promise<Listed> {
  const { api, scope } = createSimulatedApi(simulator, { endpoint: endpointOf(simulator) });
  try {
    let found = 0;
    const waiting = { signal: new AbortController().signal };
    for await (const { clients } of api.listClients(scope, {}, waiting)) found += clients.length;
    const pages = simulator.journal().filter(({ action }) => action === 'DescribeBackupClients').length;
    return { clients: found, pages, connections: simulator.connections() };
  } finally {
    api.dispose();
  }
}

/** Makes a name stand for this computer in this process, as a line in its hosts file would. */
function resolveHere(name: string): () => void {
  const { lookup } = dns;
  type Answer = (error: Error | null, found: string | Dns.LookupAddress[], family?: number) => void;
  const lookUp = (asked: string, options: Dns.LookupOptions, answer: Answer): void => {
    if (asked !== name) lookup(asked, options, answer);
    else if (options.all === true) answer(null, [{ address: '127.0.0.1', family: 4 }]);
    else answer(null, '127.0.0.1', 4);
  };
  Object.assign(dns, { lookup: lookUp });
  return () => Object.assign(dns, { lookup });
}

/** Trusts a certificate in this process, in the way in which VS Code adds those of the system. */
function trust({ cert }: Certificate): () => void {
  const { createSecureContext } = tls;
  Object.assign(tls, {
    createSecureContext: (options?: Tls.SecureContextOptions) => {
      const made = createSecureContext(options);
      // What VS Code calls as well; Node has no word for it that works on a context that is made already.
      (made.context as { addCACert(pem: string): void }).addCACert(cert);
      return made;
    },
  });
  return () => Object.assign(tls, { createSecureContext });
}
