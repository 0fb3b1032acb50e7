// Folders under the extension's global storage folder, as path parts. This file imports nothing: the stub looks for
// unfinished work with one read of the first folder.

/** One file for each operation that has not ended. */
export const openOperationsFolder = ['operations', 'open'] as const;
/** One file for each operation that has ended. */
export const closedOperationsFolder = ['operations', 'closed'] as const;
export const leasesFolder = ['leases'] as const;
export const listingsFolder = ['listings'] as const;
