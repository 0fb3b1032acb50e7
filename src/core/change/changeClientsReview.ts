import { t } from '@vscode/l10n';
import type { LiveRow, Questions } from '../interaction/interaction';
import type { Action } from '../service/actions';
import { actionInWords } from '../service/words';
import type { Strategy } from '../operations/operation';
import { factsOfMachine, leftOutInWords, pickTexts, shownName, strategyInWords } from './planTexts';
import type { ChangePlan, KeyedClient, WaveChoice } from './plan';
import type { Precheck } from './precheck';
import { wavesOf } from '../operations/waves';

/**
 * Shows the plan as a pick: eligible machines to tick, the others below with their reasons; what the pre-check still
 * finds is said in the row of the machine. Answers the ticked machines, or undefined when the user backed out.
 */
export function reviewPlan(
  world: { readonly questions: Pick<Questions, 'manyLive'> },
  precheck: Pick<Precheck, 'running' | 'onDidChange'>,
  planNow: () => ChangePlan,
  {
    ticked,
    preview,
  }: { readonly ticked: boolean; readonly preview: (chosen: readonly KeyedClient[]) => void },
): Promise<readonly KeyedClient[] | undefined> {
  const { questions } = world;
  const { title, placeholder } = pickTexts(planNow().action);
  return questions.manyLive<KeyedClient>(
    { title, placeholder, buttons: [{ label: t('Preview Plan'), icon: 'open-preview', run: preview }] },
    {
      rows: () => rowsOf(planNow(), ticked),
      running: () => precheck.running,
      onDidChange: precheck.onDidChange,
    },
  );
}

function rowsOf(plan: ChangePlan, ticked: boolean): readonly LiveRow<KeyedClient>[] {
  const { cannot } = pickTexts(plan.action);
  const choices = plan.eligible.map((keyed): LiveRow<KeyedClient> => ({
    kind: 'choice',
    id: keyed.key,
    label: shownName(keyed.client),
    description: factsOfMachine(keyed.client),
    value: keyed,
    picked: ticked,
  }));
  if (plan.leftOut.length === 0) return choices;
  const blocked = plan.leftOut.map((one): LiveRow<KeyedClient> => ({
    kind: 'blocked',
    id: one.key,
    label: shownName(one.client),
    description: leftOutInWords(one),
  }));
  return [...choices, { kind: 'heading', label: cannot }, ...blocked];
}

/**
 * Asks in what order several machines are sent; the default stands first. One machine needs no order. Undefined when
 * the user backed out.
 */
export async function askStrategy(
  world: { readonly questions: Pick<Questions, 'one'> },
  machines: readonly KeyedClient[],
  defaults: WaveChoice,
  batchSize: number,
): Promise<WaveChoice | undefined> {
  const { questions } = world;
  if (machines.length < 2) return { ...defaults, strategy: { kind: 'all' } };
  const offered: readonly Strategy[] = [
    { kind: 'all' },
    { kind: 'canary' },
    { kind: 'zones' },
    { kind: 'batches', size: batchSize },
  ];
  const first = offered.filter(({ kind }) => kind === defaults.strategy.kind);
  // An order of a single wave is "all at once" by another name.
  const others = offered.filter(
    (strategy) => !first.includes(strategy) && (strategy.kind === 'all' || waveCount(machines, strategy) > 1),
  );
  const ordered = [...first, ...others];
  const strategy = await questions.one(
    { title: t('Order'), placeholder: t('Choose in what order {0} machines are changed', machines.length) },
    ordered.map((value) => ({
      label: strategyInWords(value),
      description: wavesInWords(machines, value),
      value,
    })),
  );
  return strategy && { ...defaults, strategy };
}

function waveCount(machines: readonly KeyedClient[], strategy: Strategy): number {
  return wavesOf(
    machines.map(({ client: { zoneId } }) => (zoneId ? { zoneId } : {})),
    strategy,
  ).length;
}

function wavesInWords(machines: readonly KeyedClient[], strategy: Strategy): string {
  const count = waveCount(machines, strategy);
  return count === 1 ? t('1 wave') : t('{0} waves, each proven before the next is sent', count);
}

/** Asks what would be done, for a plan that is only looked at. */
export function askAction({
  questions,
}: {
  readonly questions: Pick<Questions, 'one'>;
}): Promise<Action | undefined> {
  const actions = ['install', 'upgrade', 'uninstall'] as const;
  return questions.one(
    { title: t('Preview Plan'), placeholder: t('Choose what would be done') },
    actions.map((value) => ({ label: actionInWords(value), value })),
  );
}
