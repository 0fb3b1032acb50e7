import { t } from '@vscode/l10n';
import { writeTerm } from '../../clients/filter/filterText';
import { clientTraits } from '../../clients/traits';
import { numberInWords, plural } from '../../kernel/localize';
import { scopeInRow } from '../../service/scopeLabel';
import { clientsInWords } from '../../service/words';
import { chartOf, Tally, type Chart } from './chart';
import type { CountedClient, OverviewListing } from './facts';
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
  const byKey = new Map(listings.map((listing) => [listing.key, listing]));
  return {
    id: 'protection',
    title: t({ message: 'Backups', comment: ['Heading of a chart: clients with and without backups.'] }),
    summary: summaryOf(clients.length, unprotected),
    shape: 'bars',
    rowHeading: t({ message: 'Profile and region', comment: ['Column of a table.'] }),
    ...chartOf({
      rows: listings
        .filter(({ key }) => tally.rows.includes(key))
        .map(({ key, label }) => ({ id: key, label: scopeInRow(label) })),
      series: (['unprotected', '', 'protected'] as const).map((value) => ({
        id: value,
        label: clientTraits.protection.inWords(value),
        ...looks[value],
      })),
      countOf: (key, value) => tally.get(key, value),
      targetOf: (key, value) => {
        const listing = byKey.get(key);
        return listing && value !== '' ? showClientsIn(listing)(writeTerm('is', value)) : undefined;
      },
      sentenceOf: (listing, state, count) =>
        t({
          message: '{listing}, {state}: {clients}',
          args: { listing, state, clients: clientsInWords(count) },
          comment: ['A part of a chart. {listing}: profile and region. {clients}: a number of clients.'],
        }),
    }),
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
