import { t } from '@vscode/l10n';
import { plainText } from '../../kernel/plainText';
import type { Profile } from '../profile';
import type { CredentialSource } from '../keys/credentialSource';
import { showSignedIn } from './keepKey';
import { describeProfile } from './profileRows';
import { askRole, roleSteps } from './askRole';
import { roleTroubleOf, type RoleTrouble } from '../keys/roleTrouble';
import { askName, askRegion } from './askNameAndRegion';
import { verifySource } from './verifyKey';
import type { SignInDeps } from './signInDeps';

/**
 * Makes a profile of a RAM role, which is assumed once before anything is kept. What STS refuses leads back to the
 * field that is wrong. Returns undefined when the user backed out.
 */
export async function addRole(deps: SignInDeps): Promise<Profile | undefined> {
  const { store, keys, view, questions, log, newId } = deps;
  const title = t('Add Profile: {0}', t({ message: 'RAM role', comment: ['A kind of credentials.'] }));
  const steps = roleSteps + 2;
  const sources = store
    .list()
    .filter(({ demo }) => !demo)
    .map((profile) => ({
      label: plainText(profile.name),
      description: describeProfile(profile),
      picked: profile.id === view.active?.id,
      value: profile,
    }));
  let form = await askRole(questions, { title, steps, sources });
  if (form === undefined) return undefined;

  const inUse = store.list().map(({ name }) => name);
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
    const draft: Profile = { id: newId(), name, regionId, source, ...(network && { network }) };
    const trial = keys.tryOut(draft);
    let trouble: RoleTrouble;
    try {
      const verdict = await verifySource(draft, deps);
      if (verdict === undefined) return undefined;
      if (verdict.kind !== 'refused') {
        const identity = verdict.kind === 'verified' ? verdict.identity : undefined;
        const profile: Profile = { ...draft, ...identity };
        await store.add(profile);
        await view.setActive(profile.id);
        log.write('info', `profile of a role added: ${profile.id}`);
        showSignedIn(name, identity, deps);
        return profile;
      }
      const found = roleTroubleOf(verdict.error.cause, form.from.name);
      if (!found) throw verdict.error;
      trouble = found;
    } finally {
      trial.dispose();
    }
    form = await askRole(questions, { title, steps, sources, typed: form, trouble });
    if (form === undefined) return undefined;
  }
}
