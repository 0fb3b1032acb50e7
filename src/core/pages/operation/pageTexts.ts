import { t } from '@vscode/l10n';
import { durationTexts } from '../../service/words';

/** Labels of the page in your language. The page fills in a `{0}` as time passes and rows are filtered. */
export function pageTexts() {
  return {
    progress: t({ message: 'Progress', comment: ['Name of a progress bar, for screen readers.'] }),
    started: t({ message: 'Started {0}', comment: ['{0} is a time, such as 8:30 AM.'] }),
    elapsed: t({ message: '{0} elapsed', comment: ['{0} is a duration, such as 3 min 12 s.'] }),
    took: t({ message: 'Took {0}', comment: ['{0} is a duration, such as 3 min 12 s.'] }),
    nextCheck: t({ message: 'Next check in {0}', comment: ['{0} is a duration, such as 30 s.'] }),
    left: t({
      message: 'Up to {0} more',
      comment: ['{0} is a duration, such as 1 h 58 min: a client waits that long at most.'],
    }),
    checkingNow: t({ message: 'Checking now', comment: ['The service is being queried.'] }),
    ...durationTexts(),
    clients: t({ message: 'Clients', comment: ['Heading of a table of backup clients; also of a count.'] }),
    tasks: t({
      message: 'Service tasks',
      comment: ['Heading: the tasks of Cloud Backup, each with a task ID.'],
    }),
    noTasks: t('No requests have been sent.'),
    taskId: t({ message: 'Task ID', comment: ['Column: the ID of a task of Cloud Backup.'] }),
    noTask: t({ message: 'No task', comment: ['In the column Task ID.'] }),
    requestIds: t({ message: 'Request IDs', comment: ['Column: the IDs of API requests.'] }),
    copyTaskId: t('Copy Task ID'),
    copyRequestId: t('Copy Request ID'),
    copied: t({ message: 'Copied', comment: ['Announced after an ID was copied to the clipboard.'] }),
    waves: t({ message: 'Waves', comment: ['Heading: the stages of a rollout.'] }),
    wave: t({ message: 'Wave', comment: ['Column: the number of a stage of a rollout.'] }),
    waveStarted: t({ message: 'Started', comment: ['Column: when a wave of a rollout started.'] }),
    state: t({ message: 'State', comment: ['Column: how far a client or a request is.'] }),
    result: t({ message: 'Result', comment: ['Column: counts of a wave, such as 9 completed.'] }),
    problems: t({
      message: 'Problems',
      comment: ['Heading: why clients failed. Not the Problems panel of VS Code.'],
    }),
    showOnly: t('Show Only These Clients'),
    leftOut: t({
      message: 'Left out',
      comment: ['Heading: clients that were selected and are not part of the operation.'],
    }),
    client: t({ message: 'Client', comment: ['Column: the name of a backup client.'] }),
    clientId: t({ message: 'ID', comment: ['Column: the ID of an instance or a client.'] }),
    reason: t({ message: 'Reason', comment: ['Column: why a client was left out.'] }),
    filter: t({ message: 'Filter clients', comment: ['Name of a text box, for screen readers.'] }),
    filterHint: t('Filter by name, ID, or reason'),
    stateFilter: t('Filter by state'),
    allStates: t({ message: 'All states', comment: ['Choice of the filter by state.'] }),
    onlyProblems: t({
      message: 'Problems ({0})',
      comment: ['Choice of the filter by state. {0} is a count.'],
    }),
    oneState: t({
      message: '{0} ({1})',
      comment: ['Choice of the filter by state. {0} is a state, {1} is a count.'],
    }),
    shown: t({ message: '{0} of {1}', comment: ['How many clients a filter shows: {0} of {1} in all.'] }),
    noMatch: t('No client matches the filter.'),
    clearFilter: t({ message: 'Clear Filter', comment: ['Button that shows all clients again.'] }),
    showInClients: t({
      message: 'Show {0} in Backup Clients',
      comment: ['{0} is a client. Backup Clients is the name of a view.'],
    }),
  } as const;
}

/** Labels of the page by name. */
export type PageTexts = Readonly<Record<keyof ReturnType<typeof pageTexts>, string>>;
