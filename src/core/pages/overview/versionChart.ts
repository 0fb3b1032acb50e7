import { t } from '@vscode/l10n';
import { writeTerm } from '../../clients/filter/filterText';
import { clientTraits } from '../../clients/traits';
import { numberInWords, plural } from '../../kernel/localize';
import { isOutdated } from '../../service/clientFacts';
import type { BackupClient } from '../../service/model';
import { compareVersions } from '../../service/versions';
import { clientsInWords } from '../../service/words';
import { chartOf, Tally, type Chart } from './chart';
import type { CountedClient } from './facts';
import type { ShowClients } from './targets';

interface VersionCount {
  readonly count: number;
  /** Those for which the service has a newer version. */
  readonly outdated: number;
}

/**
 * Installed versions, newest first, and how far each is behind: by how many of the versions that are known from these
 * clients, since the service lists no others.
 */
export function versionChart(clients: readonly CountedClient[], showClients: ShowClients): Chart {
  // Few versions are compared, however many clients there are.
  const tally = new Tally();
  const samples = new Map<string, BackupClient>();
  for (const { client } of clients) {
    const version = clientTraits.version.valueOf(client);
    if (version === '') continue;
    const latest = client.maxClientVersion ?? '';
    if (tally.get(version, latest) === 0) samples.set(`${version} ${latest}`, client);
    tally.add(version, latest);
  }
  const counts = new Map<string, VersionCount>();
  const known = new Set<string>(tally.rows);
  for (const client of samples.values()) {
    const version = clientTraits.version.valueOf(client);
    const { count, outdated } = counts.get(version) ?? { count: 0, outdated: 0 };
    const same = tally.get(version, client.maxClientVersion ?? '');
    counts.set(version, { count: count + same, outdated: outdated + (isOutdated(client) ? same : 0) });
    if (client.maxClientVersion) known.add(client.maxClientVersion);
  }
  const newestFirst = [...known].sort((a, b) => compareVersions(b, a) || (a < b ? -1 : 1));
  return {
    id: 'versions',
    title: t({ message: 'Versions', comment: ['Heading of a chart: versions of clients.'] }),
    summary: summaryOf([...counts.values()]),
    shape: 'bars',
    rowHeading: t({ message: 'Version', comment: ['Column: the version of a client.'] }),
    ...chartOf({
      rows: newestFirst.flatMap((version, steps) => {
        const found = counts.get(version);
        return found
          ? { id: version, label: clientTraits.version.inWords(version), note: noteOf(found, steps) }
          : [];
      }),
      series: [
        {
          id: 'latest',
          label: t({ message: 'Latest version', comment: ['Clients for which no newer version exists.'] }),
          tone: 'good',
          texture: 0,
        },
        {
          id: 'behind',
          label: t({ message: 'Newer version exists', comment: ['Clients with an older version.'] }),
          tone: 'upgrade',
          texture: 1,
        },
      ],
      // A version is a whole: a filter can't tell apart clients of the same version.
      countOf: (version, series) => {
        const { count = 0, outdated = 0 } = counts.get(version) ?? {};
        return (series === 'behind') === outdated > 0 ? count : 0;
      },
      targetOf: (version) => showClients(writeTerm('version', version)),
      sentenceOf: (version, state, count) =>
        t({
          message: 'Version {version}, {state}: {clients}',
          args: { version, state, clients: clientsInWords(count) },
          comment: ['A part of a chart. {state}: such as Latest version. {clients}: a number of clients.'],
        }),
    }),
  };
}

function noteOf({ count, outdated }: VersionCount, steps: number): string {
  if (outdated === 0) return t({ message: 'latest', comment: ['Said after a version.'] });
  if (outdated < count) return t({ message: 'latest for some', comment: ['Said after a version.'] });
  return t({
    message: '{0} behind',
    args: [numberInWords(steps)],
    comment: ['Said after a version. {0}: a number of versions.'],
  });
}

function summaryOf(counts: readonly VersionCount[]): string {
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const outdated = counts.reduce((sum, one) => sum + one.outdated, 0);
  if (total === 0) return t('No client is installed.');
  if (outdated === 0) return t('Every client has its latest version.');
  return plural(total, {
    one: (n) =>
      t({
        message: 'A newer version exists for {outdated} of {total} client.',
        args: { outdated: numberInWords(outdated), total: n },
        comment: ['Numbers of clients.'],
      }),
    other: (n) =>
      t({
        message: 'A newer version exists for {outdated} of {total} clients.',
        args: { outdated: numberInWords(outdated), total: n },
        comment: ['Numbers of clients.'],
      }),
  });
}
