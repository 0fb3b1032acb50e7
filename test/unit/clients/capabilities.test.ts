import { strict as assert } from 'node:assert';
import { capabilitiesOf, obstacleInWords, obstacleTo } from '../../../src/core/clients/capabilities';
import { clientStatuses } from '../../../src/core/service/model';
import type { Action } from '../../../src/core/service/actions';
import { aBareClient, aClient } from '../../support/builders';

const outdated = { clientVersion: '2.4.1' };
const allowing = (action: Action) =>
  clientStatuses.filter((status) => !obstacleTo(action, aClient({ ...outdated, status })));

describe('what a client allows', () => {
  it('is an install where nothing works: not installed, failed, stopped, deactivated, unknown', () => {
    assert.deepEqual(allowing('install'), [
      'INSTALL_FAILED',
      'STOPPED',
      'UNKNOWN',
      'DEACTIVATED',
      'NOT_INSTALLED',
    ]);
  });

  it('is an upgrade where something is installed and a newer version exists', () => {
    assert.deepEqual(allowing('upgrade'), [
      'UPGRADE_FAILED',
      'STOPPED',
      'UNKNOWN',
      'DEACTIVATED',
      'ACTIVATED',
      'REGISTERED',
    ]);
    assert.equal(obstacleTo('upgrade', aClient()), 'already-latest');
    assert.equal(
      obstacleTo('upgrade', aBareClient({ instanceId: 'i-1', status: 'ACTIVATED' })),
      'version-unknown',
    );
  });

  it('is an uninstall wherever something stands and nothing goes on', () => {
    assert.deepEqual(
      clientStatuses.filter((status) => !allowing('uninstall').includes(status)),
      ['INSTALLING', 'UPGRADING', 'UNINSTALLING', 'NOT_INSTALLED'],
    );
  });

  it('is nothing while the service changes it', () => {
    for (const action of ['install', 'upgrade', 'uninstall'] as const) {
      assert.equal(obstacleTo(action, aClient({ ...outdated, status: 'UPGRADING' })), 'busy');
    }
  });

  it('is nothing for clients that stand on no ECS instance, or on an unnamed one', () => {
    assert.equal(obstacleTo('install', aBareClient({ clientId: 'c-1' })), 'no-instance');
    assert.equal(obstacleTo('upgrade', aBareClient()), 'no-instance');
  });

  it('is nothing for container and on-premises clients: it goes through Cloud Assistant', () => {
    for (const clientType of ['CONTAINER_CLIENT', 'LOCAL_CLIENT'] as const) {
      const client = aClient({ ...outdated, clientType });
      for (const action of ['install', 'upgrade', 'uninstall'] as const) {
        assert.equal(obstacleTo(action, client), 'wrong-type');
      }
      assert.deepEqual([...capabilitiesOf(client)], []);
    }
    assert.equal(obstacleInWords('wrong-type'), 'only possible for ECS clients');
  });

  it('is nothing in a state that the service may invent later', () => {
    for (const action of ['install', 'upgrade', 'uninstall'] as const) {
      assert.equal(obstacleTo(action, aClient({ ...outdated, status: 'PAUSED' })), 'unknown-status');
    }
  });

  it('is left out with words that are true of it', () => {
    const why = (action: Action, status: string) => {
      const obstacle = obstacleTo(action, aClient({ ...outdated, status }));
      return obstacle && obstacleInWords(obstacle);
    };
    assert.equal(why('install', 'ACTIVATED'), 'already installed');
    assert.equal(why('upgrade', 'NOT_INSTALLED'), 'not installed');
    assert.equal(why('uninstall', 'NOT_INSTALLED'), 'not installed');
    assert.equal(why('upgrade', 'UNINSTALL_FAILED'), 'uninstall failed');
    assert.equal(why('install', 'PAUSED'), 'in an unrecognized status');
  });

  it('stands in its menu words', () => {
    assert.deepEqual(
      [...capabilitiesOf(aClient({ ...outdated, status: 'STOPPED' }))],
      ['installable', 'upgradable', 'uninstallable'],
    );
    assert.deepEqual([...capabilitiesOf(aClient())], ['uninstallable']);
    assert.deepEqual([...capabilitiesOf(aClient({ status: 'UPGRADING' }))], []);
  });
});
