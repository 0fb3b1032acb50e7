import * as v from 'valibot';

/** Longer than any ID that a page offers to copy. */
export const shortText = v.pipe(v.string(), v.nonEmpty(), v.maxLength(300));
