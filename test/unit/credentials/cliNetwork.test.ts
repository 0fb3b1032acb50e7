import { strict as assert } from 'node:assert';
import { decodeCliConfig } from '../../../src/credentials/cliConfig';
import { networkOf } from '../../../src/credentials/cliNetwork';
import { roleOf } from '../../../src/credentials/cliRole';
import { fakeKeyDeps } from '../../support/keyDeps';

function profileWith(fields: object) {
  const text = JSON.stringify({ profiles: [{ name: 'a', ...fields }] });
  const [profile] = decodeCliConfig(text, () => undefined).profiles;
  return profile ?? assert.fail('there is no profile');
}

describe('the network of a CLI profile', () => {
  it('is that of endpoint_type, or of an endpoint that says the same; another host is told', () => {
    const region_id = 'cn-beijing';
    const vpcHost = 'hbr-vpc.cn-beijing.aliyuncs.com';
    for (const [fields, expected] of [
      [{}, {}],
      [{ region_id }, {}],
      [{ endpoint_type: 'vpc' }, { network: 'vpc' }],
      [{ region_id, endpoint_type: 'VPC ' }, { network: 'vpc' }],
      [{ region_id, endpoint_type: 'public' }, {}],
      [{ region_id, endpoint: vpcHost }, { network: 'vpc' }],
      [{ region_id: ' CN-Beijing', endpoint: `https://${vpcHost}/` }, { network: 'vpc' }],
      [{ region_id, endpoint: 'hbr.cn-beijing.aliyuncs.com' }, {}],
      [{ region_id, endpoint: 'ecs.example.com' }, { otherHost: 'ecs.example.com' }],
      [{ region_id: 'eu-west-1', endpoint: vpcHost }, { otherHost: vpcHost }],
      [
        { endpoint_type: 'vpc', endpoint: 'x.example.com' },
        { network: 'vpc', otherHost: 'x.example.com' },
      ],
    ] as const) {
      assert.deepEqual(networkOf(profileWith(fields)), expected, JSON.stringify(fields));
    }
  });

  it('is where STS is asked for its role too', () => {
    const profile = profileWith({
      ram_role_arn: 'acs:ram::1:role/r',
      endpoint_type: 'vpc',
      region_id: 'cn-beijing',
    });
    assert.equal(roleOf(profile, fakeKeyDeps()).endpoint, 'https://sts-vpc.cn-beijing.aliyuncs.com');
  });
});
