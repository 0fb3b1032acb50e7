import {
  KeychainUnavailable,
  type Keychain,
  type KeychainEntry,
  type KeychainTrouble,
} from '../core/profiles/keys/keychain';

/** The part of keytar that is used. */
interface Keytar {
  findPassword(service: string): Promise<string | null>;
  findCredentials(service: string): Promise<readonly KeychainEntry[]>;
}

/**
 * Reads the keychain of the operating system through keytar: Keychain on macOS, Credential Manager on Windows, the
 * Secret Service on Linux. The native library is loaded on first use; Node remembers one that failed to load until
 * the window is reloaded.
 *
 * @param load loads the keytar module; given by tests only
 */
export function createKeychain(load: () => Promise<unknown> = () => import('keytar')): Keychain {
  return {
    async entries(service) {
      const keytar = await loadKeytar(load);
      try {
        // On Linux, listing after a dismissed unlock prompt would read secrets that aren't there and end the whole
        // process; looking one up first answers null then.
        if ((await keytar.findPassword(service)) === null) return [];
        return await keytar.findCredentials(service);
      } catch (error) {
        const message = messageOf(error);
        throw new KeychainUnavailable(troubleOf(message), `keychain did not answer: ${message}`, error);
      }
    },
  };
}

async function loadKeytar(load: () => Promise<unknown>): Promise<Keytar> {
  let loaded: unknown;
  try {
    loaded = await load();
  } catch (error) {
    const message = `keychain library did not load: ${messageOf(error)}`;
    throw new KeychainUnavailable('library-missing', message, error);
  }
  // What `import()` gives for a CommonJS module holds its exports under `default`.
  for (const candidate of [loaded, defaultOf(loaded)]) {
    if (isKeytar(candidate)) return candidate;
  }
  throw new KeychainUnavailable(
    'library-missing',
    'keychain library has not the expected functions',
    undefined,
  );
}

/** Messages of GLib and D-Bus, Windows and macOS, as seen or documented there. They aren't localized by keytar. */
const signs: readonly (readonly [KeychainTrouble, RegExp])[] = [
  [
    'no-service',
    /autolaunch|dbus-launch|ServiceUnknown|org\.freedesktop\.secrets|Could not connect|address is empty|unsupported transport|NoReply|Connection refused|timed? ?out/i,
  ],
  ['denied', /locked|dismissed|denied|not permitted|not authori[sz]ed|cancell?ed|passphrase|interaction/i],
];

function troubleOf(message: string): KeychainTrouble {
  return signs.find(([, pattern]) => pattern.test(message))?.[0] ?? 'failed';
}

function isKeytar(value: unknown): value is Keytar {
  return (
    typeof value === 'object' &&
    value !== null &&
    'findPassword' in value &&
    typeof value.findPassword === 'function' &&
    'findCredentials' in value &&
    typeof value.findCredentials === 'function'
  );
}

function defaultOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'default' in value ? value.default : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
