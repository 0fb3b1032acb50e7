import { t } from '@vscode/l10n';
import { noValue } from '../../clients/filter/facets';
import { writeTerm } from '../../clients/filter/filterText';
import { clientTraits } from '../../clients/traits';
import { clientStatuses, type ClientStatus } from '../../service/model';
import { clientsInWords, statusInWords } from '../../service/words';
import { chartOf, Tally, type Chart, type SeriesSource } from './chart';
import type { CountedClient } from './facts';
import type { ShowClients } from './targets';

/** The status of a record that stayed after one of our operations uninstalled the client. */
const uninstalled = 'UNINSTALLED';

const looks: Readonly<Record<ClientStatus, Pick<SeriesSource, 'tone' | 'texture'>>> = {
  INSTALL_FAILED: { tone: 'bad', texture: 0 },
  UPGRADE_FAILED: { tone: 'bad', texture: 1 },
  UNINSTALL_FAILED: { tone: 'bad', texture: 2 },
  STOPPED: { tone: 'warning', texture: 0 },
  UNKNOWN: { tone: 'warning', texture: 1 },
  DEACTIVATED: { tone: 'warning', texture: 2 },
  INSTALLING: { tone: 'running', texture: 0 },
  UPGRADING: { tone: 'running', texture: 1 },
  UNINSTALLING: { tone: 'running', texture: 2 },
  ACTIVATED: { tone: 'good', texture: 0 },
  REGISTERED: { tone: 'good', texture: 1 },
  NOT_INSTALLED: { tone: 'off', texture: 0 },
};

/** Clients by zone, each zone divided by status. */
export function statusChart(clients: readonly CountedClient[], showClients: ShowClients): Chart {
  const tally = new Tally();
  for (const { client } of clients) {
    tally.add(clientTraits.zone.valueOf(client), client.leftover ? uninstalled : client.status);
  }
  return {
    id: 'status',
    title: t({ message: 'Clients by status and zone', comment: ['Heading of a chart.'] }),
    summary: '',
    shape: 'bars',
    rowHeading: t({ message: 'Zone', comment: ['Column: the ID of a zone.'] }),
    ...chartOf({
      rows: [...tally.rows].sort(compareZones).map((zone) => ({
        id: zone,
        label: clientTraits.zone.inWords(zone),
        target: showClients(zoneTerm(zone)),
      })),
      series: seriesOf(tally.series).map((one) => {
        const term = statusTerm(one.id);
        return term === undefined ? one : { ...one, target: showClients(term) };
      }),
      countOf: (zone, status) => tally.get(zone, status),
      targetOf: (zone, status) => {
        const term = statusTerm(status);
        return term === undefined ? undefined : showClients(term, zoneTerm(zone));
      },
      sentenceOf: (zone, status, count) =>
        t({
          message: '{zone}, {status}: {clients}',
          args: { zone, status, clients: clientsInWords(count) },
          comment: ['A part of a chart. {clients}: a number of clients.'],
        }),
    }),
  };
}

/** Worst first, then statuses that aren't documented, then those without problems. */
function seriesOf(present: readonly string[]): readonly SeriesSource[] {
  const known: readonly string[] = clientStatuses;
  const documented = clientStatuses.map((status) => ({
    id: status,
    label: statusInWords(status),
    ...looks[status],
  }));
  const others = present
    .filter((status) => !known.includes(status) && status !== uninstalled)
    .sort()
    .map((status): SeriesSource => ({
      id: status,
      label: statusInWords(status) || t({ message: 'No status', comment: ['The service sent no status.'] }),
      tone: 'warning',
      texture: 3,
    }));
  return [
    ...documented.filter(({ tone }) => tone === 'bad' || tone === 'warning'),
    ...others,
    ...documented.filter(({ tone }) => tone !== 'bad' && tone !== 'warning'),
    {
      id: uninstalled,
      label: t({ message: 'Uninstalled', comment: ['Status of a backup client.'] }),
      tone: 'off',
      texture: 1,
    },
  ];
}

function statusTerm(status: string): string | undefined {
  if (status === uninstalled) return writeTerm('is', 'uninstalled');
  // A client without a status can't be asked for.
  return status === '' ? undefined : writeTerm('status', status.toLowerCase());
}

function zoneTerm(zone: string): string {
  return writeTerm('zone', zone || noValue);
}

/** By ID; clients without a zone last. */
function compareZones(a: string, b: string): number {
  return Number(a === '') - Number(b === '') || (a < b ? -1 : a > b ? 1 : 0);
}
