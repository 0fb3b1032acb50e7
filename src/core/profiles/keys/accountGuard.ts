import { t } from '@vscode/l10n';
import { plainText } from '../../kernel/plainText';
import type { Waiting } from '../../kernel/waiting';
import type { AccessKey } from '../../service/model';
import type { VerifiedIdentity } from '../identity';
import type { Profile } from '../profile';
import { SourceUnusable } from './credentialSource';

/**
 * Keeps a profile to its account: its rows, operations and listings belong to one, and a source outside VS Code may
 * give the key of another. Each key is asked about once.
 */
export interface AccountGuard {
  /** Throws {@link SourceUnusable} for the key of another account, and the failures of asking for the account. */
  check(profile: Profile, key: AccessKey, waiting: Waiting): Promise<void>;
  /** The account of a key is known already, so that the service isn't asked again. */
  note(profileId: string, key: AccessKey, accountId: string): void;
}

/** @param ownerOf asks the service for the account of a new key of a profile */
export function createAccountGuard(
  ownerOf: (profile: Profile, key: AccessKey, waiting: Waiting) => Promise<VerifiedIdentity>,
): AccountGuard {
  const known = new Map<string, { readonly accessKeyId: string; readonly accountId: string }>();
  const note: AccountGuard['note'] = (profileId, { accessKeyId }, accountId) => {
    known.set(profileId, { accessKeyId, accountId });
  };
  return {
    note,
    async check(profile, key, waiting) {
      const { id, accountId } = profile;
      if (accountId === undefined) return;
      if (known.get(id)?.accessKeyId !== key.accessKeyId) {
        note(id, key, (await ownerOf(profile, key, waiting)).accountId);
      }
      const found = known.get(id)?.accountId ?? '';
      if (found === accountId) return;
      throw new SourceUnusable(
        t({
          message:
            'This profile belongs to account {account}, but its credentials are now for account {other}. Restore the old credentials, or add the profile again.',
          args: { account: plainText(accountId), other: plainText(found) },
          comment: ['{account} and {other} are account IDs.'],
        }),
        `key of another account, profile: ${id}`,
      );
    },
  };
}
