// The reference lists the end states only. The rest is what Security Center documents of the same jobs and what the
// vendor's Terraform provider waits for.
const ended: ReadonlySet<string> = new Set([
  ...['COMPLETE', 'PARTIAL_COMPLETE', 'FAILED', 'CANCELED', 'EXPIRED'],
  ...['CLIENT_DELETED', 'UNAVAILABLE', 'VM_UNAVAILABLE'],
]);

/** Statuses of jobs that go on, as a filter names them. */
export const unfinishedStatuses = ['CREATED', 'QUEUED', 'RUNNING', 'CANCELING'] as const;

/** Statuses of backups that can be restored, all of the files or some. */
export const backedUpStatuses = ['COMPLETE', 'PARTIAL_COMPLETE'] as const;

/**
 * Whether a job in this status occupies its machine; `unknown` where the service says that it doesn't know. A status that
 * isn't in any documentation counts as going on.
 * @param status in any case
 */
export function isGoingOn(status: string): boolean | 'unknown' {
  const word = status.trim().toUpperCase();
  if (word === 'UNKNOWN' || word === '') return 'unknown';
  return !ended.has(word);
}
