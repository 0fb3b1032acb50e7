import { t } from '@vscode/l10n';
import { writeTerm } from '../../clients/filter/filterText';
import {
  backupAgeInWords,
  backupAgeOf,
  backupAges,
  neverBackedUp,
  type BackupAge,
} from '../../clients/traits';
import { plural } from '../../kernel/localize';
import { scopeInRow } from '../../service/scopeLabel';
import { clientsInWords } from '../../service/words';
import { chartOf, Tally, type Chart } from './chart';
import type { CountedClient, OverviewListing } from './facts';
import type { ShowClients } from './targets';

/** Clients by when they were last backed up, one bar for each listing; those without backups configured, or of which it isn't known, are left out. */
export function lastBackupChart(
  listings: readonly OverviewListing[],
  clients: readonly CountedClient[],
  showClientsIn: (listing: OverviewListing) => ShowClients,
): Chart {
  const tally = new Tally<string, BackupAge>();
  let counted = 0;
  let overdue = 0;
  for (const client of clients) {
    if (client.attention === 'backup-overdue') overdue++;
    const age = backupAgeOf(client);
    if (age === '' || age === neverBackedUp) continue;
    tally.add(client.listing.key, age);
    counted++;
  }
  const byKey = new Map(listings.map((listing) => [listing.key, listing]));
  return {
    id: 'last-backups',
    title: t({ message: 'Last backup', comment: ['Heading of a chart: when clients were last backed up.'] }),
    summary: summaryOf(counted, overdue),
    shape: 'bars',
    rowHeading: t({ message: 'Profile and region', comment: ['Column of a table.'] }),
    ...chartOf({
      rows: listings
        .filter(({ key }) => tally.rows.includes(key))
        .map(({ key, label }) => ({ id: key, label: scopeInRow(label) })),
      series: backupAges.map((age) => ({ id: age, label: backupAgeInWords(age), ...looks[age] })),
      countOf: (key, age) => tally.get(key, age),
      targetOf: (key, age) => {
        const listing = byKey.get(key);
        return listing && showClientsIn(listing)(writeTerm('backup', age));
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
  none: { tone: 'bad', texture: 0 },
  older: { tone: 'warning', texture: 0 },
  week: { tone: 'good', texture: 1 },
  day: { tone: 'good', texture: 0 },
} as const;

function summaryOf(counted: number, overdue: number): string {
  if (counted === 0) return t("It isn't known when clients were last backed up.");
  if (overdue === 0) return t('No active client is without a recent backup.');
  return plural(overdue, {
    one: (n) => t('{0} active client has no recent backup.', n),
    other: (n) => t('{0} active clients have no recent backup.', n),
  });
}
