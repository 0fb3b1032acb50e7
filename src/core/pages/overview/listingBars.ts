import { t } from '@vscode/l10n';
import { scopeInRow } from '../../service/scopeLabel';
import { clientsInWords } from '../../service/words';
import { chartOf, type Chart, type SeriesSource, type Tally } from './chart';
import type { OverviewListing } from './facts';
import type { ShowClients } from './targets';

/**
 * The bars of a chart with one for each listing that has any of its clients.
 * @param tally clients by key of their listing and ID of their series
 * @param termOf the filter that shows the clients of a series; undefined where there's none
 */
export function listingBars<S extends string>(
  listings: readonly OverviewListing[],
  tally: Tally<string, S>,
  series: readonly SeriesSource<S>[],
  showClientsIn: (listing: OverviewListing) => ShowClients,
  termOf: (seriesId: S) => string | undefined,
): Omit<Chart, 'id' | 'title' | 'summary'> {
  const byKey = new Map(listings.map((listing) => [listing.key, listing]));
  return {
    shape: 'bars',
    rowHeading: t({ message: 'Profile and region', comment: ['Column of a table.'] }),
    ...chartOf({
      rows: listings
        .filter(({ key }) => tally.rows.includes(key))
        .map(({ key, label }) => ({ id: key, label: scopeInRow(label) })),
      series,
      countOf: (key, id) => tally.get(key, id),
      targetOf: (key, id) => {
        const listing = byKey.get(key);
        const term = termOf(id);
        return listing && term !== undefined ? showClientsIn(listing)(term) : undefined;
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
