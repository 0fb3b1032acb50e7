import { refusal } from './errors';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface Filter {
  readonly key: string;
  /** Absent where the call names none. */
  readonly operator?: string;
  readonly values: readonly string[];
}

/** The name and value pairs of a query string or a form body, decoded; `+` is a space, as in a form. */
export function decodePairs(text: string): (readonly [string, string])[] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const name = equals < 0 ? pair : pair.slice(0, equals);
      return [decode(name), equals < 0 ? '' : decode(pair.slice(equals + 1))] as const;
    });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw refusal('InvalidParameter.Format', 'A percent-encoded value is broken.');
  }
}

/** The business parameters of a call, wherever they travelled; an empty value counts as not given. */
export class Parameters {
  readonly #values: ReadonlyMap<string, string>;

  /** Where a name comes twice, the first one counts. */
  constructor(pairs: Iterable<readonly [string, string]>) {
    const values = new Map<string, string>();
    for (const [name, value] of pairs) if (!values.has(name)) values.set(name, value);
    this.#values = values;
  }

  entries(): Iterable<readonly [string, string]> {
    return this.#values;
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return value === '' ? undefined : value;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw refusal('MissingParameter', `${name} is required.`);
    return value;
  }

  /** A required parameter that must be one of the given words. */
  oneOf<T extends string>(name: string, choices: readonly T[]): T {
    const value = this.required(name);
    const choice = choices.find((each) => each === value);
    if (choice === undefined) {
      throw refusal('BadRequest', `${name} must be one of ${choices.join(', ')}.`);
    }
    return choice;
  }

  /** A whole number within the limits, both included; undefined when not given. */
  integer(name: string, min: number, max: number): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (!/^-?\d{1,16}$/.test(value) || number < min || number > max) {
      throw refusal('BadRequest', `${name} must be a whole number from ${min} to ${max}.`);
    }
    return number;
  }

  boolean(name: string): boolean | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (value !== 'true' && value !== 'false') throw refusal('BadRequest', `${name} must be true or false.`);
    return value === 'true';
  }

  /** A JSON array of strings in one parameter; empty when not given. */
  jsonList(name: string): readonly string[] {
    const value = this.text(name);
    if (value === undefined) return [];
    const list = parseJson(value);
    if (!Array.isArray(list) || !list.every((item) => typeof item === 'string' && item !== '')) {
      throw refusal('BadRequest', `${name} must be a JSON array of strings.`);
    }
    return list.map(String);
  }

  /** `name.1`, `name.2`, … up to the first that is missing. */
  repeated(name: string): readonly string[] {
    const list: string[] = [];
    for (
      let value = this.text(`${name}.1`);
      value !== undefined;
      value = this.text(`${name}.${list.length + 1}`)
    ) {
      list.push(value);
    }
    return list;
  }

  /** `Tag.N.Key` and `Tag.N.Value`, at most 20; without a value the key alone counts. */
  tags(): readonly { readonly key: string; readonly value: string | undefined }[] {
    return this.#groups('Tag', 20).map((index) => ({
      key: this.required(`Tag.${index}.Key`),
      value: this.text(`Tag.${index}.Value`),
    }));
  }

  /** `Filters.N.Key`, `Filters.N.Operator`, and `Filters.N.Values.M`; never JSON. By default at most 5 of 100 values. */
  filters(most: { readonly filters?: number; readonly values?: number } = {}): readonly Filter[] {
    if (this.text('Filters') !== undefined) throw refusal('BadRequest', 'Filters must be flattened.');
    const { filters: mostFilters = 5, values: mostValues = 100 } = most;
    return this.#groups('Filters', mostFilters).map((index) => {
      const values = this.repeated(`Filters.${index}.Values`);
      if (values.length > mostValues) {
        throw refusal('BadRequest', `A filter takes at most ${mostValues} values.`);
      }
      const operator = this.text(`Filters.${index}.Operator`);
      return { key: this.required(`Filters.${index}.Key`), ...(operator && { operator }), values };
    });
  }

  #groups(name: string, limit: number): number[] {
    const indexes = new Set<number>();
    for (const key of this.#values.keys()) {
      const index = key.startsWith(`${name}.`) ? /^\d+/.exec(key.slice(name.length + 1))?.[0] : undefined;
      if (index !== undefined) indexes.add(Number(index));
    }
    if (indexes.size > limit) throw refusal('BadRequest', `${name}: at most ${limit} are allowed.`);
    return [...indexes].sort((one, other) => one - other);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
