import { t } from '@vscode/l10n';
import type { Fact } from '../interaction/interaction';
import { numberInWords } from '../kernel/localize';
import { leftOutInCount, linesOf, namesOf, type Line } from './clientTexts';

/** What the user should know before agreeing, in lines that are whole sentences or names. */
export interface Details {
  /** What can't be undone. It comes first. */
  readonly warnings: readonly string[];
  /** What runs on clients or starts soon, and what's done with them. */
  readonly interrupted: readonly string[];
  /** Account and profile. */
  readonly scope: readonly string[];
  /** What is set, for a change of settings. */
  readonly changes?: readonly string[];
  readonly clients: readonly Line[];
  /** What an uninstall stops: a sentence, and each plan and policy. */
  readonly stops?: { readonly heading: string; readonly lines: readonly Line[] };
  readonly notes: readonly string[];
  /** Each client that stays as it is, with the reason. */
  readonly leftOut: readonly Line[];
}

/** Lines of one kind in a box: nobody reads further, and the plan names them all. */
const mostInBox = 200;

/** Heading of the plans and policies that an uninstall stops. */
export function whatStops(): string {
  return t({ message: 'What stops', comment: ['A heading above backup plans and policies'] });
}

/** The details as the text of a modal. */
export function textOf({
  warnings,
  interrupted,
  scope,
  changes = [],
  clients,
  stops,
  notes,
  leftOut,
}: Details): string {
  const others =
    leftOut.length === 0
      ? ''
      : t({
          message: '{count} left out: {clients}',
          args: { count: numberInWords(leftOut.length), clients: namesOf(leftOut, (line) => line()) },
          comment: ['{count}: how many clients are not changed. {clients}: their names, each with a reason'],
        });
  const stopped = stops ? [stops.heading, ...linesOf(stops.lines)] : [];
  return paragraphs(warnings, interrupted, scope, changes, linesOf(clients), stopped, notes, [others]);
}

/** The details as rows of a box. @param reasons why something is typed */
export function factsOf(
  { warnings, interrupted, scope, changes = [], clients, stops, notes, leftOut }: Details,
  reasons: readonly string[],
): readonly Fact[] {
  const facts = (icon: string, lines: readonly string[]): readonly Fact[] =>
    lines.filter((line) => line !== '').map((label) => ({ label, icon }));
  const below = (label: string, rows: readonly Fact[]): readonly Fact[] =>
    rows.length === 0 ? [] : [{ kind: 'heading', label }, ...rows];
  return [
    ...facts('warning', stops ? [...warnings, stops.heading] : warnings),
    ...facts('sync', interrupted),
    ...facts('account', scope),
    ...facts('settings', changes),
    ...facts('info', [leftOut.length > 0 ? leftOutInCount(leftOut.length) : '', ...notes, ...reasons]),
    ...below(whatStops(), facts('calendar', linesOf(stops?.lines ?? [], mostInBox))),
    ...below(
      t({ message: 'Clients', comment: ['A heading above clients'] }),
      facts('vm', linesOf(clients, mostInBox)),
    ),
    ...below(
      t({ message: 'Left out', comment: ['A heading above clients that are not changed'] }),
      facts('circle-slash', linesOf(leftOut, mostInBox)),
    ),
  ];
}

/** Blocks of lines with a blank line between them; empty lines and blocks are left out. */
function paragraphs(...blocks: readonly (readonly string[])[]): string {
  return blocks
    .map((lines) => lines.filter((line) => line !== '').join('\n'))
    .filter((block) => block !== '')
    .join('\n\n');
}
