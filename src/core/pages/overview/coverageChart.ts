import { t } from '@vscode/l10n';
import { writeTerm } from '../../clients/filter/filterText';
import { numberInWords, plural } from '../../kernel/localize';
import { failureInWords } from '../../service/reasons';
import { scopeInRow } from '../../service/scopeLabel';
import { chartOf, type Chart } from './chart';
import type { CountedClient, OverviewListing } from './facts';
import { countObstacle, type InstanceCount } from './instanceCounts';
import type { ShowClients, Target } from './targets';

/** How far ECS instances are counted, and what can be done about it. */
export interface Counting {
  /** How far counting is, or why it failed, one line per listing; empty if there's nothing to say. */
  readonly lines: readonly string[];
  /** The button that begins or ends counting; absent if there's nothing that can be counted. */
  readonly button?: { readonly label: string; readonly does: 'count' | 'cancelCount' };
}

/** ECS instances with and without a client, one bar for each listing that was counted. */
export function coverageOf(
  listings: readonly OverviewListing[],
  clients: readonly CountedClient[],
  countOf: (listingKey: string) => InstanceCount | undefined,
  showClientsIn: (listing: OverviewListing) => ShowClients,
): { readonly chart: Chart; readonly counting: Counting } {
  const countable = listings.filter(({ label }) => countObstacle(label.scope) === undefined);
  const isCounted = countable.some(({ key }) => countOf(key)?.phase === 'counted');
  const covered = isCounted ? coveredInstances(clients) : new Map<string, Covered>();
  const counted = countable.flatMap((listing) => {
    const count = countOf(listing.key);
    if (count?.phase !== 'counted' || !isListed(listing)) return [];
    const { instanceIds, statuses } = covered.get(listing.key) ?? nothingCovered;
    const without = [...count.instanceIds].filter((id) => !instanceIds.has(id)).length;
    return [{ listing, statuses, without, withClient: count.instanceIds.size - without }];
  });
  const byKey = new Map(counted.map((one) => [one.listing.key, one]));
  const isCounting = countable.some(({ key }) => countOf(key)?.phase === 'counting');
  const total = counted.reduce((sum, one) => sum + one.without + one.withClient, 0);
  const without = counted.reduce((sum, one) => sum + one.without, 0);
  return {
    chart: {
      id: 'coverage',
      title: t({
        message: 'ECS instances',
        comment: ['Heading of a chart: instances with and without a client.'],
      }),
      summary:
        counted.length > 0 ? summaryOf(total, without) : notCountedInWords(listings, countable, isCounting),
      shape: 'bars',
      rowHeading: t({ message: 'Profile and region', comment: ['Column of a table.'] }),
      ...chartOf({
        rows: counted
          .filter((one) => one.without + one.withClient > 0)
          .map(({ listing }) => ({ id: listing.key, label: scopeInRow(listing.label) })),
        series: [
          {
            id: 'without',
            label: t({ message: 'Without a client', comment: ['ECS instances.'] }),
            tone: 'warning',
            texture: 1,
          },
          {
            id: 'with',
            label: t({ message: 'With a client', comment: ['ECS instances.'] }),
            tone: 'good',
            texture: 0,
          },
        ],
        countOf: (key, series) => byKey.get(key)?.[series === 'with' ? 'withClient' : 'without'] ?? 0,
        targetOf: (key, series): Target | undefined => {
          if (series === 'without') return { type: 'install', listing: key };
          const one = byKey.get(key);
          const terms = [...(one?.statuses ?? [])].map((status) => writeTerm('status', status.toLowerCase()));
          return one && showClientsIn(one.listing)(...terms);
        },
        sentenceOf: (listing, state, count) =>
          t({
            message: '{listing}, {state}: {instances}',
            args: { listing, state, instances: instancesInWords(count) },
            comment: [
              'A part of a chart. {listing}: profile and region. {instances}: a number of instances.',
            ],
          }),
      }),
    },
    counting: {
      lines: countable.flatMap((listing) => lineOf(listing, countOf(listing.key))),
      ...(countable.length > 0 && { button: isCounting ? cancelButton() : countButton() }),
    },
  };
}

