import { t } from '@vscode/l10n';
import { settingsInWords } from './settingsInWords';
import type { ClientSettings } from '../service/model';
import { causeInWords } from './causes';
import { countsOf, type Operation, type OperationCall } from './operation';
import type { MachineOutcome } from './outcomes';
import { versionNow } from './machineVersions';
import { requestIdsOfCall } from './operationFacts';
import { isCode } from './operationRecord';
import { accountInWords } from '../service/scopeLabel';
import { markdownText } from '../kernel/markdownText';
import { plainText } from '../kernel/plainText';
import { failureInWords } from '../service/reasons';
import { operationTitle, outcomeInWords, standingOf, stateInWords } from './words';
import { durationInWords } from '../service/words';

/** Export formats, and the extensions of their files. */
export const reportFormats = ['csv', 'json', 'md'] as const;
export type ReportFormat = (typeof reportFormats)[number];

export interface ReportDeps {
  /** Masks secrets. Applied to every free text of the report, but not to IDs, codes, or our own words. */
  readonly redact: (text: string) => string;
  /** Writes a moment (milliseconds since 1970) in the user's language. */
  readonly dateInWords: (ms: number) => string;
}

interface Row {
  readonly name: string;
  readonly instanceId: string;
  readonly clientId: string;
  readonly zoneId: string;
  readonly wave: number | undefined;
  readonly outcome: MachineOutcome;
  readonly code: string;
  readonly cause: string;
  readonly versionBefore: string;
  readonly versionNow: string;
  readonly taskId: string;
  readonly requestIds: readonly string[];
}

// A message of the service has a sentence or two; anything longer is cut.
const longestText = 500;

/**
 * The report of an operation as the text of a file. Contains every ID unchanged, request IDs included, and no secret
 * that `redact` knows.
 */
export function reportOf(operation: Operation, format: ReportFormat, deps: ReportDeps): string {
  // Masked before it is cut: the rest of a secret would not be recognized.
  const masked = withMaskedTexts(operation, deps.redact);
  switch (format) {
    case 'csv':
      return csvReport(masked);
    case 'json':
      return jsonReport(masked);
    case 'md':
      return markdownReport(masked, deps);
  }
}

/** The operation with `redact` applied to free text: names and messages. */
function withMaskedTexts(operation: Operation, redact: (text: string) => string): Operation {
  const { scope, settings, machines, calls } = operation;
  const alias = scope.crossAccount?.alias;
  const reasonOf = (reason: string): string => (isCode(reason) ? reason : redact(reason));
  return {
    ...operation,
    profileName: redact(operation.profileName),
    ...(settings && { settings: { ...settings, values: withMaskedValues(settings.values, redact) } }),
    scope: {
      ...scope,
      ...(scope.crossAccount &&
        alias !== undefined && { crossAccount: { ...scope.crossAccount, alias: redact(alias) } }),
    },
    machines: machines.map(({ machine, reason, ...rest }) => ({
      ...rest,
      machine: { ...machine, name: redact(machine.name) },
      ...(reason !== undefined && { reason: reasonOf(reason) }),
    })),
    calls: calls.map(({ failure, ...call }) => ({
      ...call,
      ...(failure && {
        failure: {
          ...failure,
          message: redact(failure.message),
          ...(failure.serviceCode !== undefined && { serviceCode: reasonOf(failure.serviceCode) }),
        },
      }),
    })),
  };
}

/** A file name that sorts by time, such as "upgrade-2026-11-21-0930.csv" (local time). */
export function reportFileName(
  operation: Pick<Operation, 'action' | 'foreign' | 'startedAt'>,
  format: ReportFormat,
): string {
  const at = new Date(operation.startedAt);
  const two = (part: number): string => String(part).padStart(2, '0');
  const day = [String(at.getFullYear()), two(at.getMonth() + 1), two(at.getDate())].join('-');
  const what = operation.foreign ? 'task' : operation.action;
  return `${what}-${day}-${two(at.getHours())}${two(at.getMinutes())}.${format}`;
}

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

/** One row per client, with localized headings. The byte order mark tells Excel that the file is UTF-8. */
function csvReport(operation: Operation): string {
  const { profileName, scope: where } = operation;
  const scope = [profileName, accountInWords(where), where.regionId].map(safe);
  const heads = [
    t({ message: 'Operation', comment: ['Column of a report.'] }),
    t({ message: 'Profile', comment: ['Column of a report.'] }),
    t({ message: 'Account', comment: ['Column of a report.'] }),
    t({ message: 'Region', comment: ['Column of a report.'] }),
    t({ message: 'Client', comment: ['Column of a report.'] }),
    t({ message: 'Instance ID', comment: ['Column of a report.'] }),
    t({ message: 'Client ID', comment: ['Column of a report.'] }),
    t({ message: 'Zone', comment: ['Column of a report.'] }),
    t({ message: 'Wave', comment: ['Column of a report.'] }),
    t({ message: 'State', comment: ['Column of a report.'] }),
    t({ message: 'Code', comment: ['Column of a report.'] }),
    t({ message: 'Cause', comment: ['Column of a report.'] }),
    t({ message: 'Version before', comment: ['Column of a report.'] }),
    t({ message: 'Version now', comment: ['Column of a report.'] }),
    t({ message: 'Task ID', comment: ['Column of a report.'] }),
    t({ message: 'Request IDs', comment: ['Column of a report.'] }),
  ];
  const rows = rowsOf(operation).map((row) => [
    ...[operation.id, ...scope],
    ...[row.name, row.instanceId, row.clientId, row.zoneId, row.wave === undefined ? '' : String(row.wave)],
    ...[outcomeInWords(row.outcome), row.code, row.cause, row.versionBefore, row.versionNow, row.taskId],
    row.requestIds.join(' '),
  ]);
  return `\ufeff${[heads, ...rows].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('')}`;
}

