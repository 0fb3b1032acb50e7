import { t } from '@vscode/l10n';
import type { ComposeRow } from '../../interaction/interaction';
import { listOf, numberInWords } from '../../kernel/localize';
import { plainText } from '../../kernel/plainText';
import { compareTexts } from '../nameOrder';
import { countShown, countTerms, type FilterableListing } from './countTerms';
import { testOf } from './facets';
import { parseFilter } from './filter';
import { splitFilter, writeTerm, type Term } from './filterText';
import { offers, type Offer } from './offers';
import type { SavedFilter } from './savedFilters';
import { unknownInWords } from './unknownTerms';

/** What the user decided in the filter box. */
export type FilterChoice =
  | { readonly kind: 'apply'; readonly text: string }
  | { readonly kind: 'save'; readonly text: string }
  | { readonly kind: 'delete'; readonly name: string };

export interface FilterBoxFacts {
  readonly listings: readonly FilterableListing[];
  readonly saved: readonly SavedFilter[];
  readonly recent: readonly string[];
  /** Counts what terms would leave; {@link countTerms} unless given. */
  readonly count?: typeof countTerms;
}

type Row = ComposeRow<FilterChoice>;

/** Values offered of one facet while a word is typed that they match. */
const maxMatching = 30;

/**
 * The rows of the filter box for the text in it: first what the text shows, which Enter applies, then saved and recent
 * filters, then terms to add or take away with the number of clients that each would leave. While a word is being typed,
 * only what matches it.
 */
export function filterRows(
  text: string,
  { listings, saved, recent, count = countTerms }: FilterBoxFacts,
): readonly Row[] {
  const typed = typedWord(text);
  const rest = typed === '' ? text : text.slice(0, text.length - typed.length);
  const filter = parseFilter(rest);
  const { terms } = filter;
  const chosen = new Set(terms.map((term) => textOf(term).toLowerCase()));
  const byOffer = count(filter, listings);
  const matches = (...texts: readonly string[]): boolean =>
    typed === '' || texts.some((one) => one.toLowerCase().includes(typed.toLowerCase()));
  const applied = text.trim();
  return [
    firstRow(applied, listings, saved),
    ...section(
      t({ message: 'Saved filters', comment: ['Heading in the filter box'] }),
      saved.filter((one) => one.text !== applied && matches(one.name, one.text)).map(savedRow),
    ),
    ...section(
      t({ message: 'Recent', comment: ['Heading in the filter box: filters used before'] }),
      recent
        .filter((one) => one !== applied && applied === '' && !saved.some((other) => other.text === one))
        .map(recentRow),
    ),
    ...offers.flatMap((offer, index) => {
      const counts = byOffer[index] ?? new Map<string, number>();
      const isChosen = (value: string): boolean =>
        chosen.has(textOf({ facet: offer.facet, value }).toLowerCase());
      // What is chosen can be taken away, although it leaves nothing.
      const left = terms.filter(
        ({ facet, value }) => facet === offer.facet && !counts.has(value) && isOrdered(offer, value),
      );
      const values = sorted(offer, [...counts, ...left.map(({ value }) => [value, 0] as const)]);
      // A value that all clients have says nothing.
      if (!offer.order && values.length < 2 && !values.some(([value]) => isChosen(value))) return [];
      const limit = typed === '' ? offer.limit : maxMatching;
      return section(
        offer.heading(),
        values
          .filter(([value]) => matches(offer.inWords(value), textOf({ facet: offer.facet, value })))
          .filter(([value], at) => at < limit || isChosen(value))
          .map(([value, count]) => termRow(offer, value, count, isChosen(value), text, rest)),
      );
    }),
  ];
}

