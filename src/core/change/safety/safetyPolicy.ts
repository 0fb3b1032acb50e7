/** What a rule of the Alibaba Cloud CLI's safety policy asks for; its `forbid` means `confirm` (documented). */
export type SafetyPolicyAction = 'allow' | 'confirm' | 'deny';

/** One rule: a pattern such as `hbr:Uninstall*`, in which `*` stands for any text. */
export interface SafetyPolicyRule {
  readonly pattern: string;
  readonly action: SafetyPolicyAction;
  /** The action as it's written, where the CLI doesn't know it. The rule denies then; the CLI would allow the call. */
  readonly unknownWord?: string;
}

/**
 * A safety policy of the CLI on this computer. `off`: there is none, or it's turned off. `broken`: it can't be read, so
 * nothing can be changed; `problem` is a localized sentence without any of its contents.
 */
export type SafetyPolicy =
  | { readonly state: 'off' }
  | { readonly state: 'broken'; readonly problem: string }
  | {
      readonly state: 'on';
      readonly rules: readonly SafetyPolicyRule[];
      /** The file or environment variable that the rules come from. */
      readonly source: string;
    };

/** The rule that decides about a call, and where it's written. */
export interface Ruling {
  readonly rule: SafetyPolicyRule;
  readonly source: string;
}

const strictness: Readonly<Record<SafetyPolicyAction, number>> = { allow: 0, confirm: 1, deny: 2 };

/**
 * The strictest rule of several policies, each searched for both spellings of a command in the CLI:
 * `hbr:UninstallBackupClients` is also `hbr:uninstall-backup-clients`. Undefined when no rule fits. Policies that are
 * not `on` don't count.
 */
export function strictestRuling(policies: readonly SafetyPolicy[], call: string): Ruling | undefined {
  let strictest: Ruling | undefined;
  for (const policy of policies) {
    if (policy.state !== 'on') continue;
    for (const spelling of [call, pluginSpellingOf(call)]) {
      const rule = ruleFor(policy.rules, spelling);
      if (rule && (!strictest || strictness[rule.action] > strictness[strictest.rule.action])) {
        strictest = { rule, source: policy.source };
      }
    }
  }
  return strictest;
}

/** `hbr:UninstallBackupClients` as a plugin of the CLI spells it: `hbr:uninstall-backup-clients` (documented). */
function pluginSpellingOf(call: string): string {
  return call.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
}

/** The first rule with a pattern that matches the call, ignoring case (documented). */
export function ruleFor(rules: readonly SafetyPolicyRule[], call: string): SafetyPolicyRule | undefined {
  return rules.find(({ pattern }) => fits(pattern.toLowerCase(), call.toLowerCase()));
}

/** Compares the parts between the stars one by one, so that no pattern can make it slow. */
function fits(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  if (parts.length === 1) return pattern === text;
  const last = parts[parts.length - 1] ?? '';
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
