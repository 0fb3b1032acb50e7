import { t } from '@vscode/l10n';
import type { Choice, Questions } from '../../interaction/interaction';
import type { Profile } from '../profile';
import type { RoleRequest } from '../keys/credentialSource';
import type { RoleTrouble } from '../keys/roleTrouble';

/** A RAM role and its source profile. */
export interface RoleForm {
  readonly from: Profile;
  readonly role: RoleRequest;
}

interface RoleQuestion {
  readonly title: string;
  /** Steps of the whole flow; those of the role are the first of them. */
  readonly steps: number;
  readonly sources: readonly Choice<Profile>[];
  /** What was typed before, and which of it to ask again. */
  readonly typed?: RoleForm;
  readonly trouble?: RoleTrouble;
}

/** How many questions a role takes. */
export const roleSteps = 5;

const usualSession = 'vscode-cloud-backup';
const usualSeconds = 3600;

/** Asks for a role, or only for what was wrong with it. Returns undefined when the user backed out. */
export async function askRole(
  questions: Questions,
  { title, steps, sources, typed, trouble }: RoleQuestion,
): Promise<RoleForm | undefined> {
  const asks = (field: RoleTrouble['at']): boolean => trouble === undefined || trouble.at === field;
  const prompt = (field: RoleTrouble['at'], usual: string): string =>
    trouble?.at === field ? trouble.sentence : usual;
  const step = (number: number) => ({ number, of: steps });
  const text = async (
    field: RoleTrouble['at'],
    number: number,
    value: string,
    usual: string,
    validate: (answer: string) => string | undefined,
  ): Promise<string | undefined> => {
    if (!asks(field)) return value;
    const answer = await questions.text({
      title,
      step: step(number),
      prompt: prompt(field, usual),
      value,
      validate: (typedText) => validate(typedText.trim()),
    });
    return answer?.trim();
  };

  const from = asks('source')
    ? await questions.one(
        {
          title,
          step: step(1),
          placeholder: prompt('source', t('Select the source profile')),
        },
        sources,
      )
    : typed?.from;
  if (from === undefined) return undefined;

  const roleArn = await text(
    'roleArn',
    2,
    typed?.role.roleArn ?? '',
    t('Role ARN, such as acs:ram::1234567890123456:role/backup-operator'),
    (answer) =>
      /^acs:ram::\d{1,32}:role\/[\w.@-]{1,64}$/i.test(answer)
        ? undefined
        : t(
            "Enter a role ARN such as acs:ram::1234567890123456:role/name. You'll find it on the role's page in the RAM console.",
          ),
  );
  if (roleArn === undefined) return undefined;

  const sessionName = await text(
    'sessionName',
    3,
    typed?.role.sessionName ?? usualSession,
    t("Session name, shown in the account's audit log"),
    (answer) =>
      /^[\w.@-]{2,64}$/.test(answer)
        ? undefined
        : t('Use 2 to 64 letters, digits, dots, at signs, hyphens, and underscores.'),
  );
  if (sessionName === undefined) return undefined;

  const externalId = await text(
    'externalId',
    4,
    typed?.role.externalId ?? '',
    t('External ID, if the owner of the role requires one. Leave it empty otherwise.'),
    (answer) =>
      answer === '' || /^[\x21-\x7e]{2,1224}$/.test(answer)
        ? undefined
        : t('Use 2 to 1224 characters without spaces.'),
  );
  if (externalId === undefined) return undefined;

  const seconds = await text(
    'duration',
    5,
    String(typed?.role.durationSeconds ?? usualSeconds),
    t('Session duration in seconds, from 900 to 43200. The role might allow less.'),
    (answer) =>
      /^\d{3,5}$/.test(answer) && Number(answer) >= 900 && Number(answer) <= 43_200
        ? undefined
        : t('Enter a number of seconds from 900 to 43200.'),
  );
  if (seconds === undefined) return undefined;

  const role: RoleRequest = {
    roleArn,
    sessionName,
    durationSeconds: Number(seconds),
    ...(externalId !== '' && { externalId }),
  };
  return { from, role };
}
