import { t } from '@vscode/l10n';
import { obstacleInWords } from '../clients/capabilities';
import { reachOf, type Reach } from '../clients/reach';
import { readByIds } from '../clients/readClients';
import type { PickRow, Notices, Questions } from '../interaction/interaction';
import type { Log } from '../kernel/log';
import type { Waiting } from '../kernel/waiting';
import type { BackupApi } from '../service/api';
import { isCancelled } from '../service/errors';
import { draftOf, type Draft, type KeyedClient } from './draft';
import { actionTexts, cannotTexts } from './actionTexts';
import { factsOfClient, shownName } from './clientTexts';
import { leftOutInWords, nothingEligible } from './draftTexts';
import type { Precheck } from './precheck';

/**
 * How the clients of a draft came together. `chosen`: the user selected them; they are shown ticked where there are
 * several, or some can't be changed. `all`: nobody chose yet, so nothing is ticked. `reviewed`: they were ticked in a pick
 * already.
 */
export type ReviewMode = 'chosen' | 'all' | 'reviewed';

export interface ReviewDeps {
  readonly questions: Pick<Questions, 'manyLive'>;
  readonly notices: Pick<Notices, 'warn' | 'progress'>;
  readonly api: Pick<BackupApi, 'listClients'>;
  readonly log: Log;
}

// A pre-check that takes longer counts as not made: Cloud Backup has the last word anyway.
const checkLimitMs = 15_000;

/**
 * First step: lets the user tick clients, then waits for the pre-check and for what else is on their instances. What the
 * pre-check rules out moves to the other rows while the pick is open; what it finds later is left out by name.
 */
export async function review(
  deps: ReviewDeps,
  draft: Draft,
  precheck: Precheck,
  {
    mode,
    showPlan,
    waiting,
  }: {
    readonly mode: ReviewMode;
    /** Shows the plan for what is ticked. */
    readonly showPlan: (draft: Draft) => void;
    readonly waiting: Waiting;
  },
): Promise<Draft | undefined> {
  const single = draft.eligible.length === 1 && draft.leftOut.length === 0;
  const noPick = mode === 'reviewed' || (mode === 'chosen' && single);
  const chosen = noPick ? draft.eligible : await pick(deps, draft, precheck, mode === 'chosen', showPlan);
  if (!chosen || chosen.length === 0) return undefined;
  // The user has seen what can't be changed, unless there was no pick.
  const leftOutBefore = mode === 'reviewed' ? draft.leftOutBefore : [];
  return requireEligible(deps, await checked(deps, { ...draft, chosen, leftOutBefore }, precheck, waiting));
}

/** The draft once its instances are checked and the other clients on them are known. */
export async function checked(
  deps: ReviewDeps,
  draft: Draft,
  precheck: Precheck,
  waiting: Waiting,
): Promise<Draft> {
  if (precheck.running) {
    await deps.notices.progress(
      t({ message: 'Checking instances', comment: ['Progress, while it goes on'] }),
      'view',
      () => precheck.settled(checkLimitMs, waiting),
    );
  }
  const read = draft.reach.whole ? undefined : await readReach(deps, draft, waiting);
  return draftOf({ ...draft, checks: precheck.facts, ...(read && { read }) });
}

/** The draft; undefined, after a notice that says why, where no client of it can be changed. */
export function requireEligible<D extends Pick<Draft, 'action' | 'eligible' | 'leftOut'>>(
  { notices }: { readonly notices: Pick<Notices, 'warn'> },
  draft: D,
): D | undefined {
  if (draft.eligible.length > 0) return draft;
  notices.warn(nothingEligible(draft.action, draft.leftOut, obstacleInWords));
  return undefined;
}

/** Where the list is incomplete, the clients on the chosen instances are read by ID: an instance ID means them all. */
async function readReach(
  { notices, api, log }: ReviewDeps,
  { label, requested, chosen = requested }: Draft,
  waiting: Waiting,
): Promise<Reach | undefined> {
  const instanceIds = chosen.flatMap(({ client }) => client.instanceId ?? []);
  try {
    const { clients, changedWhileReading } = await notices.progress(
      t({ message: 'Reading clients', comment: ['Progress, while it goes on'] }),
      'view',
      () => readByIds(api, label.scope, { instanceIds, clientIds: [] }, waiting),
    );
    return reachOf(clients, !changedWhileReading);
  } catch (error) {
    if (isCancelled(error)) throw error;
    log.write('warn', 'other clients on the instances could not be read', error);
    return undefined;
  }
}

function pick(
  { questions }: ReviewDeps,
  draft: Draft,
  precheck: Precheck,
  ticked: boolean,
  showPlan: (draft: Draft) => void,
): Promise<readonly KeyedClient[] | undefined> {
  const { title, choose } = actionTexts[draft.action];
  const now = (): Draft => draftOf({ ...draft, checks: precheck.facts });
  const preview = (chosen: readonly KeyedClient[]): void => {
    const { eligible, leftOut } = now();
    showPlan(draftOf({ ...draft, chosen: chosen.length > 0 ? chosen : eligible, leftOutBefore: leftOut }));
  };
  return questions.manyLive<KeyedClient>(
    {
      title: title(),
      placeholder: choose(),
      buttons: [
        {
          label: t({ message: 'Preview Plan', comment: ['A command that shows a plan as a document'] }),
          icon: 'open-preview',
          run: preview,
        },
      ],
    },
    {
      rows: () => rowsOf(now(), ticked),
      running: () => precheck.running,
      onDidChange: precheck.onDidChange,
    },
  );
}

function rowsOf(draft: Draft, ticked: boolean): readonly PickRow<KeyedClient>[] {
  const choices = draft.eligible.map((keyed): PickRow<KeyedClient> => ({
    kind: 'choice',
    id: keyed.key,
    label: shownName(keyed.client),
    description: factsOfClient(keyed.client),
    value: keyed,
    picked: ticked,
  }));
  if (draft.leftOut.length === 0) return choices;
  const blocked = draft.leftOut.map((one): PickRow<KeyedClient> => ({
    kind: 'blocked',
    id: one.key,
    label: shownName(one.client),
    description: leftOutInWords(one, obstacleInWords),
  }));
  return [...choices, { kind: 'heading', label: cannotTexts[draft.action]() }, ...blocked];
}