function countButton(): NonNullable<Counting['button']> {
  return { label: t('Count ECS Instances'), does: 'count' };
}

function cancelButton(): NonNullable<Counting['button']> {
  return {
    label: t({ message: 'Cancel', comment: ['Button: ends the counting of instances.'] }),
    does: 'cancelCount',
  };
}

/** The instances with a client on them, and the statuses of those clients. */
interface Covered {
  readonly instanceIds: ReadonlySet<string>;
  readonly statuses: ReadonlySet<string>;
}

const nothingCovered: Covered = { instanceIds: new Set(), statuses: new Set() };

/** By listing. A record of a client that isn't installed covers nothing. */
function coveredInstances(clients: readonly CountedClient[]): ReadonlyMap<string, Covered> {
  const covered = new Map<string, { instanceIds: Set<string>; statuses: Set<string> }>();
  for (const { client, listing } of clients) {
    if (!client.instanceId || client.leftover || client.status === 'NOT_INSTALLED') continue;
    const found = covered.get(listing.key) ?? { instanceIds: new Set(), statuses: new Set() };
    covered.set(listing.key, found);
    found.instanceIds.add(client.instanceId);
    found.statuses.add(client.status);
  }
  return covered;
}

function notCountedInWords(
  listings: readonly OverviewListing[],
  countable: readonly OverviewListing[],
  isCounting: boolean,
): string {
  if (isCounting) return '';
  if (countable.length > 0)
    return t("ECS instances aren't read until you ask, because that sends requests to ECS.");
  const reasons = new Set(listings.map(({ label }) => countObstacle(label.scope)));
  if (reasons.has('other-account')) return t("Instances of another account can't be counted.");
  if (reasons.has('filter'))
    return t("Instances can't be counted for a pin that shows only some clients of its region.");
  return t('Instances are counted for ECS clients only.');
}

/** While its clients aren't known, nobody knows which instances have none. */
function isListed({ inventory }: OverviewListing): boolean {
  return inventory.listedAt !== undefined;
}

function lineOf(listing: OverviewListing, count: InstanceCount | undefined): readonly string[] {
  const { label } = listing;
  switch (count?.phase) {
    case 'counting':
      return [
        t({
          message: '{listing}: {instances} counted…',
          args: { listing: scopeInRow(label), instances: instancesInWords(count.read) },
          comment: ['Progress. {listing}: profile and region.'],
        }),
      ];
    case 'failed':
      return [
        t({
          message: '{listing}: {reason}',
          args: { listing: scopeInRow(label), reason: failureInWords(count.error) },
          comment: ['{listing}: profile and region. {reason}: a sentence.'],
        }),
      ];
    case 'counted':
      if (!isListed(listing)) {
        return [
          t({
            message: "{listing}: {instances}, but its clients aren't listed yet",
            args: { listing: scopeInRow(label), instances: instancesInWords(count.instanceIds.size) },
            comment: ['{listing}: profile and region. {instances}: a number of instances.'],
          }),
        ];
      }
      return count.instanceIds.size === 0
        ? [
            t({
              message: '{listing}: no ECS instances',
              args: { listing: scopeInRow(label) },
              comment: ['{listing}: profile and region.'],
            }),
          ]
        : [];
    case undefined:
      return [];
  }
}

function summaryOf(total: number, without: number): string {
  if (total === 0) return '';
  if (without === 0) return t('Every ECS instance has a client.');
  return plural(total, {
    one: (n) =>
      t({
        message: "There's no client on {without} of {total} ECS instance.",
        args: { without: numberInWords(without), total: n },
        comment: ['Numbers of instances.'],
      }),
    other: (n) =>
      t({
        message: "There's no client on {without} of {total} ECS instances.",
        args: { without: numberInWords(without), total: n },
        comment: ['Numbers of instances.'],
      }),
  });
}

function instancesInWords(count: number): string {
  return plural(count, {
    one: (n) => t({ message: '{0} instance', args: [n], comment: ['A number of ECS instances.'] }),
    other: (n) => t({ message: '{0} instances', args: [n], comment: ['A number of ECS instances.'] }),
  });
}
