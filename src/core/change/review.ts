import { t } from '@vscode/l10n';
import { obstacleInWords } from '../clients/capabilities';
import { reachOf, type Reach } from '../clients/reach';
import { readByIds } from '../clients/readClients';
import type { PickButton, PickRow, Notices, Questions } from '../interaction/interaction';
import type { Log } from '../kernel/log';
import { plainText } from '../kernel/plainText';
import type { Waiting } from '../kernel/waiting';
import type { BackupApi } from '../service/api';
import { isCancelled } from '../service/errors';
import { busyAmong, runningOn } from './interruption';
import type { RunningWork } from '../protection/work';
import { workInRow } from '../protection/words';
import type { Scope } from '../service/scope';
import { draftOf, sorted, type Draft, type KeyedClient, type LeftOut } from './draft';
import { actionTexts, cannotTexts } from './actionTexts';
import { factsOfClient, namesShown, shownName } from './clientTexts';
import { leftOutInWords, nothingEligible } from './draftTexts';
import type { CheckFacts, Precheck, PrecheckDeps } from './precheck';

/**
 * How the clients of a draft came together. `chosen`: the user selected them; they're shown ticked if they don't fit in
 * the confirmation, or if some can't be changed. `offered`: a command for all of a kind found them; they're always shown
 * ticked. `all`: nobody chose yet, so nothing is ticked. `reviewed`: they were ticked in a pick or pasted, so there's no
 * pick.
 */
export type ReviewMode = 'chosen' | 'offered' | 'all' | 'reviewed';

/** What the user ticked, or had selected before. */
export interface Reviewed {
  readonly draft: Draft;
  /** Keys of what was ticked; undefined where there was no pick. */
  readonly ticked?: ReadonlySet<string>;
}

export interface ReviewDeps {
  readonly questions: Pick<Questions, 'manyLive'>;
  readonly notices: Pick<Notices, 'warn' | 'progress'>;
  readonly api: Pick<BackupApi, 'listClients'>;
  readonly serviceNow: PrecheckDeps['serviceNow'];
  readonly log: Log;
}

// A pre-check that takes longer counts as not made: Cloud Backup has the last word anyway.
const checkLimitMs = 15_000;

/**
 * First question: lets the user tick clients, where they can't all be shown or changed, then waits for the pre-check and for
 * what else is on their instances. What the pre-check rules out while the pick is open gets its reason where it is; what it
 * finds later is left out by name.
 */
export async function review(
  deps: ReviewDeps,
  draft: Draft,
  precheck: Precheck,
  options: {
    readonly mode: ReviewMode;
    /** Keys of what was ticked before the user went back; undefined the first time. */
    readonly ticked?: ReadonlySet<string>;
    /** Questions that were asked before; Back in the pick leads to the last of them. */
    readonly stepsBefore: number;
    /** Shows the plan for what is ticked. */
    readonly showPlan: (draft: Draft) => void;
    readonly waiting: Waiting;
  },
): Promise<Reviewed | 'back' | undefined> {
  const { mode, ticked, waiting } = options;
  if (mode === 'reviewed' || (!ticked && fitsInConfirm(draft, mode))) {
    const whole = requireEligible(deps, await checked(deps, draft, precheck, waiting));
    if (!whole) return undefined;
    if (mode === 'reviewed' || whole.leftOut.length === 0 || draft.eligible.length === 1)
      return { draft: whole };
  }
  const chosen = await pick(deps, draft, precheck, options);
  if (chosen === 'back') return chosen;
  if (!chosen || chosen.length === 0) return undefined;
  // Where nobody chose before, what wasn't ticked wasn't asked for.
  const leftOutBefore = mode === 'all' ? [] : ruledOut(rowsNow(draft, precheck), chosen);
  const reviewed = requireEligible(
    deps,
    await checked(deps, { ...draft, chosen, leftOutBefore }, precheck, waiting),
  );
  return reviewed && { draft: reviewed, ticked: new Set(chosen.map(({ key }) => key)) };
}

function fitsInConfirm({ eligible, leftOut }: Draft, mode: ReviewMode): boolean {
  if (mode === 'all' || leftOut.length > 0) return false;
  return eligible.length <= (mode === 'chosen' ? namesShown : 1);
}

function now(deps: ReviewDeps, draft: Draft, { facts }: Precheck): Draft {
  return draftOf({ ...draft, checks: facts, now: serviceSeconds(deps, draft.label.scope) });
}

/** The rows of the draft with what the pre-check has found by now. */
function rowsNow(draft: Draft, { facts }: Precheck): DraftRows {
  return { ...sorted({ ...draft, checks: facts }), action: draft.action, checks: facts };
}

