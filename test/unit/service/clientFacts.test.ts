import { strict as assert } from 'node:assert';
import { isBusy, isOutdated, keyClients, nameOf } from '../../../src/core/service/clientFacts';
import { aBareClient, aClient } from '../../support/builders';

describe('facts of a client', () => {
  it('is busy while the service installs, upgrades or uninstalls, and in no other state', () => {
    for (const status of ['INSTALLING', 'UPGRADING', 'UNINSTALLING'])
      assert.ok(isBusy(aClient({ status })), status);
    for (const status of ['ACTIVATED', 'INSTALL_FAILED', 'PAUSING'])
      assert.ok(!isBusy(aClient({ status })), status);
  });

  it('is outdated only when both versions are known and the installed one is older', () => {
    assert.ok(isOutdated(aClient({ clientVersion: '2.4.1' })));
    assert.ok(!isOutdated(aClient()));
    assert.ok(!isOutdated(aClient({ clientVersion: '2.5.0' })));
    assert.ok(!isOutdated(aBareClient({ maxClientVersion: '2.4.5' })));
    assert.ok(!isOutdated(aBareClient({ clientVersion: '2.4.1' })));
  });

  it('is called by its instance name, else host name, instance id, client id', () => {
    const { instanceName, hostname, instanceId } = aClient();
    assert.equal(nameOf(aClient()), instanceName);
    assert.equal(nameOf(aClient({ instanceName: '' })), hostname);
    assert.equal(nameOf(aClient({ instanceName: '', hostname: '' })), instanceId);
    assert.equal(nameOf(aBareClient({ clientId: 'c-9' })), 'c-9');
  });
});

describe('keys of clients', () => {
  it('are the instance id for ECS clients and the client id for the others', () => {
    const keyed = keyClients([
      aClient({ instanceId: 'i-1', clientId: 'c-1' }),
      aClient({ clientType: 'LOCAL_CLIENT', instanceId: 'fingerprint', clientId: 'c-2' }),
    ]);
    assert.deepEqual([...keyed.keys()], ['i-1', 'c-2']);
  });

  it('hold the client id as well where two clients share an instance', () => {
    const keyed = keyClients([
      aClient({ instanceId: 'i-1', clientId: 'c-1' }),
      aClient({ instanceId: 'i-1', clientId: 'c-2' }),
      aClient({ instanceId: 'i-2', clientId: 'c-3' }),
    ]);
    assert.deepEqual([...keyed.keys()], ['i-1+c-1', 'i-1+c-2', 'i-2']);
  });

  it('keep clients apart of which no id is known, in whichever order they are listed', () => {
    const nameless = (hostname: string) => aBareClient({ hostname, status: 'ACTIVATED' });
    const [a, b, c] = ['a', 'b', 'b'].map(nameless);
    assert.ok(a && b && c);
    const keyed = keyClients([a, b, c]);
    assert.deepEqual([...keyed.values()], [a, b, c]);
    assert.deepEqual([...keyClients([c, b, a]).keys()].sort(), [...keyed.keys()].sort());
    const [before] = keyClients([a]).keys();
    assert.deepEqual([...keyClients([{ ...a, status: 'STOPPED', instanceName: 'new' }]).keys()], [before]);
  });

  it('name a client that is listed twice once, with what was read last', () => {
    const keyed = keyClients([aClient(), aClient({ status: 'UPGRADING' })]);
    assert.deepEqual(
      [...keyed].map(([key, { status }]) => [key, status]),
      [['i-bp1web01', 'UPGRADING']],
    );
  });

  it('stay the same while name, state and version change', () => {
    const [before] = keyClients([aClient()]).keys();
    const [after] = keyClients([
      aClient({ instanceName: 'renamed', status: 'STOPPED', clientVersion: '9.9' }),
    ]).keys();
    assert.equal(after, before);
  });
});
