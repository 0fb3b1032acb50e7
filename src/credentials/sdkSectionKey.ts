import { t } from '@vscode/l10n';
import { resolve } from 'node:path';
import { plainText } from '../core/kernel/plainText';
import { SourceUnusable } from '../core/profiles/keys/credentialSource';
import { tokenTroubleOf } from '../core/profiles/keys/tokenTrouble';
import { checkedRole, required } from './checkedRole';
import type { KeyDeps, KeyReader } from './keyDeps';
import { metadataKey } from './metadataService';
import { oidcKey } from './oidcKey';
import type { IniSection } from './sdkIni';
import { accessKeyOf } from './sessionKey';
import { stsEndpointOf, stsRegionVariable } from './stsEndpoint';
import { askSts } from './askSts';

/** A section of the credentials file, and its file. */
export interface SdkSection {
  readonly name: string;
  readonly values: IniSection;
  /** Path of the file, safe to show. */
  readonly file: string;
}

export interface SdkKeyDeps extends KeyDeps {
  /** The user's home: a relative path to a token begins there. */
  readonly home: string;
}

const secretFields = ['access_key_secret', 'security_token', 'private_key', 'bearer_token'] as const;

/** Everything in a section that must not be seen. */
export function secretsOfSection(values: IniSection): readonly string[] {
  return secretFields.map((field) => values.get(field)).filter((value) => value !== undefined);
}

/** What kind of credentials a type gives, in a few words. The type itself is content of the file and isn't shown. */
export function sdkTypeInWords(values: IniSection): string {
  switch (values.get('type')) {
    case 'access_key':
      return t({ message: 'Access key', comment: ['A kind of credentials.'] });
    case 'sts':
      return t({ message: 'Temporary credentials', comment: ['A kind of credentials.'] });
    case 'ecs_ram_role':
      return t('RAM role of this ECS instance');
    case 'ram_role_arn':
      return t({ message: 'RAM role', comment: ['A kind of credentials.'] });
    case 'oidc_role_arn':
      return t('RAM role with an OIDC token');
    case 'rsa_key_pair':
      return t({ message: 'RSA key pair', comment: ['A kind of credentials.'] });
    case 'bearer':
      return t({ message: 'Bearer token', comment: ['A kind of credentials.'] });
    default:
      return t({
        message: 'Unknown type',
        comment: ['In place of a kind of credentials: the type in a file is unknown.'],
      });
  }
}

/**
 * Finds out how the key of a section is read, without reading it. Throws SourceUnusable for a section that can't give
 * one, so that a list can show why.
 */
export function sdkKeyReader({ name, values, file }: SdkSection, deps: SdkKeyDeps): KeyReader {
  const {} = deps;
  const place = t({
    message: 'section “{name}” of {file}',
    args: { name: plainText(name), file },
    comment: ['Part of a sentence, after “the” or “in”. {name} is a section of an INI file.'],
  });
  const tokenName = t('security_token in the {0}', place);
  const need = (field: string): string => required(values.get(field), field, place);
  const unusable = (sentence: string): SourceUnusable =>
    new SourceUnusable(sentence, 'section of the credentials file cannot give a key');
  // Documented for the Java SDK: a section may be switched off.
  if (/^false$/i.test(values.get('enable') ?? '')) {
    throw unusable(t('The {0} is turned off by “enable = false”. Change that, then try again.', place));
  }
  const role = (): ReturnType<typeof checkedRole> =>
    checkedRole(
      {
        roleArn: values.get('role_arn') || deps.env['ALIBABA_CLOUD_ROLE_ARN'] || need('role_arn'),
        roleArnField: 'role_arn',
        sessionName: values.get('role_session_name'),
        sessionNameField: 'role_session_name',
        policy: values.get('policy'),
      },
      place,
      deps,
    );
  const sts = (): string => stsEndpointOf({ home: values.get('region_id') }, deps);
  switch (need('type')) {
    case 'access_key': {
      const key = accessKeyOf(need('access_key_id'), need('access_key_secret'), undefined);
      return () => Promise.resolve({ key });
    }
    case 'sts': {
      const key = accessKeyOf(need('access_key_id'), need('access_key_secret'), need('security_token'));
      return () => Promise.resolve({ key, tokenName });
    }
    case 'ecs_ram_role': {
      const roleName = values.get('role_name')?.trim();
      return (waiting) => metadataKey(roleName === '' ? undefined : roleName, deps, waiting);
    }
    case 'ram_role_arn': {
      const key = accessKeyOf(need('access_key_id'), need('access_key_secret'), values.get('security_token'));
      const request = role();
      return async (waiting) => {
        try {
          const endpoint = sts();
          return await askSts(endpoint, stsRegionVariable, () =>
            deps.sts.assumeRole(endpoint, key, request, waiting),
          );
        } catch (error) {
          throw tokenTroubleOf(error, key.securityToken && tokenName) ?? error;
        }
      };
    }
    case 'oidc_role_arn': {
      const source = {
        ...role(),
        oidcProviderArn: need('oidc_provider_arn'),
        tokenFile: resolve(deps.home, need('oidc_token_file_path')),
      };
      return (waiting) => oidcKey({ ...source, endpoint: sts() }, deps, waiting);
    }
    case 'rsa_key_pair':
      throw unusable(t("RSA key pairs aren't supported. Use an access key or a RAM role in the {0}.", place));
    case 'bearer':
      throw unusable(t("Bearer tokens aren't supported. Use an access key or a RAM role in the {0}.", place));
    default:
      throw unusable(
        t({
          message: 'The type in the {place} is unknown. Use one of these: {types}.',
          args: { place, types: 'access_key, sts, ecs_ram_role, ram_role_arn, oidc_role_arn' },
          comment: ['{place} is a section of a file, {types} a list of values.'],
        }),
      );
  }
}
