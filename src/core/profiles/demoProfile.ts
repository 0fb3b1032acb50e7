import type { Redactor } from '../kernel/redact';
import { demoProfileId } from '../service/scope';
import { demoOf, type Demo, type DemoConnection } from './demo';
import { registerSecrets } from './keys/accessKeys';
import type { Profile } from './profile';
import type { ProfileStore } from './profileStore';
import type { ProfilesInView } from './view/profilesInView';

/** The demo profile. It's kept in memory only. */
export interface DemoProfile {
  /**
   * Connects to a simulator on this computer, and shows it alone. Throws BackupError `invalid-input` for an endpoint
   * elsewhere.
   */
  connect(connection: DemoConnection): Profile;
  /** Does nothing when it isn't connected. */
  disconnect(): void;
}

export function createDemoProfile(
  store: ProfileStore,
  view: ProfilesInView,
  redactor: Redactor,
): DemoProfile {
  function disconnect(): void {
    if (!store.demo) return;
    if (view.active?.id === demoProfileId) view.restore();
    store.setDemo(undefined);
  }

  return {
    connect(connection) {
      const demo = demoOf(connection);
      registerSecrets(demo.key, redactor);
      const hostOf = (one: Demo): string => one.connection.endpoints(connection.regionId).hbr;
      // Another simulator with the same names: nothing of the one before may stay.
      if (store.demo && hostOf(store.demo) !== hostOf(demo)) disconnect();
      view.showOnly(demoProfileId);
      store.setDemo(demo);
      return demo.profile;
    },
    disconnect,
  };
}
