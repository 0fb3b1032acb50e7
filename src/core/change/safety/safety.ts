import { t } from '@vscode/l10n';
import type { ChangeCall } from '../../service/actions';
import type { BackupClient, Tag } from '../../service/model';
import { plainText } from '../../kernel/plainText';
import type { CheckFacts } from '../precheck';
import { strictestRuling, type SafetyPolicy, type SafetyPolicyRule } from './safetyPolicy';

/** A machine that a change means, as far as caution depends on it. */
export interface GuardedMachine {
  /** `PROTECTED` counts in an uninstall. */
  readonly backupStatus?: string;
  /** Of the client and of its instance, as far as they are known. */
  readonly tags: readonly Tag[];
  /** False where the tags of the instance could not be read. */
  readonly tagsKnown: boolean;
}

/** A client as the safety rules see it: with the tags of its instance, where ECS gave them. */
export function guardedMachine(
  { backupStatus, instanceId, tags }: BackupClient,
  { instances }: Pick<CheckFacts, 'instances'>,
): GuardedMachine {
  const facts = instanceId ? instances.get(instanceId) : undefined;
  return {
    tags: [...tags, ...(facts?.tags ?? [])],
    // Without an instance there are no other tags.
    tagsKnown: !instanceId || facts?.tags !== undefined || facts?.exists === false,
    ...(backupStatus !== undefined && { backupStatus }),
  };
}

/**
 * `refused`: nothing may be sent; `message` is a localised sentence that says what decided. `ask`: the user has to agree
 * in a modal, which shows `reasons` (localised sentences); with `typedCount` the number of machines has to be typed too.
 */
export type Verdict =
  | { readonly decision: 'refused'; readonly message: string }
  | { readonly decision: 'ask'; readonly typedCount: boolean; readonly reasons: readonly string[] };

/** A tag that asks for more care: any value, or exactly one. */
export interface ProtectedTag {
  readonly key: string;
  readonly value?: string;
}

/** What decides. All of it belongs to the user: neither a folder nor a remote computer has a say. */
export interface SafetyRules {
  readonly readOnly: boolean;
  readonly protectedTags: readonly ProtectedTag[];
  /** More machines than this: their number is typed. */
  readonly typedConfirmAbove: number;
  /** Those of every place where the CLI may have one. */
  readonly policies: readonly SafetyPolicy[];
}

/** The safety ladder. Pure: the same rules, call and machines give the same verdict. */
export function verdictOf(
  rules: SafetyRules,
  call: ChangeCall,
  machines: readonly GuardedMachine[],
): Verdict {
  if (rules.readOnly) {
    return refused(t('Nothing was sent: read-only mode is on. Turn it off with Toggle Read-Only Mode.'));
  }
  const broken = rules.policies.find((policy) => policy.state === 'broken');
  if (broken) return refused(t('Nothing was sent. {0}', broken.problem));
  const ruling = strictestRuling(rules.policies, call);
  const ruleInWords = ruling ? inWords(ruling.rule) : '';
  if (ruling?.rule.action === 'deny') {
    return refused(
      t(
        'Nothing was sent: the safety policy of the Alibaba Cloud CLI denies {0}. Rule {1}, in {2}.',
        call,
        ruleInWords,
        plainText(ruling.source, 200),
      ),
    );
  }
  const backedUp = call === 'hbr:UninstallBackupClients' && machines.some(isProtected);
  const tag = rules.protectedTags.find((wanted) => machines.some(({ tags }) => carries(tags, wanted)));
  const unread = rules.protectedTags.length > 0 && machines.some(({ tagsKnown }) => !tagsKnown);
  const many = machines.length > rules.typedConfirmAbove;
  const reasons = [
    backedUp && t('Protected machines are among them.'),
    tag && t('Machines with the tag {0} are among them.', tagInWords(tag)),
    unread && t("Tags couldn't be read, so some machines may have a protected tag."),
    many && t('These are more than {0} machines.', rules.typedConfirmAbove),
    ruling?.rule.action === 'confirm' &&
      t('The safety policy of the Alibaba Cloud CLI asks to confirm: rule {0}.', ruleInWords),
  ].filter((reason) => typeof reason === 'string');
  return { decision: 'ask', typedCount: reasons.length > 0, reasons };
}

/** Reads `key` or `key=value`; undefined for what is neither. */
export function parseProtectedTag(text: string): ProtectedTag | undefined {
  const at = text.indexOf('=');
  const key = (at < 0 ? text : text.slice(0, at)).trim();
  if (key === '') return undefined;
  return at < 0 ? { key } : { key, value: text.slice(at + 1).trim() };
}

function inWords({ pattern, action, unknownWord }: SafetyPolicyRule): string {
  const shown = plainText(pattern, 80);
  return unknownWord === undefined
    ? t('“{0}”: {1}', shown, action)
    : t(
        '“{0}”: {1}, which is no action that the CLI knows and counts as deny',
        shown,
        plainText(unknownWord, 40),
      );
}

function refused(message: string): Verdict {
  return { decision: 'refused', message };
}

/** True when backups of the machine are set up. */
export function isProtected({ backupStatus }: Pick<GuardedMachine, 'backupStatus'>): boolean {
  return backupStatus === 'PROTECTED';
}

function carries(tags: readonly Tag[], { key, value }: ProtectedTag): boolean {
  return tags.some((tag) => tag.key === key && (value === undefined || tag.value === value));
}

function tagInWords({ key, value }: ProtectedTag): string {
  return plainText(value === undefined ? key : `${key}=${value}`, 80);
}

/** The safety rules as they are at the moment of each question. */
export interface ChangeGate {
  /** Reads them now. */
  rules(): Promise<SafetyRules>;
}

/** @param deps `readPolicies` reads the policies of the Alibaba Cloud CLI as they are now */
export function createChangeGate(deps: {
  readonly settings: () => Omit<SafetyRules, 'policies'> & { readonly honourCliPolicy: boolean };
  readonly readPolicies: () => Promise<readonly SafetyPolicy[]>;
}): ChangeGate {
  return {
    async rules() {
      const policies = deps.settings().honourCliPolicy ? await deps.readPolicies() : [];
      return { ...deps.settings(), policies };
    },
  };
}
