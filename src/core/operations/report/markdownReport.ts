import { t } from '@vscode/l10n';
import { readableMarkdown } from '../../kernel/markdownText';
import { accountInWords, listedInWords } from '../../service/scopeLabel';
import { failureInWords } from '../../service/reasons';
import { durationInWords } from '../../service/words';
import { waitedForInWords, workWhenAgreedInWords } from '../holdWords';
import type { Operation } from '../operation';
import { requestIdsOfCall } from '../operationFacts';
import { settingsInWords } from '../settingsInWords';
import { machineStateInWords, operationTitle, stateInWords } from '../words';
import { reportRows, safe, type ReportRow } from './reportRows';

/** For a ticket or a wiki: what was done where, the result, then each client. */
export function markdownReport(
  operation: Operation,
  { dateInWords }: { readonly dateInWords: (ms: number) => string },
): string {
  const line = (text: string): string => readableMarkdown(safe(text));
  const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
    [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const { scope } = operation;
  const place = [operation.profileName, accountInWords(scope), scope.regionId, ...listedInWords(scope)];
  const facts = [
    ...(operation.demo ? [line(t('Demo data. No real client is changed.'))] : []),
    line(place.filter((part) => part !== '').join(' · ')),
    ...(operation.settings ? [line(settingsInWords(operation.settings))] : []),
    line(stateInWords(operation)),
    line(
      t({
        message: 'Started {0}',
        args: [dateInWords(operation.startedAt)],
        comment: ['{0} is a date with a time of day.'],
      }),
    ),
    ...(operation.endedAt === undefined
      ? []
      : [
          line(
            t({
              message: 'Took {0}',
              args: [durationInWords(operation.endedAt - operation.startedAt)],
              comment: ['{0} is a duration such as "3 min 12 s".'],
            }),
          ),
        ]),
  ];
  const machines = reportRows(operation);
  const hasWaves = operation.waves.length > 1;
  const machineTable = table(
    [
      t({ message: 'Client', comment: ['Column of a report.'] }),
      t({ message: 'Instance ID', comment: ['Column of a report.'] }),
      ...(hasWaves ? [t({ message: 'Wave', comment: ['Column of a report.'] })] : []),
      t({ message: 'State', comment: ['Column of a report.'] }),
      t({ message: 'Version', comment: ['Column of a report.'] }),
      t({ message: 'Details', comment: ['Column of a report.'] }),
    ],
    machines.map((row, index) => [
      line(row.name),
      line(row.instanceId || row.clientId),
      ...(hasWaves ? [String(row.wave ?? '')] : []),
      line(machineStateInWords(operation.machines[index] ?? row)),
      line([...new Set([row.versionBefore, row.versionNow])].filter(Boolean).join(' → ')),
      line(row.cause.includes(row.code) ? row.cause : causeWithCode(row)),
    ]),
  );
  const callTable = table(
    [
      t({ message: 'Task ID', comment: ['Column of a report.'] }),
      t({ message: 'Clients', comment: ['Column of a report.'] }),
      t({ message: 'Request IDs', comment: ['Column of a report.'] }),
      t({ message: 'Details', comment: ['Column of a report.'] }),
    ],
    operation.calls.map((call) => [
      line(call.taskId ?? ''),
      String(call.machineKeys.length),
      requestIdsOfCall(call).map(line).join(' '),
      line(call.failure ? failureInWords({ ...call.failure, finding: call.finding }) : ''),
    ]),
  );
  return [
    `# ${line(operationTitle(operation))}`,
    facts.map((fact) => `- ${fact}`).join('\n'),
    ...(machines.length > 0
      ? [`## ${t({ message: 'Clients', comment: ['Heading of a report.'] })}`, machineTable]
      : []),
    ...backupSection(operation, line, table),
    ...(operation.calls.length > 0
      ? [
          `## ${t({ message: 'Service tasks', comment: ['Heading of a report: the tasks that Cloud Backup runs.'] })}`,
          callTable,
        ]
      : []),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

/** What was known of backups; nothing where nothing ran and all could be told. */
function backupSection(
  { machines }: Operation,
  line: (text: string) => string,
  table: (heads: readonly string[], rows: readonly (readonly string[])[]) => string,
): readonly string[] {
  const notable = machines.filter(
    ({ machine: { work, whenBusy }, held, wasHeld }) =>
      held || wasHeld || whenBusy || (work && work.kind !== 'none'),
  );
  if (notable.length === 0) return [];
  return [
    `## ${t({ message: 'Backups', comment: ['Heading of a report: backups that ran during an operation.'] })}`,
    table(
      [
        t({ message: 'Client', comment: ['Column of a report.'] }),
        t({
          message: 'Backup when confirmed',
          comment: ['Column of a report: whether a backup was running.'],
        }),
        t({ message: 'Included anyway', comment: ['Column of a report: although a backup was running.'] }),
        t({ message: 'Waited', comment: ['Column of a report: for a backup that was running.'] }),
      ],
      notable.map((progress) => [
        line(progress.machine.name),
        line(workWhenAgreedInWords(progress.machine)),
        progress.machine.whenBusy ? t({ message: 'Yes', comment: ['In a column of a report.'] }) : '',
        line(waitedForInWords(progress)),
      ]),
    ),
  ];
}

function causeWithCode({ cause, code }: ReportRow): string {
  return t({
    message: '{cause} ({code})',
    args: { cause, code },
    comment: [
      '{cause} is one or two sentences. {code} is a word of the service, such as InstanceNotRunning.',
    ],
  });
}
