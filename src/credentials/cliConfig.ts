import { t } from '@vscode/l10n';
import { isRecord } from '../core/kernel/objects';
import { plainText } from '../core/kernel/plainText';
import { jsonObjectIn } from './json';
import { BrokenFile } from './smallFile';

/** Secret ones. Those of every profile are passed to `hide` before anything else happens to them. */
const secretFields = [
  'access_key_secret',
  'sts_token',
  'access_token',
  'oauth_access_token',
  'oauth_refresh_token',
  'private_key',
  'bearer_token',
] as const;

const textFields = [
  ...secretFields,
  'name',
  'mode',
  'region_id',
  'access_key_id',
  'ram_role_name',
  'ram_role_arn',
  'ram_session_name',
  'external_id',
  'source_profile',
  'sts_region',
  'sts_endpoint',
  'process_command',
  'credentials_uri',
  'oidc_provider_arn',
  'oidc_token_file',
  'key_pair_name',
  'endpoint',
  'endpoint_type',
  'cloud_sso_sign_in_url',
  'oauth_site_type',
  'site',
] as const;

const numberFields = [
  'expired_seconds',
  'sts_expiration',
  'cloud_sso_access_token_expire',
  'oauth_refresh_token_expire',
] as const;

/** Field of a profile that holds text. */
export type TextField = (typeof textFields)[number];
type NumberField = (typeof numberFields)[number];

/** A profile of the Alibaba Cloud CLI, in the words of its file. What is left out there is empty, or 0, here. */
export type CliProfile = Readonly<Record<TextField, string> & Record<NumberField, number>> & {
  /** Why the profile can't be read; localized. */
  readonly problem?: string;
};

/** What a configuration file of the CLI says. */
export interface CliConfig {
  /** Name of the profile that the CLI uses by default. */
  readonly current: string;
  /** In the order of the file, each name once: the first one counts, as in the CLI. */
  readonly profiles: readonly CliProfile[];
  /** Localized: what is left out, and why. */
  readonly problems: readonly string[];
}

/**
 * Reads a configuration file of the CLI. A profile with a value of a wrong type keeps its place with a `problem`.
 * Throws BrokenFile for a text that isn't such a file.
 */
export function decodeCliConfig(text: string, hide: (secret: string) => void): CliConfig {
  const config = jsonObjectIn(text);
  const { current, profiles: entries } = config;
  if (entries !== undefined && entries !== null && !Array.isArray(entries)) {
    throw new BrokenFile(t('Its “{0}” must be a list.', 'profiles'));
  }
  const problems: string[] = [];
  const profiles = new Map<string, CliProfile>();
  for (const [index, entry] of (entries ?? []).entries()) {
    const path = `profiles[${index}]`;
    const profile = isRecord(entry) ? decodeProfile(entry, path, hide) : undefined;
    if (profile === undefined) problems.push(t("{0} isn't an object.", path));
    else if (profile.name === '') problems.push(profile.problem ?? t('{0} has no name.', path));
    else if (profiles.has(profile.name)) {
      problems.push(
        t(
          'The CLI profile “{0}” is in the file more than once. The first one is used.',
          plainText(profile.name),
        ),
      );
    } else profiles.set(profile.name, profile);
  }
  if (current !== undefined && current !== null && typeof current !== 'string') {
    problems.push(t("{0} isn't text.", 'current'));
  }
  return {
    current: typeof current === 'string' && current !== '' ? current : 'default',
    profiles: [...profiles.values()],
    problems,
  };
}

function decodeProfile(
  entry: Readonly<Record<string, unknown>>,
  path: string,
  hide: (secret: string) => void,
): CliProfile {
  let problem: string | undefined;
  const text = (field: TextField): string => {
    const value = entry[field] ?? '';
    if (typeof value === 'string') return value;
    problem ??= t("{0} isn't text. Correct it in the file.", `${path}.${field}`);
    return '';
  };
  const number = (field: NumberField): number => {
    const value = entry[field] ?? 0;
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
    problem ??= t("{0} isn't a whole number. Correct it in the file.", `${path}.${field}`);
    return 0;
  };
  for (const field of secretFields) {
    const secret = entry[field];
    if (typeof secret === 'string' && secret !== '') hide(secret);
  }
  const profile = {
    ...recordOf(textFields, text),
    ...recordOf(numberFields, number),
  };
  return problem === undefined ? profile : { ...profile, problem };
}

function recordOf<Field extends string, Value>(
  fields: readonly Field[],
  read: (field: Field) => Value,
): Record<Field, Value> {
  return Object.fromEntries(fields.map((field) => [field, read(field)])) as Record<Field, Value>;
}
