import type { Notices, Questions } from '../interaction';
import type { Translate } from '../localize';
import type { BackupApi, Log } from '../ports';
import type { Redactor } from '../redact';
import type { OutsideCredentials } from './credentialSource';
import type { Keychain } from './keychain';
import type { Profiles } from './profiles';

/** What the flows of signing in act on. */
export interface SignInWorld {
  readonly profiles: Profiles;
  readonly api: Pick<BackupApi, 'getCallerIdentity'>;
  readonly outside: Pick<OutsideCredentials, 'offers' | 'allowCommand'>;
  readonly keychain: Keychain;
  readonly questions: Questions;
  readonly notices: Notices;
  readonly redactor: Redactor;
  readonly log: Log;
  readonly t: Translate;
  /** A new profile id, unlike any other. */
  readonly newId: () => string;
  /** What is wrong with the key of a profile in view, in one localised sentence; undefined when nothing is known. */
  readonly troubleOf: (profileId: string) => string | undefined;
}
