import type { BackupError } from '../errors';
import type { Translate } from '../localize';
import { SourceUnusable } from '../profiles/credentialSource';
import { failureInWords } from '../reasons';

/** Why clients could not be listed, as a sentence with one next step. */
export function listingTrouble(error: BackupError, t: Translate): string {
  return error instanceof SourceUnusable ? error.sentence : failureInWords(error, t);
}
