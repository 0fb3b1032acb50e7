import { refusal } from './errors';
import { isEnd } from './jobs';
import type { Filter } from './parameters';

/** What is filtered: the value of a field, by its key in lower case. */
export type Field = (key: string) => string | number;

const timeKeys: ReadonlySet<string> = new Set(['createdtime', 'completetime']);

const comparisons: Readonly<Record<string, (value: string | number, given: readonly string[]) => boolean>> = {
  IN: (value, given) => given.includes(String(value)),
  EQUAL: (value, given) => String(value) === given[0],
  NOT_EQUAL: (value, given) => String(value) !== given[0],
  GREATER_THAN: (value, given) => Number(value) > Number(given[0]),
  GREATER_THAN_OR_EQUAL: (value, given) => Number(value) >= Number(given[0]),
  LESS_THAN: (value, given) => Number(value) < Number(given[0]),
  LESS_THAN_OR_EQUAL: (value, given) => Number(value) <= Number(given[0]),
  BETWEEN: (value, given) => Number(value) >= Number(given[0]) && Number(value) <= Number(given[1]),
};

/** Filters that all have to be met. */
export class Filters {
  readonly #filters: readonly (Filter & { readonly wanted: ReadonlySet<string> })[];

  /**
   * Keys are compared without case. A key that isn't known is refused, or with `ignoring` left out. `operators` is false
   * where filters have none.
   */
  constructor(
    filters: readonly Filter[],
    keys: readonly string[],
    {
      ignoring = false,
      operators = true,
    }: { readonly ignoring?: boolean; readonly operators?: boolean } = {},
  ) {
    const known = new Set(keys.map((key) => key.toLowerCase()));
    this.#filters = filters.flatMap((filter) => {
      const key = filter.key.toLowerCase();
      if (!known.has(key)) {
        if (ignoring) return [];
        throw refusal('BadRequest', `Filters: the key ${filter.key} is unknown.`);
      }
      if (!operators && filter.operator !== undefined) {
        throw refusal('BadRequest', 'Filters: there are no operators here.');
      }
      check(key, filter);
      return [{ ...filter, key, wanted: new Set(filter.values) }];
    });
  }

  meets(field: Field): boolean {
    return this.#filters.every(({ key, operator = 'IN', values, wanted }) =>
      operator === 'IN'
        ? wanted.has(String(field(key)))
        : (comparisons[operator]?.(field(key), values) ?? false),
    );
  }

  /** The values of which a field must have one; undefined where any will do. */
  oneOf(key: string): ReadonlySet<string> | undefined {
    return this.#filters.find((filter) => filter.key === key && /^(IN|EQUAL)$/.test(filter.operator ?? 'IN'))
      ?.wanted;
  }

  /** The least that a time must be, 0 for any. */
  least(): number {
    const bounds = this.#filters
      .filter(({ key, operator }) => timeKeys.has(key) && /^(GREATER|BETWEEN|EQUAL)/.test(operator ?? ''))
      .map(({ values }) => Number(values[0]));
    return Math.max(0, ...bounds);
  }

  /** True where only unfinished jobs can meet them. */
  get unfinished(): boolean {
    const statuses = this.oneOf('status');
    return statuses !== undefined && ![...statuses].some(isEnd);
  }

  /** The same filters, with which no job is found that is still unfinished. */
  withoutUnfinished(): Filters {
    const changed = this.#filters.map((filter) =>
      filter.key === 'status' ? { ...filter, values: filter.values.filter(isEnd) } : filter,
    );
    return new Filters(
      changed,
      changed.map(({ key }) => key),
    );
  }
}

function check(key: string, { operator = 'IN', values }: Filter): void {
  if (comparisons[operator] === undefined) {
    throw refusal('BadRequest', `Filters: the operator ${operator} is unknown.`);
  }
  if (key === 'completetime' && operator === 'IN') {
    throw refusal('BadRequest', 'Filters: CompleteTime does not take IN.');
  }
  const compares = /^(GREATER|LESS|BETWEEN)/.test(operator);
  if (!compares) return;
  const numbers = values.map(Number);
  if (
    !timeKeys.has(key) ||
    numbers.length !== (operator === 'BETWEEN' ? 2 : 1) ||
    numbers.some(Number.isNaN)
  ) {
    throw refusal('BadRequest', `Filters: ${operator} is wrong for ${key}.`);
  }
}