/** For programs: codes instead of words, and times in ISO 8601. Within a version, only new fields are added. */
function jsonReport(operation: Operation): string {
  const { id, action, settings, scope, strategy, waves, calls } = operation;
  const report = {
    report: 'alibaba-cloud-backup-operation',
    version: 1,
    id,
    action,
    tracked: operation.foreign === true,
    ...(operation.retryOf !== undefined && { retryOf: operation.retryOf }),
    demo: operation.demo,
    profile: safe(operation.profileName),
    // Of the clients. If that is another account, the requesting one is below.
    accountId: safe(scope.crossAccount?.userId ?? scope.accountId),
    ...(scope.crossAccount && {
      crossAccount: {
        type: scope.crossAccount.type,
        ...(scope.crossAccount.roleName !== undefined && { roleName: safe(scope.crossAccount.roleName) }),
        ...(scope.crossAccount.alias !== undefined && { alias: safe(scope.crossAccount.alias) }),
        managedFrom: safe(scope.accountId),
      },
    }),
    regionId: safe(scope.regionId),
    startedAt: new Date(operation.startedAt).toISOString(),
    ...(operation.endedAt !== undefined && { endedAt: new Date(operation.endedAt).toISOString() }),
    ...(settings && {
      settings: {
        values: settings.values,
        ...(settings.proxyPasswordChanged && { proxyPassword: 'changed' }),
      },
    }),
    state: standingOf(operation),
    strategy,
    counts: countsOf(operation),
    waves: waves.map(({ number, state, machineKeys }) => ({ number, state, machines: machineKeys.length })),
    calls: calls.map((call) => ({
      state: call.state,
      sentAt: new Date(call.intentAt).toISOString(),
      ...(call.taskId !== undefined && { taskId: safe(call.taskId) }),
      ...(call.task && { task: { state: safe(call.task.state), progress: call.task.progress } }),
      ...(call.failure && {
        failure: {
          code: call.failure.code,
          ...(call.failure.serviceCode !== undefined && { serviceCode: safe(call.failure.serviceCode) }),
          message: safe(call.failure.message),
          ambiguous: call.failure.ambiguous,
        },
      }),
      machines: call.machineKeys.length,
      requestIds: requestIdsOfCall(call),
    })),
    machines: rowsOf(operation),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/** For a ticket or a wiki: what was done where, the result, then each client. */
function markdownReport(operation: Operation, { dateInWords }: ReportDeps): string {
  const line = (text: string): string => markdownText(safe(text));
  const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
    [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const place = [operation.profileName, accountInWords(operation.scope), operation.scope.regionId];
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
  const machines = rowsOf(operation);
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
    machines.map((row) => [
      line(row.name),
      line(row.instanceId || row.clientId),
      ...(hasWaves ? [String(row.wave ?? '')] : []),
      line(outcomeInWords(row.outcome)),
      line([...new Set([row.versionBefore, row.versionNow])].filter(Boolean).join(' → ')),
      line(row.code !== '' && row.code !== row.cause ? causeWithCode(row) : row.cause),
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

function causeWithCode({ cause, code }: Row): string {
  return t({
    message: '{cause} ({code})',
    args: { cause, code },
    comment: [
      '{cause} is one or two sentences. {code} is a word of the service, such as InstanceNotRunning.',
    ],
  });
}

/** Host and user can be any text. */
function withMaskedValues(values: ClientSettings, redact: (text: string) => string): ClientSettings {
  const { proxyHost, proxyUser } = values;
  return {
    ...values,
    ...(proxyHost !== undefined && { proxyHost: redact(proxyHost) }),
    ...(proxyUser !== undefined && { proxyUser: redact(proxyUser) }),
  };
}

function rowsOf(operation: Operation): readonly Row[] {
  const callOf = new Map<string, OperationCall>();
  for (const call of operation.calls) for (const key of call.machineKeys) callOf.set(key, call);
  const waveOf = new Map<string, number>();
  for (const wave of operation.waves) for (const key of wave.machineKeys) waveOf.set(key, wave.number);
  return operation.machines.map((progress) => {
    const { machine, outcome, reason } = progress;
    const call = callOf.get(machine.key);
    const code = reason ?? '';
    return {
      name: safe(machine.name),
      instanceId: safe(machine.instanceId),
      clientId: safe(machine.clientId),
      zoneId: safe(machine.zoneId),
      wave: waveOf.get(machine.key),
      outcome,
      code: safe(code),
      cause: safe(causeInWords(progress, operation)),
      versionBefore: safe(machine.fromVersion),
      versionNow: safe(versionNow(progress, operation.action)),
      taskId: safe(call?.taskId),
      requestIds: call ? requestIdsOfCall(call) : [],
    };
  });
}

function safe(text = ''): string {
  return plainText(text, longestText);
}
