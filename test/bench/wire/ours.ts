// The product's own code, composed as the extension composes it. With BENCH_TUNNEL_MS, each call makes a connection of its own,
// which takes so long: VS Code does that behind a proxy.
import { Agent, type ClientRequestArgs } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServiceApi } from '../../../src/api/serviceApi';
import type { BackupClient } from '../../../src/core/service/model';
import type { Connection } from '../../../src/core/service/connection';
import { systemClock } from '../../../src/vscode/systemClock';
import { contest } from './contest';

const tunnelMs = Number(process.env['BENCH_TUNNEL_MS'] ?? 0);
// Calls begun, and pages that came of them.
let calls = 0;
let pagesRead = 0;
let mostInFlight = 0;

class TunnelAgent extends Agent {
  override createConnection(
    options: ClientRequestArgs & { host: string; port: number },
    done: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    setTimeout(() => {
      done(null, connect({ host: options.host, port: options.port }));
    }, tunnelMs);
  }
}

contest<BackupClient>(
  async (target, onPage) => {
    const { endpoint, regionId, accountId, accessKeyId, accessKeySecret } = target;
    const connection: Connection = {
      profileId: 'bench',
      demo: false,
      endpoints: () => ({ hbr: endpoint, ecs: endpoint, sts: endpoint }),
      accessKey: () => {
        mostInFlight = Math.max(mostInFlight, ++calls - pagesRead);
        return Promise.resolve({ accessKeyId, accessKeySecret });
      },
    };
    const api = createServiceApi({
      connections: { get: () => connection },
      clock: systemClock,
      // Lines are composed and dropped: VS Code's side of a log channel is not part of the contest.
      log: { write: () => undefined },
      random: () => Math.random(),
      userAgent: 'bench',
      ...(tunnelMs > 0
        ? { agents: { http: new TunnelAgent(), https: new HttpsAgent(), dispose: () => undefined } }
        : {}),
    });
    const scope = { profileId: 'bench', accountId, regionId, clientType: 'ECS_CLIENT' } as const;
    const pages = api.listClients(scope, {}, { signal: new AbortController().signal });
    let next = await pages.next();
    for (; next.done !== true; next = await pages.next()) {
      pagesRead++;
      onPage(next.value.clients);
    }
    if (next.value.changedWhileReading) throw new Error('the list changed while reading');
    api.dispose();
  },
  ({ clientType, instanceId }) => ({ clientType, instanceId }),
  () => ({ mostInFlight }),
);
