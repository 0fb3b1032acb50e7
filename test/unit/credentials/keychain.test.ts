import { strict as assert } from 'node:assert';
import { createKeychain } from '../../../src/credentials/keychain';
import { KeychainUnavailable, type KeychainTrouble } from '../../../src/core/profiles/keys/keychain';

const entry = { account: 'LTAIexample', password: 'a-secret-of-the-keychain' };

function keytarThat(answer: () => Promise<readonly (typeof entry)[]>) {
  return {
    findPassword: async () => (await answer())[0]?.password ?? null,
    findCredentials: answer,
  };
}

async function troubleOf(reading: Promise<unknown>): Promise<KeychainTrouble> {
  try {
    await reading;
  } catch (error) {
    assert.ok(error instanceof KeychainUnavailable);
    assert.equal(error.code, 'keychain-unavailable');
    return error.trouble;
  }
  return assert.fail('the keychain answered');
}

describe('the system keychain', () => {
  it('gives the entries of a service', async () => {
    const keychain = createKeychain(() => Promise.resolve(keytarThat(() => Promise.resolve([entry]))));
    assert.deepEqual(await keychain.entries('some-service'), [entry]);
  });

  it('finds the functions of a module that stands under default', async () => {
    const keytar = keytarThat(() => Promise.resolve([entry]));
    const keychain = createKeychain(() => Promise.resolve({ default: keytar }));
    assert.deepEqual(await keychain.entries('some-service'), [entry]);
  });

  it('loads its library on first use, not before', async () => {
    let loads = 0;
    const keychain = createKeychain(() => {
      loads++;
      return Promise.resolve(keytarThat(() => Promise.resolve([])));
    });
    assert.equal(loads, 0);
    await keychain.entries('some-service');
    assert.equal(loads, 1);
  });

  it('does not list secrets where looking one up found none, as after a dismissed unlock prompt', async () => {
    let listed = false;
    const keychain = createKeychain(() =>
      Promise.resolve({
        findPassword: () => Promise.resolve(null),
        findCredentials: () => {
          listed = true;
          return Promise.resolve([]);
        },
      }),
    );
    assert.deepEqual(await keychain.entries('some-service'), []);
    assert.equal(listed, false);
  });

  it('says that the library is missing when it cannot be loaded', async () => {
    const keychain = createKeychain(() => Promise.reject(new Error('Failed to load keytar native addon')));
    assert.equal(await troubleOf(keychain.entries('some-service')), 'library-missing');
  });

  it('does not take any module for the library', async () => {
    assert.equal(await troubleOf(createKeychain(() => Promise.resolve({})).entries('s')), 'library-missing');
    assert.equal(
      await troubleOf(createKeychain(() => Promise.resolve(null)).entries('s')),
      'library-missing',
    );
  });

  const answers: readonly (readonly [string, KeychainTrouble])[] = [
    ['Cannot autolaunch D-Bus without X11 $DISPLAY', 'no-service'],
    ['Could not connect: No such file or directory', 'no-service'],
    ['The given address is empty', 'no-service'],
    ['Failed to execute child process “dbus-launch” (No such file or directory)', 'no-service'],
    [
      'GDBus.Error:org.freedesktop.DBus.Error.ServiceUnknown: The name org.freedesktop.secrets was not provided',
      'no-service',
    ],
    ['Cannot create an item in a locked collection', 'denied'],
    ['User canceled the operation.', 'denied'],
    ['The user name or passphrase you entered is not correct.', 'denied'],
    ['User interaction is not allowed.', 'denied'],
    ['Something never seen before', 'failed'],
  ];
  for (const [message, trouble] of answers) {
    it(`takes “${message}” for ${trouble}`, async () => {
      const keytar = keytarThat(() => Promise.reject(new Error(message)));
      assert.equal(await troubleOf(createKeychain(() => Promise.resolve(keytar)).entries('s')), trouble);
    });
  }

  it('answers or says what is in the way with the real library', async () => {
    try {
      assert.deepEqual(await createKeychain().entries('a-service-that-nobody-has'), []);
    } catch (error) {
      assert.ok(error instanceof KeychainUnavailable);
      assert.notEqual(error.trouble, 'failed', error.message);
    }
  });
});
