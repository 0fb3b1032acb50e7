import type { Dialect } from './dialects';
import type { Random } from './random';
import type { TaskFate } from './tasks';

/** Faults that change what one call gets to see. */
export const callFaults = [
  'throttle',
  'serverError',
  'error',
  'businessFailure',
  'denied',
  'nonceUsed',
  'skew',
  'resetBefore',
  'resetAfter',
  'delay',
  'html',
  'redirect',
  'truncate',
  'empty',
  'oversize',
  'oddPages',
  'dialect',
  'unknownFiltersIgnored',
  'unfinishedRefused',
  'unfinishedHidden',
  'largePages',
  'clientDeleted',
] as const;

/** Faults that decide how the task ends that a call starts. */
export const taskFaults = ['taskFails', 'taskExpires', 'taskCancelled', 'taskPartlyFails'] as const;

export type CallFault = (typeof callFaults)[number];
export type TaskFault = (typeof taskFaults)[number];

/** One rule of a fault file. Which of the details a fault takes is written in docs/simulator.md. */
export interface FaultRule {
  /** The name of an operation, or `*` for each. */
  readonly action: string;
  /** Only calls to this region, which are then counted alone. */
  readonly regionId?: string;
  readonly fault: CallFault | TaskFault;
  /** Only these calls of the action, counted from 1. */
  readonly nth?: number | readonly number[];
  /** In this share of the calls, from 0 to 1. Without `nth` and `probability` the rule always applies. */
  readonly probability?: number;
  /** Only calls beyond so many within a second. */
  readonly perSecond?: number;
  readonly status?: number;
  readonly code?: string;
  readonly message?: string;
  /** Header `x-acs-retry-after`. */
  readonly retryAfterMs?: number;
  /** Header `retry-after`, as it is: seconds or a date. */
  readonly retryAfter?: string;
  /** Header `date`, as it is; `none` for none. */
  readonly date?: string;
  /** How far the service's clock is ahead; beyond 900 either way. */
  readonly seconds?: number;
  readonly ms?: number;
  readonly bytes?: number;
  readonly location?: string;
  /** At most so many rows on a page. */
  readonly rows?: number;
  /** TotalCount, whatever there is. */
  readonly total?: number;
  /** The call is carried out although its answer says otherwise. */
  readonly executes?: boolean;
  /** The connection is cut in the middle of the answer. */
  readonly cut?: boolean;
  /** How the list of the answer looks. */
  readonly as?: Dialect;
  readonly machines?: number;
  readonly errorCode?: string;
}

/** A rule about what one call gets to see. */
export type CallRule = FaultRule & { readonly fault: CallFault };

/** What the rules have in store for one call. */
export interface Fired {
  readonly call: CallRule | undefined;
  readonly fate: TaskFate;
}

interface Counted {
  readonly rule: FaultRule;
  calls: number;
  /** When calls came that a rule with `perSecond` let through, of the last second. */
  readonly letThroughMs: number[];
}

/** The rules in force; each counts the calls of its own action. */
export class Faults {
  readonly #random: Random;
  #rules: readonly Counted[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  /** Replaces all rules; their counts start again. */
  set(rules: readonly FaultRule[]): void {
    this.#rules = rules.map((rule) => ({ rule, calls: 0, letThroughMs: [] }));
  }

  /** Counts a call. Of several rules that apply, the first in the list wins; a call fault and a task fault can meet. */
  fire(action: string, regionId: string, nowMs: number): Fired {
    const applying = this.#rules
      .filter((counted) => this.#applies(counted, action, regionId, nowMs))
      .map(({ rule }) => rule);
    const call = applying.find(isCallRule);
    const task = applying.find(({ fault }) => taskFaults.some((name) => name === fault));
    return { call, fate: fateOf(task) };
  }

  #applies(counted: Counted, action: string, regionId: string, nowMs: number): boolean {
    const { rule } = counted;
    if (rule.action !== '*' && rule.action !== action) return false;
    if (rule.regionId !== undefined && rule.regionId !== regionId) return false;
    counted.calls += 1;
    const { nth } = rule;
    if (typeof nth === 'number' ? nth !== counted.calls : nth?.includes(counted.calls) === false)
      return false;
    if (rule.probability !== undefined && !this.#random.chance(rule.probability)) return false;
    return rule.perSecond === undefined || isBeyond(counted, rule.perSecond, nowMs);
  }
}

/** Takes a call into the count of its second, unless that is full: what's refused doesn't count. */
function isBeyond({ letThroughMs }: Counted, perSecond: number, nowMs: number): boolean {
  while (letThroughMs[0] !== undefined && letThroughMs[0] <= nowMs - 1000) letThroughMs.shift();
  if (letThroughMs.length >= perSecond) return true;
  letThroughMs.push(nowMs);
  return false;
}

function isCallRule(rule: FaultRule): rule is CallRule {
  return callFaults.some((name) => name === rule.fault);
}

function fateOf(rule: FaultRule | undefined): TaskFate {
  const errorCode = rule?.errorCode ?? 'ClientInstallScriptFailed';
  switch (rule?.fault) {
    case 'taskFails':
      return { end: 'fails', errorCode };
    case 'taskExpires':
      return { end: 'expires' };
    case 'taskCancelled':
      return { end: 'cancelled' };
    case 'taskPartlyFails':
      return { end: 'partlyFails', machines: rule.machines ?? 1, errorCode };
    default:
      return { end: 'completes' };
  }
}
