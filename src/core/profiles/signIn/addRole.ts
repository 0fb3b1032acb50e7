import { t } from '@vscode/l10n';
import { plainText } from '../../kernel/plainText';
import type { Profile } from '../profile';
import type { CredentialSource } from '../keys/credentialSource';
import { tellSignedIn } from './keepKey';
import { describeProfile } from '../profileRows';
import { askRole, roleSteps } from './roleForm';
import { roleTroubleOf, type RoleTrouble } from './roleTrouble';
import { askName, askRegion } from './signInPlace';
import { verifySource } from './signInVerify';
import type { SignInWorld } from './signInWorld';

/**
 * Makes a profile of a RAM role, which is assumed once before anything is kept. What STS refuses leads back to the
 * field that is wrong. Answers undefined when the user backed out.
 */
export async function addRole(world: SignInWorld): Promise<Profile | undefined> {
  const { profiles, questions, log, newId } = world;
  const title = t('Add Profile: RAM Role');
  const steps = roleSteps + 2;
  const sources = profiles
    .list()
    .filter(({ demo }) => !demo)
    .map((profile) => ({
      label: plainText(profile.name),
      description: describeProfile(profile),
      picked: profile.id === profiles.active?.id,
      value: profile,
    }));
  let form = await askRole(questions, { title, steps, sources });
  if (form === undefined) return undefined;

  const inUse = profiles.list().map(({ name }) => name);
  const suggested = form.role.roleArn.split('/').at(-1) ?? '';
  const name = await askName(
    questions,
    { title, step: { number: steps - 1, of: steps }, value: suggested },
    inUse,
  );
  if (name === undefined) return undefined;
  const regionId = await askRegion(
    questions,
    { title, step: { number: steps, of: steps } },
    form.from.regionId,
  );
  if (regionId === undefined) return undefined;

  for (;;) {
    const source: CredentialSource = { kind: 'role', sourceProfileId: form.from.id, role: form.role };
    const { network } = form.from;
    const probe = profiles.probeSource(source, regionId, network);
    let trouble: RoleTrouble;
    try {
      const verdict = await verifySource(probe, regionId, world);
      if (verdict === undefined) return undefined;
      if (verdict.kind !== 'refused') {
        const identity = verdict.kind === 'verified' ? verdict.identity : undefined;
        const placed = { id: newId(), name, regionId, ...(network && { network }) };
        const profile: Profile = { ...placed, source, ...identity };
        await profiles.addSource(profile, probe);
        log.write('info', `profile of a role added: ${profile.id}`);
        tellSignedIn(name, identity, world);
        return profile;
      }
      const found = roleTroubleOf(verdict.error.cause, form.from.name);
      if (!found) throw verdict.error;
      trouble = found;
    } finally {
      probe.dispose();
    }
    form = await askRole(questions, { title, steps, sources, typed: form, trouble });
    if (form === undefined) return undefined;
  }
}
