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
import { Tally, type Chart } from './chart';
import type { CountedClient, OverviewListing } from './facts';
import { listingBars } from './listingBars';
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
  return {
    id: 'last-backups',
    title: t({ message: 'Last backup', comment: ['Heading of a chart: when clients were last backed up.'] }),
    summary: summaryOf(counted, overdue),
    ...listingBars(
      listings,
      tally,
      backupAges.map((age) => ({ id: age, label: backupAgeInWords(age), ...looks[age] })),
      showClientsIn,
      (age) => writeTerm('backup', age),
    ),
  };
}

const looks = {
  none: { tone: 'bad', texture: 0 },
  older: { tone: 'warning', texture: 0 },
  week: { tone: 'good', texture: 1 },
  day: { tone: 'good', texture: 0 },
} as const;

function summaryOf(counted: number, overdue: number): string {
  if (counted === 0) return t("Couldn't tell when clients were last backed up.");
  if (overdue === 0) return t('No active client is without a recent backup.');
  return plural(overdue, {
    one: (n) => t('{0} active client has no recent backup.', n),
    other: (n) => t('{0} active clients have no recent backup.', n),
  });
}