/** What a pick shows of a draft. */
type DraftRows = Pick<Draft, 'action' | 'eligible' | 'leftOut' | 'checks'>;

/** UNIX seconds by the service's clock. */
export function serviceSeconds({ serviceNow }: Pick<ReviewDeps, 'serviceNow'>, scope: Scope): number {
  return Math.floor(serviceNow(scope) / 1000);
}

/** What can't be changed, and what the pick unticked because something runs on it. */
function ruledOut(
  { eligible, leftOut, checks }: DraftRows,
  chosen: readonly KeyedClient[],
): readonly LeftOut[] {
  const keys = new Set(chosen.map(({ key }) => key));
  return [
    ...leftOut,
    ...busyAmong(eligible, checks)
      .filter(({ key }) => !keys.has(key))
      .map((one): LeftOut => ({ ...one, obstacle: 'job-running' })),
  ];
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
      t({ message: 'Checking clients', comment: ['Progress, while it goes on'] }),
      'view',
      () => precheck.settled(checkLimitMs, waiting),
    );
  }
  const read = draft.reach.whole ? undefined : await readReach(deps, draft, waiting);
  return now(deps, { ...draft, ...(read && { read }) }, precheck);
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
  deps: ReviewDeps,
  draft: Draft,
  precheck: Precheck,
  { mode, ticked, stepsBefore, showPlan }: Parameters<typeof review>[3],
): Promise<readonly KeyedClient[] | 'back' | undefined> {
  const { title, choose } = actionTexts[draft.action];
  const { questions } = deps;
  const preview = (chosen: readonly KeyedClient[]): void => {
    const { eligible, leftOut } = now(deps, draft, precheck);
    showPlan(draftOf({ ...draft, chosen: chosen.length > 0 ? chosen : eligible, leftOutBefore: leftOut }));
  };
  // With each answer of the pre-check, few of thousands of rows change.
  const made = new Map<
    string,
    { readonly work: RunningWork | undefined; readonly row: PickRow<KeyedClient> }
  >();
  const choice = (keyed: KeyedClient, checks: CheckFacts): PickRow<KeyedClient> => {
    const work = runningOn(keyed, checks);
    const known = made.get(keyed.key);
    if (known && known.work === work) return known.row;
    const row = choiceOf(keyed, checks, ticked ? ticked.has(keyed.key) : mode !== 'all' && !work);
    made.set(keyed.key, { work, row });
    return row;
  };
  return questions.manyLive<KeyedClient, 'back'>(
    {
      title: title(),
      placeholder: choose(),
      step: { number: stepsBefore + 1, of: stepsBefore + 2 },
      ...(stepsBefore > 0 && { back: 'back' }),
      buttons: [previewButton(preview)],
    },
    {
      rows: () => rowsOf(rowsNow(draft, precheck), choice),
      running: () => precheck.running,
      onDidChange: precheck.onDidChange,
    },
  );
}

/** The button that shows the plan for what is ticked. */
export function previewButton<T>(run: PickButton<T>['run']): PickButton<T> {
  return {
    label: t({ message: 'Preview Plan', comment: ['A command that shows a plan as a document'] }),
    icon: 'open-preview',
    run,
  };
}

/** The row of a client that can be chosen, marked while something runs on it. */
export function choiceOf(
  keyed: KeyedClient,
  checks: Pick<CheckFacts, 'works'>,
  picked: boolean,
): PickRow<KeyedClient> {
  const work = runningOn(keyed, checks);
  return {
    kind: 'choice',
    id: keyed.key,
    label: shownName(keyed.client),
    description: [work && workInRow(work), factsOfClient(keyed.client)].filter(Boolean).join(' · '),
    icon: work ? 'sync' : 'vm',
    value: keyed,
    picked,
  };
}

function rowsOf(
  draft: DraftRows,
  choice: (keyed: KeyedClient, checks: CheckFacts) => PickRow<KeyedClient>,
): readonly PickRow<KeyedClient>[] {
  const choices = draft.eligible.map((keyed) => choice(keyed, draft.checks));
  if (draft.leftOut.length === 0) return choices;
  const blocked = draft.leftOut.map((one): PickRow<KeyedClient> => ({
    kind: 'blocked',
    id: one.key,
    label: shownName(one.client),
    description: blockedFacts(one),
  }));
  return [...choices, { kind: 'heading', label: cannotTexts[draft.action]() }, ...blocked];
}

function blockedFacts(one: LeftOut): string {
  const name = shownName(one.client);
  const id = plainText(one.client.instanceId ?? one.client.clientId ?? '', 60);
  return [leftOutInWords(one, obstacleInWords), id === name ? '' : id].filter(Boolean).join(' · ');
}
