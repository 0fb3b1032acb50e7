import { t } from '@vscode/l10n';
import { posix, win32 } from 'node:path';
import { sentences } from '../core/kernel/localize';
import { isRecord } from '../core/kernel/objects';
import type { SafetyPolicy, SafetyPolicyAction, SafetyPolicyRule } from '../core/change/safety/safetyPolicy';
import { cliConfigPath, notAbsolute, type CliConfigPlace } from './cliConfigPath';
import { jsonObjectIn } from './json';
import { BrokenFile, readSmallFile, unreadableInWords } from './smallFile';

const enabledVariable = 'ALIBABA_CLOUD_SAFETY_POLICY_ENABLED';
const rulesVariable = 'ALIBABA_CLOUD_SAFETY_POLICY_RULES';

/** A policy with a thousand rules has some 60 KB. */
const largestPolicyMb = 1;

/**
 * Reads the safety policies of the Alibaba Cloud CLI as they are now: `safety-policy.json` beside the configuration in
 * use and in `.aliyun` of the home folder, with the environment variables that replace its deps. What can't be
 * understood is `broken`, with a sentence that names the place and never the contents. The variable that skips the
 * CLI's confirm isn't read: it speaks of the CLI's questions. Never rejects.
 */
export async function readCliSafetyPolicies(place: CliConfigPlace): Promise<readonly SafetyPolicy[]> {
  const { platform, home } = place;
  const paths = platform === 'win32' ? win32 : posix;
  const inUse = cliConfigPath(place);
  const folders = new Set([
    ...[inUse, cliConfigPath({ ...place, setting: '' })].flatMap((file) => (file ? paths.dirname(file) : [])),
    paths.join(home, '.aliyun'),
  ]);
  const policies = await Promise.all(
    [...folders].map((folder) => readPolicy(paths.join(folder, 'safety-policy.json'), place.env)),
  );
  if (inUse !== undefined) return policies;
  // Nobody knows where the policy in use would be.
  return [...policies, { state: 'broken', problem: notAbsolute() }];
}

async function readPolicy(file: string, env: CliConfigPlace['env']): Promise<SafetyPolicy> {
  try {
    const enabled = readSwitch(env[enabledVariable]);
    if (enabled === false) return { state: 'off' };
    const given = rulesInVariable(env[rulesVariable]);
    if (enabled && given?.replacesFile) return { state: 'on', rules: given.rules, source: rulesVariable };
    const found = await readRules(file, enabled === true);
    if (found === 'off' || (found === 'missing' && !enabled && !given)) return { state: 'off' };
    // The CLI needs a switch in addition to the variable. Here its rules count unless the policy is switched off.
    const rules = found === 'missing' ? [] : found;
    if (given?.replacesFile) return { state: 'on', rules: given.rules, source: rulesVariable };
    // A rule of the variable that the CLI ignores might add to those of the file, and never takes one away.
    return given?.rules.length
      ? { state: 'on', rules: [...given.rules, ...rules], source: `${rulesVariable}, ${file}` }
      : { state: 'on', rules, source: file };
  } catch (error) {
    if (error instanceof BrokenPolicy) return { state: 'broken', problem: error.message };
    throw error;
  }
}

/** Why a policy can't be understood, as localized sentences. */
class BrokenPolicy extends Error {}

/** The words that the CLI takes (documented). It passes over others, which is refused here: they may mean either. */
const switches: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map((word) => [word, true] as const),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map((word) => [word, false] as const),
]);

function readSwitch(value: string | undefined): boolean | undefined {
  const word = value?.trim() ?? '';
  if (word === '') return undefined;
  const on = switches.get(word);
  if (on !== undefined) return on;
  throw new BrokenPolicy(
    t('The environment variable {0} is neither true nor false. Correct it, then try again.', enabledVariable),
  );
}

/**
 * `pattern=action,pattern=action`, cut at the first `=` (documented). Malformed parts are ignored, as in the CLI.
 * One valid rule, or nothing at all, replaces the rules of the file; a text without a valid rule doesn't.
 */
function rulesInVariable(
  text: string | undefined,
): { readonly rules: readonly SafetyPolicyRule[]; readonly replacesFile: boolean } | undefined {
  if (text === undefined) return undefined;
  const rules = text.split(',').flatMap((part) => {
    const [pattern = '', ...rest] = part.split('=');
    return rest.length > 0 ? (ruleOf(pattern, rest.join('=').trim().toLowerCase()) ?? []) : [];
  });
  const replacesFile = text.trim() === '' || rules.some(({ unknownWord }) => unknownWord === undefined);
  return { rules, replacesFile };
}

/** The rules of the file; `off` when it is switched off and not `enabledAnyway`. */
async function readRules(
  file: string,
  enabledAnyway: boolean,
): Promise<readonly SafetyPolicyRule[] | 'off' | 'missing'> {
  const content = await readSmallFile(file, largestPolicyMb);
  if (content === undefined) return 'missing';
  try {
    if (typeof content === 'string') throw new BrokenFile(unreadableInWords(content, largestPolicyMb));
    return rulesIn(content.text, enabledAnyway);
  } catch (error) {
    if (!(error instanceof BrokenFile)) throw error;
    throw new BrokenPolicy(
      sentences(
        t("The Alibaba Cloud CLI safety policy in {0} can't be used.", file),
        error.sentence,
        t('Correct the file, then try again.'),
      ),
    );
  }
}

/** Throws {@link BrokenFile}. */
function rulesIn(text: string, enabledAnyway: boolean): readonly SafetyPolicyRule[] | 'off' {
  const policy = jsonObjectIn(text);
  const field = (object: Readonly<Record<string, unknown>>, name: string): unknown => {
    // The CLI matches names without case.
    const [found, second] = Object.entries(object).filter(([key]) => key.toLowerCase() === name);
    if (second) throw new BrokenFile(t('It contains “{0}” more than once.', name));
    return found?.[1] ?? undefined;
  };
  const enabled = field(policy, 'enabled') ?? false;
  const rules = field(policy, 'rules') ?? [];
  if (typeof enabled !== 'boolean') throw new BrokenFile(t('Its “{0}” must be true or false.', 'enabled'));
  // A policy that is switched off decides nothing, whatever its rules are.
  if (!enabled && !enabledAnyway) return 'off';
  if (!Array.isArray(rules)) throw new BrokenFile(t('Its “{0}” must be a list.', 'rules'));
  return rules.map((entry: unknown, index) => {
    const rule = isRecord(entry) ? ruleOf(field(entry, 'pattern'), field(entry, 'action')) : undefined;
    if (rule) return rule;
    throw new BrokenFile(t('Rule {0} has no pattern or no action.', index + 1));
  });
}

/** The words of the CLI, which compares them exactly (documented). */
const actions: ReadonlyMap<string, SafetyPolicyAction> = new Map([
  ['allow', 'allow'],
  ['deny', 'deny'],
  ['confirm', 'confirm'],
  // Read by the CLI as confirm (documented).
  ['forbid', 'confirm'],
]);

function ruleOf(pattern: unknown, action: unknown): SafetyPolicyRule | undefined {
  if (typeof pattern !== 'string' || pattern.trim() === '') return undefined;
  if (typeof action !== 'string' || action === '') return undefined;
  const known = actions.get(action);
  return known
    ? { pattern: pattern.trim(), action: known }
    : { pattern: pattern.trim(), action: 'deny', unknownWord: action };
}
