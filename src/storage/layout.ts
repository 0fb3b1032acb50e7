// Folders under the extension's global storage folder, as path parts. This file imports nothing: the stub looks for
// unfinished work with one read of the first folder.

/** One file for each operation that has not ended. */
export const openOperationsFolder = ['operations', 'open'] as const;
/** One file for each operation that has ended. */
export const closedOperationsFolder = ['operations', 'closed'] as const;
/** One file for each operation that a newer release wrote and this one cannot read. */
export const asideOperationsFolder = ['operations', 'aside'] as const;
/** How the name of a file of records ends; other files in these folders are not ours. */
export const recordsEnding = '.jsonl';
export const leasesFolder = ['leases'] as const;
export const listingsFolder = ['listings'] as const;
/** What the user last saw of each scope. */
export const seenFolder = ['seen'] as const;
