// The official generic client as its documentation shows it: one page after the other, default options.
import Client, { $OpenApiUtil } from '@alicloud/openapi-core';
import { RuntimeOptions } from '@darabonba/typescript';
import { contest } from './contest';
import { lookAtRaw, rawPageOf, rowsPerPage, type RawClient } from './rawPage';

contest<RawClient>(async (target, onPage) => {
  const { endpoint, regionId, accessKeyId, accessKeySecret } = target;
  const { host } = new URL(endpoint);
  const client = new Client(
    new $OpenApiUtil.Config({ endpoint: host, protocol: 'HTTP', regionId, accessKeyId, accessKeySecret }),
  );
  const params = new $OpenApiUtil.Params({
    action: 'DescribeBackupClients',
    version: '2017-09-08',
    protocol: 'HTTP',
    pathname: '/',
    method: 'POST',
    authType: 'AK',
    style: 'RPC',
    reqBodyType: 'formData',
    bodyType: 'json',
  });
  let lastPage = 1;
  for (let page = 1; page <= lastPage; page++) {
    const query = { ClientType: 'ECS_CLIENT', PageNumber: String(page), PageSize: String(rowsPerPage) };
    const reply = await client.callApi(
      params,
      new $OpenApiUtil.OpenApiRequest({ query }),
      new RuntimeOptions({}),
    );
    const { clients, total } = rawPageOf(reply['body']);
    lastPage = Math.ceil(total / rowsPerPage);
    onPage(clients);
  }
}, lookAtRaw);
