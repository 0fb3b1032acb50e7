import { t } from '@vscode/l10n';
import { plural } from '../../kernel/localize';
import type { Notices, Questions } from '../../interaction/interaction';
import { plainText } from '../../kernel/plainText';
import type { AllowedProgram, CommandConsent } from '../keys/commandConsent';
import type { KeyRing } from '../keys/keyRing';
import type { ProfileStore } from '../profileStore';
import { rootSourceOf, sourceOf } from '../keys/sourceChain';

/**
 * "Manage Allowed Programs…": shows the programs that may run to get a key, all ticked, and takes back those that the
 * user unticks. Keys that come from a program are read again then, so that it runs no more without being allowed.
 */
export function createManagePrograms({
  consent,
  store,
  keys,
  questions,
  notices,
}: {
  readonly consent: Pick<CommandConsent, 'list' | 'revoke'>;
  readonly store: Pick<ProfileStore, 'list'>;
  readonly keys: Pick<KeyRing, 'readAgain'>;
  readonly questions: Pick<Questions, 'many'>;
  readonly notices: Pick<Notices, 'info'>;
}): () => Promise<void> {
  return async () => {
    const programs = consent.list();
    if (programs.length === 0) {
      notices.info(t("No programs are allowed to run. You'll be asked when a CLI profile needs one."));
      return;
    }
    const kept = await questions.many(
      {
        title: t('Manage Allowed Programs'),
        placeholder: t('Select the programs that can run'),
      },
      programs.map((program) => ({ ...rowOf(program), picked: true, value: program.id })),
    );
    if (kept === undefined) return;
    const dropped = programs.filter(({ id }) => !kept.includes(id));
    if (dropped.length === 0) return;
    await consent.revoke(dropped.map(({ id }) => id));
    const all = store.list();
    for (const profile of all) {
      const root = rootSourceOf(profile, all);
      const kind = root && sourceOf(root).kind;
      if (kind === 'cli' || kind === 'default') keys.readAgain(profile.id);
    }
    notices.info(
      plural(dropped.length, {
        one: (count) => t("{0} program can't run anymore. You'll be asked before it runs again.", count),
        other: (count) => t("{0} programs can't run anymore. You'll be asked before they run again.", count),
      }),
    );
  };
}

function rowOf({ profileName, fileName }: AllowedProgram): { label: string; description: string } {
  if (fileName === '')
    return {
      label: t({ message: 'Unnamed program', comment: ['A program without a stored file name.'] }),
      description: t('Allowed in an earlier release'),
    };
  return { label: plainText(fileName), description: t('CLI profile “{0}”', plainText(profileName)) };
}
