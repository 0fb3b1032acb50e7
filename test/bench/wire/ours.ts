// The product's own code, composed as the extension composes it.
import { createServiceApi } from '../../../src/api/serviceApi';
import type { BackupClient } from '../../../src/core/service/model';
import type { Connection } from '../../../src/core/service/connection';
import { systemClock } from '../../../src/vscode/systemClock';
import { contest } from './contest';

contest<BackupClient>(
  async (target, onPage) => {
    const { endpoint, regionId, accountId, accessKeyId, accessKeySecret } = target;
    const connection: Connection = {
      profileId: 'bench',
      demo: false,
      endpoints: () => ({ hbr: endpoint, ecs: endpoint, sts: endpoint }),
      accessKey: () => Promise.resolve({ accessKeyId, accessKeySecret }),
    };
    const api = createServiceApi({
      connections: { get: () => connection },
      clock: systemClock,
      // Lines are composed and dropped: VS Code's side of a log channel is not part of the contest.
      log: { write: () => undefined },
      random: () => Math.random(),
      userAgent: 'bench',
    });
    const scope = { profileId: 'bench', accountId, regionId, clientType: 'ECS_CLIENT' } as const;
    const pages = api.listClients(scope, {}, { signal: new AbortController().signal });
    let next = await pages.next();
    for (; next.done !== true; next = await pages.next()) onPage(next.value.clients);
    if (next.value.changedWhileReading) throw new Error('the list changed while reading');
    api.dispose();
  },
  ({ clientType, instanceId }) => ({ clientType, instanceId }),
);
