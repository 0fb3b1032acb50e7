import { strict as assert } from 'node:assert';
import manifest from '../../package.json';

/** Settings that decide nothing but how rows look; a folder may have its own. */
const displayOnly = ['cloudBackup.clients.staleHeartbeatMinutes'];

describe('the settings in the manifest', () => {
  it('are the user’s alone, except those that only change what is shown', () => {
    const settings = manifest.contributes.configuration.flatMap(({ properties }) =>
      Object.entries<{ readonly scope: string }>(properties),
    );
    assert.deepEqual(
      settings.filter(([, { scope }]) => scope !== 'application').map(([name]) => name),
      displayOnly,
    );
  });
});
