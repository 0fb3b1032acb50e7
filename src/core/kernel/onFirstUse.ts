/**
 * Makes something when it's first asked for, such as by loading its code, and answers the same from then on. Where that
 * fails, it's tried again when it's asked for next.
 */
export function onFirstUse<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
