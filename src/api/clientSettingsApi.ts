import type { ClientSettingsApi } from '../core/service/api';
import type { Calls, ApiOperation } from './call';
import { settingsFields } from './requestFields';

const updateClientSettings: ApiOperation = {
  service: 'hbr',
  version: '2017-09-08',
  action: 'UpdateClientSettings',
  kind: 'write',
};

/** Settings of clients. */
export function createClientSettingsApi({ call }: Pick<Calls, 'call'>): ClientSettingsApi {
  return {
    async updateClientSettings(scope, clientId, change, waiting) {
      const fields = settingsFields(scope, clientId, change);
      const { requestId } = await call(scope, updateClientSettings, fields, waiting);
      return { requestId };
    },
  };
}
