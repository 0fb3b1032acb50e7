import { t } from '@vscode/l10n';
import { plainText } from '../core/kernel/plainText';
import { SourceUnusable, type RoleRequest } from '../core/profiles/keys/credentialSource';
import type { KeyDeps } from './keyDeps';

/** A role as a file or the environment writes it, and how the two things that may be wrong are called there. */
export interface WrittenRole {
  readonly roleArn: string;
  readonly roleArnField: string;
  /** Undefined or empty where it is left to `ALIBABA_CLOUD_ROLE_SESSION_NAME`, else to us. */
  readonly sessionName?: string | undefined;
  readonly sessionNameField: string;
  readonly policy?: string | undefined;
}

const sessionNameVariable = 'ALIBABA_CLOUD_ROLE_SESSION_NAME';

/**
 * The role as STS takes it, for an hour, the default of the official SDKs. Throws SourceUnusable for what STS could
 * never take.
 *
 * @param place where it is written, in words
 */
export function checkedRole(
  written: WrittenRole,
  place: string,
  { env }: Pick<KeyDeps, 'env'>,
): Omit<RoleRequest, 'externalId'> {
  const { roleArn, policy } = written;
  if (!/^acs:ram::\d+:role\/\S+$/.test(roleArn)) {
    throw new SourceUnusable(
      t({
        message: "{field} in {place} isn't the ARN of a RAM role. Correct it, then try again.",
        args: { field: written.roleArnField, place },
        comment: ['{field} is a field or environment variable, {place} the file or “the environment”.'],
      }),
      'role is no ARN of a RAM role',
    );
  }
  const own = written.sessionName?.trim() ?? '';
  const sessionName = own || env[sessionNameVariable]?.trim() || 'cloud-backup-vscode';
  if (!/^[\w.@-]{2,64}$/.test(sessionName)) {
    throw new SourceUnusable(
      t({
        message:
          'Use 2 to 64 letters, digits, and . @ - _ for {field} in {place}. Correct it, then try again.',
        args: {
          field: own ? written.sessionNameField : sessionNameVariable,
          place: own
            ? place
            : t({ message: 'the environment', comment: ['Part of a sentence: the environment variables.'] }),
        },
        comment: ['{field} is a field or environment variable, {place} the file or “the environment”.'],
      }),
      'session name is not one that STS takes',
    );
  }
  return { roleArn, sessionName, durationSeconds: 3600, ...(policy && { policy }) };
}

/** A required value. Throws SourceUnusable when it is empty. */
export function required(value: string | undefined, field: string, place: string): string {
  const text = value?.trim() ?? '';
  if (text !== '') return text;
  throw new SourceUnusable(
    t({
      message: "{field} isn't set in {place}. Add it, then try again.",
      args: { field, place: plainText(place, 400) },
      comment: ['{field} is a field, {place} a section of a file.'],
    }),
    `${field} is missing`,
  );
}
