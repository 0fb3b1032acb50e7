import { resolve } from 'node:path';
import type { AccessKey } from '../core/model';
import { checkedRole } from './checkedRole';
import type { KeyParts } from './keyParts';
import type { OidcSource } from './oidcKey';
import { accessKeyOf } from './sessionAnswer';
import { stsEndpointOf } from './stsEndpoint';

const idVariable = 'ALIBABA_CLOUD_ACCESS_KEY_ID';
const secretVariable = 'ALIBABA_CLOUD_ACCESS_KEY_SECRET';
const tokenVariable = 'ALIBABA_CLOUD_SECURITY_TOKEN';
const roleVariable = 'ALIBABA_CLOUD_ROLE_ARN';
const providerVariable = 'ALIBABA_CLOUD_OIDC_PROVIDER_ARN';
const tokenFileVariable = 'ALIBABA_CLOUD_OIDC_TOKEN_FILE';

type Env = KeyParts['env'];

/** Variables that belong together: what they give, or those of them that are missing where others are set. */
export type FromVariables<T> =
  | { readonly kind: 'set'; readonly value: T }
  | { readonly kind: 'partly'; readonly present: readonly string[]; readonly missing: readonly string[] }
  | { readonly kind: 'unset' };

/** The access key in the environment, with its session token where there is one. */
export function environmentKey({ env, hide }: Pick<KeyParts, 'env' | 'hide'>): FromVariables<AccessKey> {
  const secrets = [env[secretVariable], env[tokenVariable]].map((text) => text?.trim() ?? '');
  for (const secret of secrets) if (secret !== '') hide(secret);
  const state = stateOf(env, [idVariable, secretVariable]);
  if (state.kind !== 'set') return state;
  const [id = '', secret = ''] = state.value;
  return { kind: 'set', value: accessKeyOf(id, secret, secrets[1]) };
}

/**
 * The role that is assumed with an OIDC token, as machines in a cluster find it in their environment. A role alone
 * counts as nothing: other sources use that variable too. Throws SourceUnusable for a role that STS could never take.
 *
 * @param parts `home`: where a relative path to the token begins
 */
export function environmentOidc(
  parts: Pick<KeyParts, 'env' | 'overrides' | 't'> & { readonly home: string },
): FromVariables<OidcSource> {
  const { env, home, t } = parts;
  const state = stateOf(env, [providerVariable, tokenFileVariable, roleVariable]);
  if (state.kind === 'partly' && state.present.every((name) => name === roleVariable))
    return { kind: 'unset' };
  if (state.kind !== 'set') return state;
  const [oidcProviderArn = '', tokenFile = '', roleArn = ''] = state.value;
  const role = checkedRole(
    { roleArn, roleArnField: roleVariable, sessionNameField: '' },
    t('the environment'),
    parts,
  );
  return {
    kind: 'set',
    value: {
      ...role,
      oidcProviderArn,
      tokenFile: resolve(home, tokenFile),
      endpoint: stsEndpointOf(undefined, parts),
    },
  };
}

function stateOf(env: Env, names: readonly string[]): FromVariables<readonly string[]> {
  const values = names.map((name) => env[name]?.trim() ?? '');
  const present = names.filter((_name, index) => values[index] !== '');
  if (present.length === 0) return { kind: 'unset' };
  if (present.length === names.length) return { kind: 'set', value: values };
  return { kind: 'partly', present, missing: names.filter((name) => !present.includes(name)) };
}
