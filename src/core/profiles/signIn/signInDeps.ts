import type { Notices, Questions } from '../../interaction/interaction';
import type { Log } from '../../kernel/log';
import type { Redactor } from '../../kernel/redact';
import type { Profiles } from '../createProfiles';
import type { OutsideCredentials } from '../keys/credentialSource';
import type { Keychain } from '../keys/keychain';

/** What the flows of signing in act on. */
export interface SignInDeps extends Omit<Profiles, 'dispose'> {
  readonly outside: Pick<OutsideCredentials, 'offers' | 'allowCommand'>;
  readonly keychain: Keychain;
  readonly questions: Questions;
  readonly notices: Notices;
  readonly redactor: Redactor;
  readonly log: Log;
  /** A new profile id, unlike any other. */
  readonly newId: () => string;
  /** What is wrong with the key of a profile in view, in one localized sentence; undefined when nothing is known. */
  readonly troubleOf: (profileId: string) => string | undefined;
}
