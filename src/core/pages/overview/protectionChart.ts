import { t } from '@vscode/l10n';
import { writeTerm } from '../../clients/filter/filterText';
import { clientTraits } from '../../clients/traits';
import { numberInWords, plural } from '../../kernel/localize';
import { Tally, type Chart } from './chart';
import type { CountedClient, OverviewListing } from './facts';
import { listingBars } from './listingBars';
import type { ShowClients } from './targets';

/** Clients with and without backups, one bar for each listing. */
export function protectionChart(
  listings: readonly OverviewListing[],
  clients: readonly CountedClient[],
  showClientsIn: (listing: OverviewListing) => ShowClients,
): Chart {
  const tally = new Tally();
  let unprotected = 0;
  for (const { client, listing } of clients) {
    const value = clientTraits.protection.valueOf(client);
    tally.add(listing.key, value);
    if (value === 'unprotected') unprotected++;
  }
  return {
    id: 'protection',
    title: t({ message: 'Backups', comment: ['Heading of a chart: clients with and without backups.'] }),
    summary: summaryOf(clients.length, unprotected),
    ...listingBars(
      listings,
      tally,
      (['unprotected', '', 'protected'] as const).map((value) => ({
        id: value,
        label: clientTraits.protection.inWords(value),
        ...looks[value],
      })),
      showClientsIn,
      (value) => (value === '' ? undefined : writeTerm('is', value)),
    ),
  };
}

const looks = {
  protected: { tone: 'good', texture: 0 },
  unprotected: { tone: 'warning', texture: 1 },
  '': { tone: 'off', texture: 0 },
} as const;

function summaryOf(total: number, unprotected: number): string {
  if (total === 0) return t('There are no clients.');
  if (unprotected === 0) return '';
  return plural(total, {
    one: (n) =>
      t({
        message: 'No backups are configured for {unprotected} of {total} client.',
        args: { unprotected: numberInWords(unprotected), total: n },
        comment: ['Numbers of clients.'],
      }),
    other: (n) =>
      t({
        message: 'No backups are configured for {unprotected} of {total} clients.',
        args: { unprotected: numberInWords(unprotected), total: n },
        comment: ['Numbers of clients.'],
      }),
  });
}
