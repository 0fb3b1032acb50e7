import type { Clock } from '../core/kernel/clock';
import type { Waiting } from '../core/kernel/waiting';
import type { StsApi, TimedKey } from '../core/profiles/keys/credentialSource';
import type { EndpointOverrides } from '../core/profiles/endpointOverrides';
import type { PlainHttp } from '../core/profiles/keys/plainHttp';

/** What reading a key from outside VS Code needs. */
export interface KeyDeps {
  readonly http: PlainHttp;
  readonly sts: StsApi;
  readonly clock: Clock;
  /** Milliseconds to add to this computer's clock to get the service's; 0 until known. */
  readonly clockOffsetMs: () => number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Hosts that the user put in place of the public ones, as they are now. */
  readonly overrides: () => EndpointOverrides;
  /** Gets every secret that is read, used or not, before anything is done with it. */
  readonly hide: (secret: string) => void;
}

/** Asks a source for its key. Throws what `OutsideCredentials.read` throws. */
export type KeyReader = (waiting: Waiting) => Promise<TimedKey>;

/** True for a variable of the official tools that switches something: `1` or `true`, in whatever case. */
export function isOn(value: string | undefined): boolean {
  return /^(?:1|true)$/i.test(value?.trim() ?? '');
}
