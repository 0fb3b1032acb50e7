import { DisposableStore, type Disposable } from '../disposables';
import { isCancelled } from '../errors';
import { Emitter, type Event } from '../events';
import type { Inventory, InventoryState } from './inventory';
import type { Log, Profile, Waiting } from '../ports';
import { pinsOf } from '../profiles/pins';
import type { KeyState, Profiles } from '../profiles/profiles';
import { scopeKey, type Scope } from '../scope';

/** What the client view shows instead of rows, or `ready` and `loading` with them. */
export type ViewState =
  | 'signedOut'
  | 'loading'
  | 'ready'
  | 'empty'
  | 'denied'
  | 'offline'
  | 'rejected'
  | 'expired'
  | 'keyNotKept'
  | 'failed';

/** Connects the active profile to the inventory: whose clients are in view, and when they are listed. */
export interface Session extends Disposable {
  readonly profile: Profile | undefined;
  readonly state: ViewState;
  /** Fires when the profile, the state or the rows changed. */
  readonly onDidChange: Event<void>;
  /** Lists the clients when somebody looks and they were not listed yet. */
  setVisible(visible: boolean): void;
}

/** Opens the scope of the active profile now, and whenever another profile becomes active. */
export function createSession(world: {
  readonly profiles: Pick<Profiles, 'active' | 'keyState' | 'onDidChange'>;
  readonly inventory: Inventory;
  /** Finds out whose key a profile has that was saved unverified, and keeps it. */
  readonly identify: (profile: Profile, waiting: Waiting) => Promise<unknown>;
  readonly log: Log;
}): Session {
  const { profiles, inventory, log } = world;
  const owned = new DisposableStore();
  const changes = owned.add(new Emitter<void>());
  const leaving = new AbortController();
  let shown: { readonly scope: Scope; readonly keyState: KeyState } | undefined;
  let visible = false;

  const listIfLookedAt = () => {
    const phase = inventory.state?.phase;
    if (visible && (phase === 'empty' || phase === 'stored')) void inventory.refresh();
  };

  const follow = () => {
    const { active } = profiles;
    const next = active && { scope: scopeOf(active), keyState: profiles.keyState(active.id) };
    const same =
      next?.keyState === shown?.keyState &&
      (next && scopeKey(next.scope)) === (shown && scopeKey(shown.scope));
    if (!same) {
      shown = next;
      inventory.open(next?.keyState === 'kept' ? next.scope : undefined);
      if (active && active.accountId === undefined && next?.keyState === 'kept') void identify(active);
    }
    listIfLookedAt();
    changes.fire();
  };

  /** A profile that was saved unverified is verified as soon as the service can be asked. */
  const identify = async (profile: Profile) => {
    try {
      await world.identify(profile, { signal: leaving.signal });
    } catch (error) {
      if (!isCancelled(error)) log.write('info', 'profile still unverified', error);
    }
  };

  owned.add(profiles.onDidChange(follow));
  owned.add(inventory.onDidChange(() => changes.fire()));
  follow();

  return {
    get profile() {
      return profiles.active;
    },
    get state() {
      const { active } = profiles;
      if (!active) return 'signedOut';
      if (profiles.keyState(active.id) === 'not-kept') return 'keyNotKept';
      return inventory.state ? viewStateOf(inventory.state) : 'loading';
    },
    onDidChange: changes.event,
    setVisible(now) {
      visible = now;
      listIfLookedAt();
    },
    dispose() {
      leaving.abort();
      owned.dispose();
    },
  };
}

/** ECS clients of the first place that the profile shows. */
function scopeOf(profile: Profile): Scope {
  const [pin] = pinsOf(profile);
  return {
    profileId: profile.id,
    accountId: profile.accountId ?? '',
    regionId: pin.regionId,
    clientType: 'ECS_CLIENT',
    ...(pin.crossAccount && { crossAccount: pin.crossAccount }),
  };
}

function viewStateOf(state: InventoryState): ViewState {
  switch (state.phase) {
    case 'empty':
    case 'loading':
      return 'loading';
    case 'stored':
    case 'ready':
      return state.clients.size > 0 ? 'ready' : 'empty';
    case 'failed':
      return failedStateOf(state);
  }
}

function failedStateOf({ error }: InventoryState): ViewState {
  switch (error?.code) {
    case 'permission-denied':
      return 'denied';
    case 'unreachable':
    case 'timeout':
    case 'connection-lost':
    case 'tls-failed':
    case 'proxy-refused':
      return 'offline';
    case 'credentials-rejected':
      return 'rejected';
    case 'credentials-expired':
      return 'expired';
    case 'credentials-missing':
      return 'keyNotKept';
    default:
      return 'failed';
  }
}
