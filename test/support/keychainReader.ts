// Runs in a process of its own, on the session bus of a secret service: puts entries into the keyring, then says what
// the system keychain gives for each service name.
import { setPassword } from 'keytar';
import { createKeychain } from '../../src/credentials/keychain';
import { KeychainUnavailable } from '../../src/core/profiles/keys/keychain';

/** What is asked of it, as JSON in its first argument. */
export interface KeychainErrand {
  /** Service, account and password. */
  readonly put: readonly (readonly [string, string, string])[];
  readonly read: readonly string[];
}

/** What it prints, in the order of `read`: entries as account and password, or what was in the way. */
export type KeychainFinding = readonly (readonly [string, string])[] | string;

async function main({ put, read }: KeychainErrand): Promise<void> {
  for (const entry of put) await setPassword(...entry);
  const keychain = createKeychain();
  const findings: KeychainFinding[] = [];
  for (const service of read) {
    try {
      const entries = await keychain.entries(service);
      findings.push(entries.map(({ account, password }): [string, string] => [account, password]).sort());
    } catch (error) {
      if (!(error instanceof KeychainUnavailable)) throw error;
      findings.push(error.trouble);
    }
  }
  process.stdout.write(`${JSON.stringify(findings)}\n`);
}

void main(JSON.parse(process.argv[2] ?? '') as KeychainErrand);
