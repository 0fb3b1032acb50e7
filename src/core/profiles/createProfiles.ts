import type { Clock } from '../kernel/clock';
import { DisposableStore, type Disposable } from '../kernel/disposables';
import type { Log } from '../kernel/log';
import type { Redactor } from '../kernel/redact';
import { createDemoProfile, type DemoProfile } from './demoProfile';
import type { EndpointOverrides } from './endpointOverrides';
import type { SecretStorePort } from './keys/accessKeys';
import type { OutsideCredentials, StsApi } from './keys/credentialSource';
import { createKeyRing, type KeyRing } from './keys/keyRing';
import { createStoredKeys } from './keys/storedKeys';
import type { ProfileIndexPort } from './profileIndex';
import { createProfileList } from './profileList';
import { createProfileStore, type ProfileStore } from './profileStore';
import { createProfilesInView, type ProfilesInView, type ShownProfilesPort } from './view/profilesInView';

export interface ProfilesDeps {
  readonly index: ProfileIndexPort;
  readonly workspace: ShownProfilesPort;
  readonly secrets: SecretStorePort;
  readonly outside: OutsideCredentials;
  readonly sts: StsApi;
  readonly redactor: Redactor;
  /** Overrides as the settings say now. Each connection keeps those it was made with. */
  readonly endpointOverrides: () => EndpointOverrides;
  readonly clock: Clock;
  readonly log: Log;
}

/** The user's profiles, their keys, and which of them this window shows. */
export interface Profiles extends Disposable {
  readonly store: ProfileStore;
  readonly keys: KeyRing;
  readonly view: ProfilesInView;
  readonly demo: DemoProfile;
}

export function createProfiles(deps: ProfilesDeps): Profiles {
  const { index, redactor } = deps;
  const owned = new DisposableStore();
  const list = createProfileList(index);
  const storedKeys = owned.add(createStoredKeys(deps));
  const store = owned.add(createProfileStore({ ...deps, list, keys: storedKeys }));
  const keys = owned.add(createKeyRing({ ...deps, store, storedKeys }));
  const view = owned.add(createProfilesInView(list, store, deps.workspace));
  const demo = createDemoProfile(store, view, redactor);
  return { store, keys, view, demo, dispose: () => owned.dispose() };
}
