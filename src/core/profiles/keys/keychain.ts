import { t } from '@vscode/l10n';
import { BackupError } from '../../service/errors';

/** Service name under which access keys are looked for unless the user names another. */
export const defaultKeychainService = 'alibaba-cloud-backup';

/** One entry of the keychain of the operating system: account is the access key id, password its secret. */
export interface KeychainEntry {
  readonly account: string;
  readonly password: string;
}

/** The keychain of the operating system. Only read, and only when the user asks for it. */
export interface Keychain {
  /**
   * All entries of a service, none when there's no such service or the user left the keychain locked. May wait for
   * a prompt of the operating system. Throws {@link KeychainUnavailable}.
   */
  entries(service: string): Promise<readonly KeychainEntry[]>;
}

/**
 * `library-missing`: the system library or its native binding can't be loaded. `no-service`: nothing answers for
 * the keychain, on Linux no session bus or no secret service on it. `denied`: locked, or access refused. `failed`:
 * anything else.
 */
export type KeychainTrouble = 'library-missing' | 'no-service' | 'denied' | 'failed';

/** `keychain-unavailable`, with what exactly is in the way: each trouble has a next step of its own. */
export class KeychainUnavailable extends BackupError {
  readonly trouble: KeychainTrouble;

  constructor(trouble: KeychainTrouble, message: string, cause: unknown) {
    super('keychain-unavailable', message, { cause });
    this.trouble = trouble;
  }

  override inWords(): string {
    return keychainInWords[this.trouble]();
  }
}

const keychainInWords: Readonly<Record<KeychainTrouble, () => string>> = {
  'library-missing': () =>
    t(
      'The library for the system keychain is missing. On Linux, install libsecret and reload the window, or use Add Profile.',
    ),
  'no-service': () =>
    t(
      'No keychain service is available. On Linux, it needs a D-Bus session and a service such as GNOME Keyring. Start VS Code in a desktop session, or use Add Profile.',
    ),
  denied: () =>
    t('The system keychain is locked or denied access. Unlock it and allow access, or use Add Profile.'),
  failed: () => t('The system keychain returned an error. See the log for its message, or use Add Profile.'),
};

const highFirst = /^(?:\0[^\0])+(?:\0\0)*$/;
const lowFirst = /^(?:[^\0]\0)+(?:\0\0)*$/;
const printable = /^[\x21-\x7e]+$/;

/**
 * The text that a keychain entry was meant to hold, without white space around it. Other programs keep UTF-16 there,
 * which arrives as letters with zeros between them, or a zero at the end. Undefined for what isn't the plain ASCII of an
 * access key then; empty for an empty entry.
 */
export function keychainText(stored: string): string | undefined {
  // A byte order mark, or what is left of one.
  const text = stored.replace(/^(?:\uFEFF|\uFFFD{2})/, '');
  const wide = lowFirst.test(text) || highFirst.test(text);
  const plain = (wide ? text.replaceAll('\0', '') : text.replace(/\0+$/, '')).trim();
  return plain === '' || printable.test(plain) ? plain : undefined;
}
