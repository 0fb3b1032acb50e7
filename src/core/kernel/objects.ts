/** True for an object that isn't an array, such as a JSON object. Its values are unchecked. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The object without its undefined members, so that an optional member is either set or absent:
 * `present<Tag>({ key, value: maybeUndefined })`. It's the same object when none is undefined.
 */
export function present<T extends object>(object: { readonly [K in keyof T]: T[K] | undefined }): T;
export function present(object: Readonly<Record<string, unknown>>): object {
  for (const name in object) if (object[name] === undefined) return copyOfPresent(object);
  return object;
}

function copyOfPresent(object: Readonly<Record<string, unknown>>): object {
  const result: Record<string, unknown> = {};
  for (const name in object) {
    if (object[name] !== undefined) result[name] = object[name];
  }
  return result;
}
