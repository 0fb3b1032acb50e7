import { withoutPasswords } from '../../clients/withoutPasswords';
import type { ServiceFilter } from '../../service/serviceFilter';
import type { ClientSettings } from '../../service/model';
import type { Operation } from '../operation';
import { isCode } from '../operationRecord';
import { csvReport } from './csvReport';
import { jsonReport } from './jsonReport';
import { markdownReport } from './markdownReport';

/** Export formats, and the extensions of their files. */
export const reportFormats = ['csv', 'json', 'md'] as const;
export type ReportFormat = (typeof reportFormats)[number];

export interface ReportDeps {
  /** Masks secrets. Applied to every free text of the report, but not to IDs, codes, or our own words. */
  readonly redact: (text: string) => string;
  /** Writes a moment (milliseconds since 1970) in the user's language. */
  readonly dateInWords: (ms: number) => string;
}

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

function withMaskedTags(filter: ServiceFilter, redact: (text: string) => string): ServiceFilter {
  const { tags } = filter;
  return tags ? { ...filter, tags: tags.map(({ key, value }) => ({ key, value: redact(value) })) } : filter;
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
      ...(scope.filter && { filter: withMaskedTags(scope.filter, redact) }),
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

/** Host and user can be any text. */
function withMaskedValues(values: ClientSettings, redact: (text: string) => string): ClientSettings {
  const { proxyHost, proxyUser } = withoutPasswords(values);
  return {
    ...values,
    ...(proxyHost !== undefined && { proxyHost: redact(proxyHost) }),
    ...(proxyUser !== undefined && { proxyUser: redact(proxyUser) }),
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
