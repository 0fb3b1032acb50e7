import { strict as assert } from 'node:assert';
import { lookup } from 'node:dns/promises';
import { mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { createPlainHttp } from '../../src/api/nodePlainHttp';
import { failureNotice } from '../../src/core/interaction/failureNotice';
import { BackupError } from '../../src/core/service/errors';
import { metadataKey } from '../../src/credentials/metadataService';
import { startSimulator, type Simulator } from '../../simulator/main';
import { systemClock } from '../../src/vscode/systemClock';
import { createCertificate, type Certificate } from '../support/certificate';
import {
  startForwardProxy,
  type ForwardProxy,
  type ForwardProxyOptions,
  type ProxyUser,
} from '../support/forwardProxy';
import { createSimulatedApi } from '../support/simulated';

/** What the runner says of the network around this host: `scripts/labs/companyNetwork.mjs`. */
interface CompanyNetwork {
  /** Why there is none. */
  readonly reason?: string;
  /** In the store that the system trusts. */
  readonly authority: Certificate;
  /** Whom the workbench names when a proxy of this realm asks; it gives up when asked again. */
  readonly signIn: ProxyUser & { readonly realm: string };
}

const network = JSON.parse(
  process.env['TEST_COMPANY_NETWORK'] ?? '{"reason":"this host is started by somebody else"}',
) as CompanyNetwork;
const hostName = 'hbr.cn-hangzhou.backup.test';
const listing = 'DescribeBackupClients';

const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('http');

describe('calls through the proxy of a company, to a name that only the proxy can resolve', function () {
  if (network.reason !== undefined) {
    it(`are not tried here: ${network.reason}`, function () {
      this.skip();
    });
    return;
  }
  const { authority, signIn } = network;
  const figures: Record<string, number> = {};
  let running: { dispose(): void | Promise<void> }[] = [];

  afterEach(async () => {
    for (const one of running) await one.dispose();
    running = [];
    for (const name of ['proxy', 'noProxy', 'systemCertificates']) {
      await settings().update(name, undefined, true);
    }
  });
  after(() => {
    const folder = path.dirname(process.env['TEST_REPORT'] ?? path.join(__dirname, 'report.json'));
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, `proxy-${vscode.version}.json`), JSON.stringify(figures, undefined, 2));
  });

  /** A service whose certificate the authority issued, and a proxy in front of it. */
  async function start(
    options: Omit<ForwardProxyOptions, 'port'> & { readonly clients?: number; readonly issuer?: Certificate },
  ): Promise<{ simulator: Simulator; proxy: ForwardProxy }> {
    const { clients = 60, issuer = authority, ...rest } = options;
    const simulator = await startSimulator({ clients, tls: createCertificate(hostName, issuer) });
    running.push(simulator);
    const proxy = await startForwardProxy({ port: Number(new URL(simulator.endpoint).port), ...rest });
    running.push(proxy);
    return { simulator, proxy };
  }

  const companyProxy = { user: signIn, realm: signIn.realm };
  const target = `${hostName}:443`;

  it('rest on this computer not knowing the name, and on nothing but the system trusting the authority', async () => {
    await assert.rejects(lookup(hostName), { syscall: 'getaddrinfo' });
    for (const name of [
      'NODE_EXTRA_CA_CERTS',
      'SSL_CERT_FILE',
      'SSL_CERT_DIR',
      'HTTPS_PROXY',
      'https_proxy',
    ]) {
      assert.equal(process.env[name], undefined, name);
    }
  });

  it('arrive once VS Code has told the proxy who is there, with a certificate that the system trusts', async () => {
    const { simulator, proxy } = await start(companyProxy);
    await settings().update('proxy', proxy.url(), true);
    assert.ok((await list(simulator)) >= 60);
    const [first, second, ...others] = proxy.log;
    assert.deepEqual(first, { target, user: undefined, status: 407 });
    assert.deepEqual(second, { target, user: signIn.user, status: 200 });
    // Asked once; from then on each tunnel begins with the answer.
    assert.ok(others.every(({ status }) => status === 200));
    const calls = simulator.journal().filter(({ action }) => action === listing).length;
    assert.equal(calls, proxy.log.length - 1, 'as many calls as tunnels');
  });

  it('arrive with the user and password of the setting, without a question', async () => {
    const { simulator, proxy } = await start({ user: signIn, realm: 'Somewhere else' });
    await settings().update('proxy', proxy.url(signIn), true);
    assert.ok((await list(simulator)) >= 60);
    assert.ok(proxy.log.length > 0);
    for (const request of proxy.log) assert.deepEqual(request, { target, user: signIn.user, status: 200 });
  });

  it('make a tunnel each, one question before them all', async () => {
    const { simulator, proxy } = await start({ ...companyProxy, clients: 9_900 });
    await settings().update('proxy', proxy.url(), true);
    assert.ok((await list(simulator)) >= 9_900);
    const pages = simulator.journal().filter(({ action }) => action === listing).length;
    const tunnels = proxy.log.filter(({ status }) => status === 200).length;
    const questions = proxy.log.length - tunnels;
    Object.assign(figures, { pages, tunnels, questions });
    assert.ok(pages >= 100, `${pages} pages`);
    assert.ok(tunnels <= pages, `${tunnels} tunnels for ${pages} pages`);
    assert.equal(questions, 1);
  });

  it('do not include the metadata service of an ECS instance, though the proxy takes all other addresses', async () => {
    const { proxy } = await start({});
    await settings().update('proxy', proxy.url(), true);
    const http = createPlainHttp(systemClock, 'tests/1');
    const waiting = { signal: new AbortController().signal };
    const url = 'http://100.100.100.200/seen-by-the-proxy';
    const reply = await http.request({ method: 'GET', url, timeoutMs: 10_000 }, waiting);
    assert.equal(reply.status, 405, 'the proxy would see it');
    const parts = { http, env: {}, clockOffsetMs: () => 0, hide: () => undefined };
    await assert.rejects(metadataKey('role', parts, waiting), { code: 'source-unusable' });
    assert.deepEqual(proxy.plain, [url]);
    assert.deepEqual(proxy.log, []);
  });

  describe('fail in words', () => {
    const fails = async (simulator: Simulator, code: string, words: RegExp): Promise<BackupError> => {
      const error = await failureOf(simulator);
      assert.equal(error.code, code, error.message);
      assert.equal(error.fate, 'not-run');
      assert.match(failureNotice(error).message, words);
      assert.deepEqual(simulator.journal(), []);
      return error;
    };

    it('about the proxy, when nobody answers its question', async () => {
      const { simulator, proxy } = await start({ ...companyProxy, realm: 'Somewhere else' });
      await settings().update('proxy', proxy.url(), true);
      await fails(simulator, 'proxy-refused', /proxy.*user name and password/);
      assert.deepEqual(proxy.log, [{ target, user: undefined, status: 407 }]);
    });

    it('about the proxy, when it takes another password', async () => {
      const { simulator, proxy } = await start({ ...companyProxy, user: { ...signIn, password: 'changed' } });
      await settings().update('proxy', proxy.url(), true);
      await fails(simulator, 'proxy-refused', /proxy.*user name and password/);
      assert.equal(proxy.log[0]?.user, undefined);
      assert.equal(proxy.log[1]?.user, signIn.user);
      assert.ok(proxy.log.every(({ status }) => status === 407));
      // None of our own: VS Code asks a second time with what it has before it asks its user again.
      assert.equal(proxy.log.length, 3);
    });

    it('about certificates, when an authority signed that is not in the store', async () => {
      const { simulator, proxy } = await start({ issuer: createCertificate('authority.elsewhere.test') });
      await settings().update('proxy', proxy.url(), true);
      await fails(simulator, 'tls-failed', /certificates/);
      assert.deepEqual(proxy.log, [{ target, user: undefined, status: 200 }]);
    });

    it('about certificates, when VS Code is told to leave the store alone', async () => {
      const { simulator, proxy } = await start({});
      await settings().update('proxy', proxy.url(), true);
      await settings().update('systemCertificates', false, true);
      await fails(simulator, 'tls-failed', /certificates/);
    });

    it('about the network, when the host is left out of the proxy', async () => {
      const { simulator, proxy } = await start({});
      await settings().update('proxy', proxy.url(), true);
      await settings().update('noProxy', ['.backup.test'], true);
      await fails(simulator, 'unreachable', /network and proxy settings/);
      assert.deepEqual(proxy.log, []);
    });

    it('about the network, when no proxy is set', async () => {
      const { simulator } = await start({});
      await fails(simulator, 'unreachable', /network and proxy settings/);
    });

    it('about the network, without the password, when the proxy is gone', async () => {
      const { simulator, proxy } = await start({});
      await settings().update('proxy', proxy.url(signIn), true);
      proxy.dispose();
      const error = await fails(simulator, 'unreachable', /network and proxy settings/);
      for (let at: unknown = error; at instanceof Error; at = at.cause) {
        for (const secret of [signIn.password, encodeURIComponent(signIn.password)]) {
          assert.ok(!at.message.includes(secret), at.message);
        }
      }
    });
  });
});

/** Lists all clients of the service at the name. @returns how many there are */
async function list(simulator: Simulator): Promise<number> {
  const { api, scope } = createSimulatedApi(simulator, { endpoint: `https://${hostName}` });
  try {
    let found = 0;
    const waiting = { signal: new AbortController().signal };
    for await (const { clients } of api.listClients(scope, {}, waiting)) found += clients.length;
    return found;
  } finally {
    api.dispose();
  }
}

async function failureOf(simulator: Simulator): Promise<BackupError> {
  try {
    await list(simulator);
  } catch (error) {
    assert.ok(error instanceof BackupError);
    return error;
  }
  return assert.fail('the list came through');
}
