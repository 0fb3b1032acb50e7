import { t } from '@vscode/l10n';
import type { Questions } from '../interaction/interaction';
import { plural } from '../kernel/localize';
import type { Strategy } from '../operations/operation';
import { wavesOf } from '../operations/waves';
import { draftOf, type Draft } from './draft';
import { orderInWords } from './draftTexts';

/** Label of the button that changes the rollout order. */
export function changeOrderLabel(): string {
  return t({
    message: 'Change Rollout Order…',
    comment: ['Button: in which stages clients are changed. Not an order to buy.'],
  });
}

/**
 * Asks in which rollout order several clients are changed; that of the draft comes first. The draft stays as it is where
 * the user goes back. @param batchSize clients of a batch, where batches are offered
 */
export async function changeOrder(
  { questions }: { readonly questions: Pick<Questions, 'one'> },
  draft: Draft,
  batchSize: number,
): Promise<Draft> {
  const { plan, rollout } = draft;
  const count = plan.machines.length;
  const wavesIn = (one: Strategy): number => wavesOf(plan.machines, one).length;
  const all: readonly Strategy[] = [
    { kind: 'all' },
    { kind: 'canary' },
    { kind: 'zones' },
    { kind: 'batches', size: batchSize },
  ];
  // An order of a single wave is "all at once" by another name.
  const others = all.filter(
    (one) => one.kind !== rollout.order.kind && (one.kind === 'all' || wavesIn(one) > 1),
  );
  const chosen = await questions.one(
    {
      title: t({
        message: 'Rollout Order',
        comment: ['Title: in which stages clients are changed. Not an order to buy.'],
      }),
      placeholder: plural(count, {
        one: (clients) => t('Select how to roll out to {0} client', clients),
        other: (clients) => t('Select how to roll out to {0} clients', clients),
      }),
      back: rollout.order,
    },
    [rollout.order, ...others].map((value) => ({
      label: orderInWords(value),
      description: wavesInWords(wavesIn(value)),
      value,
    })),
  );
  return draftOf({ ...draft, rollout: { ...rollout, order: chosen ?? rollout.order } });
}

function wavesInWords(count: number): string {
  if (count === 1) return t({ message: 'One wave', comment: ['All clients at once'] });
  return plural(count, {
    one: (waves) => t('{0} wave. Each one is verified before the next starts.', waves),
    other: (waves) => t('{0} waves. Each one is verified before the next starts.', waves),
  });
}
