import {
  allAtOnce,
  draftOf,
  type Draft,
  type DraftSource,
  type KeyedClient,
} from '../../src/core/change/draft';
import { nothingChecked } from '../../src/core/change/precheck';
import type { ChangeGate, SafetyRules } from '../../src/core/change/safety/safety';
import { keyClients } from '../../src/core/service/clientFacts';
import type { Action } from '../../src/core/service/actions';
import type { BackupClient } from '../../src/core/service/model';
import type { ScopeLabel } from '../../src/core/service/scopeLabel';
import { reachOf } from '../../src/core/clients/reach';
import { aScope } from './builders';

/** Where the clients of most tests are. */
export const label: ScopeLabel = { scope: aScope(), profileName: 'prod', demo: false };

/** Rules that ask for one modal and nothing more. */
export const noRules: SafetyRules = {
  readOnly: false,
  confirmTags: [],
  confirmByTypingAbove: Infinity,
  policies: [],
};

/** A gate that lets everything through after one modal. */
export const openGate: ChangeGate = { rules: () => Promise.resolve(noRules) };

/** Milliseconds since 1970 by the service's clock, where a test says nothing else: 2026-11-18T11:06:40Z. */
export const nowMs = 1_795_000_000_000;

/** The rows of a list. */
export function keyed(clients: readonly BackupClient[]): readonly KeyedClient[] {
  return [...keyClients(clients)].map(([key, client]) => ({ key, client }));
}

/** A draft over clients that are all there are, nothing checked, all at once, unless a test says otherwise. */
export function aDraft(
  action: Action,
  clients: readonly BackupClient[],
  more: Partial<DraftSource> = {},
): Draft {
  return draftOf({
    action,
    label,
    requested: keyed(clients),
    leftOutBefore: [],
    holders: new Map(),
    listed: reachOf(clients, true),
    checks: nothingChecked,
    now: nowMs / 1000,
    whenBusy: 'wait',
    holdLimitMs: 7_200_000,
    rollout: allAtOnce,
    rules: noRules,
    ...more,
  });
}
