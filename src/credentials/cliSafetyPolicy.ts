import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Translate } from '../core/localize';
import type { SafetyPolicy, SafetyPolicyAction, SafetyPolicyRule } from '../core/operations/safetyPolicy';
import { brokenJsonAt } from './jsonProblem';
import { isObject } from './sessionAnswer';

const enabledVariable = 'ALIBABA_CLOUD_SAFETY_POLICY_ENABLED';
const rulesVariable = 'ALIBABA_CLOUD_SAFETY_POLICY_RULES';

/** Where the policy of the Alibaba Cloud CLI is read from. */
export interface SafetyPolicyPlace {
  /** The user's home folder. */
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly t: Translate;
}

/**
 * Reads the safety policy of the Alibaba Cloud CLI as it is now: `~/.aliyun/safety-policy.json`, and the environment
 * variables that replace its parts. What cannot be understood is `broken`, with a sentence that names the place and
 * never the contents. The variable that skips the CLI's confirm is not read: it speaks of the CLI's questions. Never
 * rejects.
 */
export async function readCliSafetyPolicy({ home, env, t }: SafetyPolicyPlace): Promise<SafetyPolicy> {
  try {
    const enabled = readSwitch(env[enabledVariable], t);
    if (enabled === false) return { state: 'off' };
    const given = env[rulesVariable]?.trim();
    if (given) {
      return { state: 'on', rules: rulesInVariable(given, t), source: rulesVariable };
    }
    const file = join(home, '.aliyun', 'safety-policy.json');
    const rules = await readRules(file, enabled === true, t);
    return rules ? { state: 'on', rules, source: file } : { state: 'off' };
  } catch (error) {
    if (error instanceof Broken) return { state: 'broken', problem: error.message };
    throw error;
  }
}

/** Why the policy cannot be understood, as a localised sentence. */
class Broken extends Error {}

function readSwitch(value: string | undefined, t: Translate): boolean | undefined {
  const word = value?.trim().toLowerCase() ?? '';
  if (word === '') return undefined;
  if (['1', 't', 'true', 'on', 'yes'].includes(word)) return true;
  if (['0', 'f', 'false', 'off', 'no'].includes(word)) return false;
  throw new Broken(
    t('The environment variable {0} is neither true nor false. Correct it, then try again.', enabledVariable),
  );
}

/** `pattern=action,pattern=action` (documented). */
function rulesInVariable(text: string, t: Translate): readonly SafetyPolicyRule[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part, index) => {
      const at = part.lastIndexOf('=');
      const rule = at > 0 ? ruleOf(part.slice(0, at), part.slice(at + 1)) : undefined;
      if (rule) return rule;
      throw new Broken(
        t(
          'Rule {0} of the environment variable {1} is not a pattern and an action. Correct it, then try again.',
          index + 1,
          rulesVariable,
        ),
      );
    });
}

/** The rules of the file; undefined when there is none, or it is switched off and not `enabledAnyway`. */
async function readRules(
  file: string,
  enabledAnyway: boolean,
  t: Translate,
): Promise<readonly SafetyPolicyRule[] | undefined> {
  const broken = (what: string): Broken =>
    new Broken(
      t(
        'The safety policy of the Alibaba Cloud CLI in {0} cannot be used: {1}. Correct it, then try again.',
        file,
        what,
      ),
    );
  let json: string;
  try {
    json = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw broken(t('it cannot be read'));
  }
  const place = brokenJsonAt(json);
  if (place) throw broken(t('line {0}, column {1} is not JSON', place.line, place.column));
  const policy: unknown = JSON.parse(json);
  if (!isObject(policy)) throw broken(t('it is not an object'));
  const { enabled = false, rules = [] } = policy;
  if (typeof enabled !== 'boolean') throw broken(t('“enabled” is neither true nor false'));
  // A policy that is switched off decides nothing, whatever its rules are.
  if (!enabled && !enabledAnyway) return undefined;
  if (!Array.isArray(rules)) throw broken(t('“rules” is not a list'));
  return rules.map((entry: unknown, index) => {
    const rule = isObject(entry) ? ruleOf(entry['pattern'], entry['action']) : undefined;
    if (rule) return rule;
    throw broken(t('rule {0} has no pattern or no known action', index + 1));
  });
}

const actions: ReadonlyMap<string, SafetyPolicyAction> = new Map([
  ['allow', 'allow'],
  ['deny', 'deny'],
  ['confirm', 'confirm'],
  // Read by the CLI as confirm (documented).
  ['forbid', 'confirm'],
]);

function ruleOf(pattern: unknown, action: unknown): SafetyPolicyRule | undefined {
  if (typeof pattern !== 'string' || pattern.trim() === '' || typeof action !== 'string') return undefined;
  const known = actions.get(action.trim().toLowerCase());
  return known && { pattern: pattern.trim(), action: known };
}
