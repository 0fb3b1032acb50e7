import type { BackupError } from '../service/errors';
import { SourceUnusable } from '../profiles/keys/credentialSource';
import { failureInWords } from '../service/reasons';

/** Why clients couldn't be listed, as a sentence with one next step. */
export function listingTrouble(error: BackupError): string {
  return error instanceof SourceUnusable ? error.sentence : failureInWords(error);
}
