import { t } from '@vscode/l10n';
import { plural, sentences } from '../../kernel/localize';
import { plainText } from '../../kernel/plainText';
import type { ChangeCall } from '../../service/actions';
import type { BackupClient, Tag } from '../../service/model';
import type { CheckFacts } from '../precheck';
import { strictestRuling, type SafetyPolicy, type SafetyPolicyRule } from './safetyPolicy';

/** A client of a change, as far as the safety rules depend on it. */
export interface GuardedClient {
  /** `PROTECTED`: backups are configured, which counts in an uninstall. */
  readonly backupStatus?: string;
  /** Of the client and of its instance, as far as they are known. */
  readonly tags: readonly Tag[];
  /** False where the tags of the instance couldn't be read. */
  readonly tagsKnown: boolean;
  /** True where Essential Edition protects the instance. */
  readonly essential?: boolean;
}

/** A client as the safety rules see it: with the tags of its instance, where ECS returned them. */
export function guardedClient(
  { clientType, backupStatus, instanceId, tags }: BackupClient,
  { instances }: Pick<CheckFacts, 'instances'>,
): GuardedClient {
  // An on-premises client has a fingerprint in its place.
  const ecsId = clientType === 'LOCAL_CLIENT' ? undefined : instanceId;
  const facts = ecsId ? instances.get(ecsId) : undefined;
  return {
    tags: [...tags, ...(facts?.tags ?? [])],
    // Without an instance there are no other tags.
    tagsKnown: !ecsId || facts?.tags !== undefined || facts?.exists === false,
    ...(backupStatus !== undefined && { backupStatus }),
  };
}

/**
 * `refused`: nothing can be changed; `message` is a localized sentence that says why. `ask`: the user has to agree; with
 * `typed`, by typing the name of the client, or the number of several. `reasons` (localized sentences) say why, besides
 * backups that stop.
 */
export type Verdict =
  | { readonly decision: 'refused'; readonly message: string }
  | { readonly decision: 'ask'; readonly typed: boolean; readonly reasons: readonly string[] };

/** A tag that asks for typed confirmation: with any value, or exactly one. */
export interface SafeguardedTag {
  readonly key: string;
  readonly value?: string;
}

/** What decides. All of it belongs to the user; a folder or a remote computer can't change it. */
export interface SafetyRules {
  readonly readOnly: boolean;
  /** `unreadable`: the setting makes no sense, so any client could have one. */
  readonly confirmTags: readonly SafeguardedTag[] | 'unreadable';
  /** The number of clients is typed when there are more than this. */
  readonly confirmByTypingAbove: number;
  /** True where the user lets clients of Essential Edition be uninstalled, by typing. */
  readonly allowsEssentialEdition?: boolean;
  /** From every place where the Alibaba Cloud CLI reads one. */
  readonly policies: readonly SafetyPolicy[];
}

/** The verdict of the safety rules on one change. Pure. */
export function verdictOf(rules: SafetyRules, call: ChangeCall, clients: readonly GuardedClient[]): Verdict {
  if (rules.readOnly) {
    return refused(
      t('Nothing was changed because read-only mode is on. To turn it off, use Toggle Read-Only Mode.'),
    );
  }
  const broken = rules.policies.find((policy) => policy.state === 'broken');
  if (broken) return refused(sentences(t('Nothing was changed.'), broken.problem));
  const ruling = strictestRuling(rules.policies, call);
  if (ruling?.rule.action === 'deny') {
    return refused(
      t({
        message:
          'Nothing was changed because the Alibaba Cloud CLI safety policy in {source} denies {call}: {rule}.',
        args: { source: plainText(ruling.source, 200), call, rule: ruleInWords(ruling.rule) },
        comment: [
          '{source}: a file or an environment variable. {call}: such as hbr:UpgradeBackupClients. {rule}: such as “hbr:*”: deny',
        ],
      }),
    );
  }
  const reasons = [
    ...reasonsOf(rules, clients),
    ...(ruling?.rule.action === 'confirm'
      ? [t('The Alibaba Cloud CLI safety policy asks for confirmation: {0}.', ruleInWords(ruling.rule))]
      : []),
  ];
  // The details of an uninstall name these clients.
  const stopsBackups =
    call === 'hbr:UninstallBackupClients' &&
    clients.some((client) => hasBackups(client) || client.essential === true);
  return { decision: 'ask', typed: stopsBackups || reasons.length > 0, reasons };
}

