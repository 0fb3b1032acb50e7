import { t } from '@vscode/l10n';
import { accountInWords } from '../../service/scopeLabel';
import { workWhenAgreedInWords } from '../holdWords';
import type { MachineProgress, Operation } from '../operation';
import { machineStateInWords } from '../words';
import { actionInWords, durationInWords } from '../../service/words';
import { reportRows, safe, type ReportRow } from './reportRows';

// What a spreadsheet reads as a formula (in full-width characters too), as a number it would change (more than 15
// digits, leading zeros, exponents), or as a date.
const formula = /^[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]/;
const number = /^\s*(?:\d{12,}|0\d+|\d+(?:\.\d+)?e[+-]?\d+)\s*$/i;
const date = /^\s*\d{1,4}[-/]\d{1,2}(?:[-/]\d{1,4})?\s*$/;

/**
 * A cell of a CSV file: quoted if necessary, and with a leading apostrophe if Excel or LibreOffice would read it as
 * something other than text and change it. Names of clients come from outside, and accounts have 16 digits.
 */
export function csvCell(text: string): string {
  const inert = [formula, number, date].some((other) => other.test(text)) ? `'${text}` : text;
  return /[",;\r\n]/.test(inert) || inert !== inert.trim() ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/** The words of a column, with what it shows of a client. */
type CsvColumn = readonly [head: string, cell: (row: ReportRow, progress: MachineProgress) => string];

/**
 * One row per client, with localized headings; what a client is called and what became of it first, what all rows have in
 * common last. The byte order mark tells Excel that the file is UTF-8.
 */
export function csvReport(operation: Operation): string {
  const { id, profileName, scope, startedAt, endedAt } = operation;
  const action =
    operation.action === 'settings'
      ? t({ message: 'Change settings', comment: ['What an operation does.'] })
      : actionInWords(operation.action);
  const account = safe(accountInWords(scope));
  const started = localTime(startedAt);
  const ended = endedAt === undefined ? '' : localTime(endedAt);
  const columns: readonly CsvColumn[] = [
    [t({ message: 'Action', comment: ['Column of a report.'] }), () => action],
    [t({ message: 'Client', comment: ['Column of a report.'] }), ({ name }) => name],
    [t({ message: 'Instance ID', comment: ['Column of a report.'] }), ({ instanceId }) => instanceId],
    [t({ message: 'Client ID', comment: ['Column of a report.'] }), ({ clientId }) => clientId],
    [
      t({ message: 'State', comment: ['Column of a report.'] }),
      (_row, progress) => machineStateInWords(progress),
    ],
    [t({ message: 'Cause', comment: ['Column of a report.'] }), ({ cause }) => cause],
    [t({ message: 'Code', comment: ['Column of a report.'] }), ({ code }) => code],
    [t({ message: 'Version before', comment: ['Column of a report.'] }), (row) => row.versionBefore],
    [t({ message: 'Target version', comment: ['Column of a report.'] }), (row) => row.versionTarget],
    [t({ message: 'Version now', comment: ['Column of a report.'] }), (row) => row.versionNow],
    [
      t({ message: 'Backup when confirmed', comment: ['Column of a report: whether a backup was running.'] }),
      (_row, { machine }) => safe(workWhenAgreedInWords(machine)),
    ],
    [
      t({ message: 'Included anyway', comment: ['Column of a report: although a backup was running.'] }),
      ({ backups }) => (backups.included ? t({ message: 'Yes', comment: ['In a column of a report.'] }) : ''),
    ],
    [
      t({ message: 'Waited', comment: ['Column of a report: for a backup that was running.'] }),
      ({ backups }) => (backups.waited ? durationInWords(backups.waited.seconds * 1000) : ''),
    ],
    [
      t({ message: 'Waited for', comment: ['Column of a report: IDs of the backup jobs waited for.'] }),
      ({ backups }) => backups.waited?.jobIds.join(' ') ?? '',
    ],
    [t({ message: 'Started', comment: ['Column of a report: when the operation started.'] }), () => started],
    [t({ message: 'Ended', comment: ['Column of a report: when the operation ended.'] }), () => ended],
    [t({ message: 'Profile', comment: ['Column of a report.'] }), () => safe(profileName)],
    [t({ message: 'Account', comment: ['Column of a report.'] }), () => account],
    [t({ message: 'Region', comment: ['Column of a report.'] }), () => safe(scope.regionId)],
    [t({ message: 'Zone', comment: ['Column of a report.'] }), ({ zoneId }) => zoneId],
    [t({ message: 'Wave', comment: ['Column of a report.'] }), ({ wave }) => String(wave ?? '')],
    [t({ message: 'Task ID', comment: ['Column of a report.'] }), ({ taskId }) => taskId],
    [t({ message: 'Request IDs', comment: ['Column of a report.'] }), (row) => row.requestIds.join(' ')],
    [t({ message: 'Operation', comment: ['Column of a report: an ID.'] }), () => id],
  ];
  const rows = reportRows(operation).flatMap((row, index) => {
    const progress = operation.machines[index];
    return progress ? [columns.map(([, cell]) => cell(row, progress))] : [];
  });
  const lines = [columns.map(([head]) => head), ...rows];
  return `\ufeff${lines.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('')}`;
}

/** ISO 8601 to the second in the zone of this computer, such as "2026-11-29T19:30:05+08:00". */
function localTime(ms: number): string {
  const ahead = -new Date(ms).getTimezoneOffset();
  const two = (part: number): string => String(part).padStart(2, '0');
  const [minutes, sign] = [Math.abs(ahead), ahead < 0 ? '-' : '+'];
  const zone = `${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  return `${new Date(ms + ahead * 60_000).toISOString().slice(0, 19)}${zone}`;
}
