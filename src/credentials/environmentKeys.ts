import { t } from '@vscode/l10n';
import { resolve } from 'node:path';
import type { TimedKey } from '../core/profiles/keys/credentialSource';
import { checkedRole } from './checkedRole';
import type { KeyDeps } from './keyDeps';
import type { OidcSource } from './oidcKey';
import { accessKeyOf } from './sessionKey';
import { stsEndpointOf } from './stsEndpoint';

interface KeyVariables {
  readonly id: string;
  readonly secret: string;
  readonly token: string;
}

const withPrefix = (prefix: string): KeyVariables => ({
  id: `${prefix}_ACCESS_KEY_ID`,
  secret: `${prefix}_ACCESS_KEY_SECRET`,
  token: `${prefix}_SECURITY_TOKEN`,
});
const official = withPrefix('ALIBABA_CLOUD');
/** Of the CLI in its order, then of Terraform (documented). */
const others: readonly KeyVariables[] = [
  withPrefix('ALIBABACLOUD'),
  withPrefix('ALICLOUD'),
  { id: 'ALICLOUD_ACCESS_KEY', secret: 'ALICLOUD_SECRET_KEY', token: 'ALICLOUD_SECURITY_TOKEN' },
];
const roleVariable = 'ALIBABA_CLOUD_ROLE_ARN';
const providerVariable = 'ALIBABA_CLOUD_OIDC_PROVIDER_ARN';
const tokenFileVariable = 'ALIBABA_CLOUD_OIDC_TOKEN_FILE';

type Env = KeyDeps['env'];

/** Variables that belong together: what they give, or those of them that are missing where others are set. */
export type FromVariables<T> =
  | { readonly kind: 'set'; readonly value: T }
  | { readonly kind: 'partly'; readonly present: readonly string[]; readonly missing: readonly string[] }
  | { readonly kind: 'unset' };

/** The access key in the environment, with its session token where there is one. */
export function environmentKey(deps: Pick<KeyDeps, 'env' | 'hide'>): FromVariables<TimedKey> {
  return keyIn(official, deps);
}

/**
 * The access key in variables that the CLI and Terraform read and the SDKs don't: the first whole one, else the first
 * of which there is a part.
 */
export function environmentKeyOfOthers(deps: Pick<KeyDeps, 'env' | 'hide'>): FromVariables<TimedKey> {
  const found = others.map((names) => keyIn(names, deps));
  return (
    found.find(({ kind }) => kind === 'set') ??
    found.find(({ kind }) => kind === 'partly') ?? { kind: 'unset' }
  );
}

/** Variables that might hold a key for Alibaba Cloud or for another cloud. Only the CLI reads them. */
export function ambiguousVariables({ env, hide }: Pick<KeyDeps, 'env' | 'hide'>): readonly string[] {
  const secret = env['ACCESS_KEY_SECRET']?.trim() ?? '';
  if (secret !== '') hide(secret);
  return ['ACCESS_KEY_ID', 'ACCESS_KEY_SECRET'].filter((name) => (env[name]?.trim() ?? '') !== '');
}

function keyIn(
  { id, secret, token }: KeyVariables,
  { env, hide }: Pick<KeyDeps, 'env' | 'hide'>,
): FromVariables<TimedKey> {
  const [secretText = '', tokenText = ''] = [secret, token].map((name) => env[name]?.trim() ?? '');
  for (const text of [secretText, tokenText]) if (text !== '') hide(text);
  const state = stateOf(env, [id, secret]);
  if (state.kind !== 'set') return state;
  const key = accessKeyOf(state.value[0] ?? '', secretText, tokenText);
  return { kind: 'set', value: tokenText === '' ? { key } : { key, tokenName: token } };
}

/**
 * The role that is assumed with an OIDC token, as machines in a cluster find it in their environment. A role alone
 * counts as nothing: other sources use that variable too. Throws SourceUnusable for a role that STS could never take.
 *
 * @param deps `home`: where a relative path to the token begins
 */
export function environmentOidc(
  deps: Pick<KeyDeps, 'env' | 'overrides'> & { readonly home: string },
): FromVariables<OidcSource> {
  const { env, home } = deps;
  const state = stateOf(env, [providerVariable, tokenFileVariable, roleVariable]);
  if (state.kind === 'partly' && state.present.every((name) => name === roleVariable))
    return { kind: 'unset' };
  if (state.kind !== 'set') return state;
  const [oidcProviderArn = '', tokenFile = '', roleArn = ''] = state.value;
  const role = checkedRole(
    { roleArn, roleArnField: roleVariable, sessionNameField: '' },
    t({ message: 'the environment', comment: ['Part of a sentence: the environment variables.'] }),
    deps,
  );
  return {
    kind: 'set',
    value: {
      ...role,
      oidcProviderArn,
      tokenFile: resolve(home, tokenFile),
      endpoint: stsEndpointOf({}, deps),
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