/** Why the user must type a text, as far as their own settings decide. */
function reasonsOf(
  { confirmTags, confirmByTypingAbove }: SafetyRules,
  clients: readonly GuardedClient[],
): readonly string[] {
  const reasons: string[] = [];
  const one = clients.length === 1;
  if (confirmTags === 'unreadable') {
    reasons.push(t("The setting for safeguarded tags can't be read, so you confirm every change by typing."));
  } else {
    const tag = confirmTags.find((wanted) => clients.some(({ tags }) => carries(tags, wanted)));
    if (tag) {
      reasons.push(
        one
          ? t('This client is tagged {0}.', tagInWords(tag))
          : t('Includes clients tagged {0}.', tagInWords(tag)),
      );
    }
    if (confirmTags.length > 0 && clients.some(({ tagsKnown }) => !tagsKnown)) {
      reasons.push(
        one
          ? t("Tags couldn't be read, so this client might have a safeguarded tag.")
          : t("Tags couldn't be read, so some clients might have a safeguarded tag."),
      );
    }
  }
  if (clients.length > confirmByTypingAbove) {
    reasons.push(
      confirmByTypingAbove < 1
        ? t('Your settings ask you to confirm every change by typing.')
        : plural(confirmByTypingAbove, {
            one: (count) => t('More than {0} client is selected.', count),
            other: (count) => t('More than {0} clients are selected.', count),
          }),
    );
  }
  return reasons;
}

/** True where the rules depend on the tags of instances. */
export function needsTags({ confirmTags }: SafetyRules): boolean {
  return confirmTags !== 'unreadable' && confirmTags.length > 0;
}

/** A rule as it's written, such as “hbr:*”: deny. */
function ruleInWords({ pattern, action, unknownWord }: SafetyPolicyRule): string {
  const shown = plainText(pattern, 80);
  return unknownWord === undefined
    ? t({
        message: '“{pattern}”: {action}',
        args: { pattern: shown, action },
        comment: ['A rule of the safety policy, such as “hbr:*”: deny'],
      })
    : t({
        message: '“{pattern}”: {action} (not an action that the CLI knows, so it counts as deny)',
        args: { pattern: shown, action: plainText(unknownWord, 40) },
        comment: ['A rule of the safety policy, such as “hbr:*”: block. Leave "deny" as it is.'],
      });
}

function refused(message: string): Verdict {
  return { decision: 'refused', message };
}

/** True when backups of the client are configured. */
export function hasBackups({ backupStatus }: Pick<GuardedClient, 'backupStatus'>): boolean {
  return backupStatus === 'PROTECTED';
}

function carries(tags: readonly Tag[], { key, value }: SafeguardedTag): boolean {
  return tags.some((tag) => tag.key === key && (value === undefined || tag.value === value));
}

function tagInWords({ key, value }: SafeguardedTag): string {
  return plainText(value === undefined ? key : `${key}=${value}`, 80);
}

/** Reads the safety rules. */
export interface ChangeGate {
  /** The rules as they are now. */
  rules(): Promise<SafetyRules>;
}

/** @param deps `readPolicies` reads the policies of the Alibaba Cloud CLI as they are now */
export function createChangeGate(deps: {
  readonly settings: () => Omit<SafetyRules, 'policies'> & { readonly useCliPolicy: boolean };
  readonly readPolicies: () => Promise<readonly SafetyPolicy[]>;
}): ChangeGate {
  return {
    async rules() {
      const policies = deps.settings().useCliPolicy ? await deps.readPolicies() : [];
      return { ...deps.settings(), policies };
    },
  };
}
