import { t } from '@vscode/l10n';
import { sentences } from '../kernel/localize';
import type { Choice, Notices, Questions } from '../interaction/interaction';
import { plainText } from '../kernel/plainText';
import { protectionCalls } from '../service/protection';
import type { Profile } from './profile';
import type { ProfileStore } from './profileStore';
import type { ProfilesInView } from './view/profilesInView';

// The actions for reading, and those for changes (documented). All of Cloud Backup is authorized by
// operation only: `Resource` must be `*` (documented). Asking STS who one is needs no permission.
const reads = [
  'hbr:DescribeBackupClients',
  'hbr:DescribeTask',
  'hbr:DescribeRegions',
  'hbr:DescribeCrossAccounts',
  'ecs:DescribeInstances',
  'ecs:DescribeCloudAssistantStatus',
  // Without these everything else works, and the extension says that it couldn't tell what goes on.
  ...protectionCalls,
] as const;
const changes = [
  'hbr:InstallBackupClients',
  'hbr:UpgradeBackupClients',
  'hbr:UninstallBackupClients',
  'hbr:UpdateClientSettings',
] as const;

/** `viewer` looks at everything that this extension shows; `operator` changes clients as well. */
export type PolicyKind = 'viewer' | 'operator';

/** The least that RAM must allow for what this extension does: the JSON text of a custom policy. */
export function ramPolicy(kind: PolicyKind): string {
  const granted: readonly (readonly string[])[] = kind === 'viewer' ? [reads] : [reads, changes];
  return policyText(granted.map((actions) => ({ Effect: 'Allow', Action: actions, Resource: '*' })));
}

/** What lets an identity take on one role: the JSON text of a custom policy for that identity. */
export function assumeRolePolicy(roleArn: string): string {
  return policyText([{ Effect: 'Allow', Action: ['sts:AssumeRole'], Resource: roleArn }]);
}

function policyText(statements: readonly object[]): string {
  return `${JSON.stringify({ Version: '1', Statement: statements }, undefined, 2)}\n`;
}

export interface CopyRamPolicyDeps {
  readonly store: Pick<ProfileStore, 'list'>;
  readonly view: Pick<ProfilesInView, 'active'>;
  readonly questions: Pick<Questions, 'one'>;
  readonly notices: Pick<Notices, 'info'>;
  readonly copy: (text: string) => Promise<void>;
}

/** Asks which policy is wanted, copies it and says where it goes. The active profile's unless one is named. */
export type CopyRamPolicy = (profileId?: string) => Promise<void>;

export function createCopyRamPolicy(deps: CopyRamPolicyDeps): CopyRamPolicy {
  const { store, view, questions, notices, copy } = deps;
  return async (profileId) => {
    const listed = store.list();
    const profile = profileId === undefined ? view.active : listed.find(({ id }) => id === profileId);
    const chosen = await questions.one(
      {
        title:
          profile && listed.length > 1
            ? t('Copy RAM Policy: {0}', plainText(profile.name, 40))
            : t('Copy RAM Policy'),
        placeholder: t('Select what the user or role can do'),
      },
      choicesFor(profile, listed),
    );
    if (chosen === undefined) return;
    await copy(chosen.policy);
    notices.info(chosen.message);
  };
}

interface Offer {
  readonly policy: string;
  readonly message: string;
}

function choicesFor(profile: Profile | undefined, listed: readonly Profile[]): readonly Choice<Offer>[] {
  const role = profile?.source?.kind === 'role' ? profile.source : undefined;
  const arn = plainText(role?.role.roleArn ?? '');
  const copied = t(
    'Policy copied. Paste it in the RAM console under Permissions > Policies > Create Policy > JSON.',
  );
  const message = sentences(copied, role && t('Then grant it to the role {0}.', arn));
  const choices: Choice<Offer>[] = [
    {
      label: t({ message: 'Viewer', comment: ['A RAM policy that permits reading only.'] }),
      detail: t('Read-only access to clients, backups, plans, tasks, regions, accounts, and ECS instances'),
      value: { policy: ramPolicy('viewer'), message },
    },
    {
      label: t({ message: 'Operator', comment: ['A RAM policy that permits changes as well.'] }),
      detail: t('Can also install, upgrade, and uninstall clients, and edit their settings'),
      value: { policy: ramPolicy('operator'), message },
    },
  ];
  if (!role) return choices;
  const source = plainText(listed.find(({ id }) => id === role.sourceProfileId)?.name ?? '', 40);
  return [
    ...choices,
    {
      label: t('Assume the role'),
      detail: t({
        message: 'Lets the identity of “{profile}” assume {role}',
        args: { profile: source, role: arn },
        comment: ['{role} is the ARN of a RAM role. The identity is a user or role.'],
      }),
      value: {
        policy: assumeRolePolicy(role.role.roleArn),
        message: sentences(copied, t('Then grant it to the identity of “{0}”.', source)),
      },
    },
  ];
}