/** The text with a term added, or taken away where it was there. Ends so that the next word can be typed. */
export function toggleTerm(text: string, term: Term): string {
  const wanted = textOf(term).toLowerCase();
  const tokens = splitFilter(text);
  const others = tokens.filter((token) => !token.term || textOf(token.term).toLowerCase() !== wanted);
  const parts = others.map(({ start, end }) => text.slice(start, end));
  if (others.length === tokens.length) parts.push(textOf(term));
  return parts.length === 0 ? '' : `${parts.join(' ')} `;
}

/** The last part of the text while it isn't finished: a word, or a term without a value that means something. */
function typedWord(text: string): string {
  const last = splitFilter(text).at(-1);
  if (!last || last.end < text.length) return '';
  const isFinished = last.term && last.term.value !== '' && testOf(last.term) !== undefined;
  return isFinished ? '' : text.slice(last.start);
}

function firstRow(text: string, listings: readonly FilterableListing[], saved: readonly SavedFilter[]): Row {
  const filter = parseFilter(text);
  const { shown, total } = countShown(filter, listings);
  const counts = t({
    message: '{shown} of {total} clients',
    args: { shown: numberInWords(shown), total: numberInWords(total) },
    comment: ['What a filter shows, in the filter box'],
  });
  const step = { answer: { kind: 'apply', text } } as const;
  if (text === '') {
    return {
      kind: 'row',
      id: 'apply',
      label: t({ message: 'Show all clients', comment: ['A choice in the filter box'] }),
      description: numberInWords(total),
      icon: 'list-flat',
      step,
    };
  }
  return {
    kind: 'row',
    id: 'apply',
    label: plainText(text),
    description: listOf([...(filter.unknown.length > 0 ? [unknownInWords(filter.unknown)] : []), counts]),
    icon: 'search',
    step,
    ...(!saved.some((one) => one.text === text) && {
      button: {
        label: t({ message: 'Save Filter…', comment: ['A button in the filter box'] }),
        icon: 'save',
        step: { answer: { kind: 'save', text } } as const,
      },
    }),
  };
}

function savedRow({ name, text }: SavedFilter): Row {
  return {
    kind: 'row',
    id: `saved ${name}`,
    label: plainText(name),
    description: plainText(text),
    icon: 'bookmark',
    step: { answer: { kind: 'apply', text } },
    button: {
      label: t({ message: 'Delete Filter', comment: ['A button in the filter box'] }),
      icon: 'trash',
      step: { answer: { kind: 'delete', name } },
    },
  };
}

function recentRow(text: string): Row {
  return {
    kind: 'row',
    id: `recent ${text}`,
    label: plainText(text),
    icon: 'history',
    step: { answer: { kind: 'apply', text } },
  };
}

function termRow(
  { heading, icon, facet, inWords }: Offer,
  value: string,
  count: number,
  isChosen: boolean,
  text: string,
  rest: string,
): Row {
  return {
    kind: 'row',
    id: textOf({ facet, value }),
    label: plainText(inWords(value)),
    // VS Code shows no headings while there is a text.
    description:
      text === ''
        ? numberInWords(count)
        : t({
            message: '{count} · {facet}',
            args: { count: numberInWords(count), facet: heading() },
            comment: ['A number of clients, and what they are filtered by, such as Zone'],
          }),
    icon: isChosen ? 'check' : icon(value),
    step: { text: toggleTerm(rest, { facet, value }) },
  };
}

/** True where a value is among those in a fixed order, or there is none: several offers share the facet `is`. */
function isOrdered({ order }: Offer, value: string): boolean {
  return order?.includes(value) ?? true;
}

type Counted = readonly [value: string, count: number];

function sorted({ order }: Offer, values: readonly Counted[]): readonly Counted[] {
  return [...values].sort(([a, one], [b, other]) =>
    order ? order.indexOf(a) - order.indexOf(b) : other - one || compareTexts(a, b),
  );
}

function section(label: string, rows: readonly Row[]): readonly Row[] {
  return rows.length === 0 ? [] : [{ kind: 'heading', label }, ...rows];
}

function textOf({ facet, value }: Term): string {
  return writeTerm(facet, value);
}
