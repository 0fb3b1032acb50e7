import { t } from '@vscode/l10n';
import { plainText } from '../../kernel/plainText';
import type { Profile } from '../profile';
import { SourceUnusable, type CredentialSource } from './credentialSource';

/** The longest chain of roles. STS itself allows fewer in practice. */
const mostRoles = 8;

export function sourceOf(profile: Profile): CredentialSource {
  return profile.source ?? { kind: 'stored' };
}

/**
 * A role's profile, the one that its role is assumed with, and so on down to the one that holds a key; two at least.
 * Throws {@link SourceUnusable} when one was removed, when they form a circle, and beyond 8 roles.
 */
export function sourceChainOf(
  profile: Profile,
  profiles: readonly Profile[],
): readonly [Profile, Profile, ...Profile[]] {
  const chain = [profile];
  for (let at = profile; ;) {
    const source = sourceOf(at);
    if (source.kind !== 'role') break;
    const next = profiles.find(({ id }) => id === source.sourceProfileId);
    if (!next) throw sourceGone(at);
    const before = chain.findIndex(({ id }) => id === next.id);
    chain.push(next);
    if (before >= 0) throw circle(chain.slice(before));
    if (chain.length > mostRoles + 1) throw tooLong(profile);
    at = next;
  }
  const [first, second, ...rest] = chain;
  if (!first || !second) throw new TypeError('no role');
  return [first, second, ...rest];
}

/** The profile at the end of a chain of roles: itself unless it's a role; undefined when it was removed. */
export function rootSourceOf(profile: Profile, profiles: readonly Profile[]): Profile | undefined {
  let at: Profile | undefined = profile;
  for (let steps = 0; at && steps <= mostRoles; steps++) {
    const source: CredentialSource = sourceOf(at);
    if (source.kind !== 'role') return at;
    at = profiles.find(({ id }) => id === source.sourceProfileId);
  }
  return undefined;
}

/** Ids of all profiles that assume their roles with a profile, directly or through others. */
export function dependentsOf(profileId: string, profiles: readonly Profile[]): readonly string[] {
  const found = new Set<string>();
  const visit = (id: string): void => {
    for (const profile of profiles) {
      const source = sourceOf(profile);
      if (source.kind !== 'role' || source.sourceProfileId !== id) continue;
      if (profile.id === profileId || found.has(profile.id)) continue;
      found.add(profile.id);
      visit(profile.id);
    }
  };
  visit(profileId);
  return [...found];
}

function sourceGone(profile: Profile): SourceUnusable {
  return new SourceUnusable(
    t(
      'The source profile of the role “{0}” was removed. Remove this profile, then add the role again with another source profile.',
      plainText(profile.name),
    ),
    `source profile is gone: ${profile.id}`,
  );
}

function circle(chain: readonly Profile[]): SourceUnusable {
  return new SourceUnusable(
    t(
      'These profiles are source profiles of each other: {0}. Remove one of them, then add it again with another source profile.',
      chain.map(({ name }) => plainText(name)).join(' → '),
    ),
    `source profiles go in a circle: ${chain.map(({ id }) => id).join(', ')}`,
  );
}

function tooLong(profile: Profile): SourceUnusable {
  return new SourceUnusable(
    t({
      message:
        'The role chain of “{name}” is longer than {limit}. Add the role again with another source profile.',
      args: { name: plainText(profile.name), limit: mostRoles },
      comment: ['{name} is a profile. A role chain is a role that is assumed with another role, and so on.'],
    }),
    `too many roles: ${profile.id}`,
  );
}
