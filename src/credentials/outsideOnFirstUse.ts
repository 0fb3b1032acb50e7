import { DisposableStore } from '../core/kernel/disposables';
import { Emitter } from '../core/kernel/events';
import { onFirstUse } from '../core/kernel/onFirstUse';
import type { OutsideCredentials } from '../core/profiles/keys/credentialSource';
import type { OutsideCredentialsDeps } from './outsideCredentials';

/** The sources of keys outside VS Code, loaded when one is read or offered: a profile with a stored key needs none. */
export function createOutsideOnFirstUse(deps: OutsideCredentialsDeps): OutsideCredentials {
  const owned = new DisposableStore();
  const changes = owned.add(new Emitter<void>());
  const outside = onFirstUse(async () => {
    const { createOutsideCredentials } = await import('./outsideCredentials');
    const loaded = owned.add(createOutsideCredentials(deps));
    owned.add(loaded.onDidChange(() => changes.fire()));
    return loaded;
  });
  return {
    offers: async () => (await outside()).offers(),
    read: async (source, waiting) => (await outside()).read(source, waiting),
    stampOf: async (source) => (await outside()).stampOf(source),
    consoleSiteOf: async (source) => (await outside()).consoleSiteOf(source),
    allowCommand: async (source) => (await outside()).allowCommand(source),
    onDidChange: changes.event,
    dispose: () => owned.dispose(),
  };
}
