import { t } from '@vscode/l10n';

/** Labels of the page in your language. The page fills in a `{0}` as time passes and rows are filtered. */
export function pageTexts() {
  return {
    progress: t('Progress'),
    started: t('Started {0}'),
    elapsed: t('{0} elapsed'),
    took: t('Took {0}'),
    nextCheck: t('Next check in {0}'),
    checkingNow: t('Checking now'),
    seconds: t('{0} s'),
    minutes: t('{0} min {1} s'),
    hours: t('{0} h {1} min'),
    clients: t('Clients'),
    tasks: t('Service tasks'),
    noTasks: t('No requests have been sent.'),
    taskId: t('Task ID'),
    noTask: t('No task'),
    requestIds: t('Request IDs'),
    copyTaskId: t('Copy Task ID'),
    copyRequestId: t('Copy Request ID'),
    copied: t('Copied'),
    waves: t('Waves'),
    wave: t('Wave'),
    state: t('State'),
    result: t('Result'),
    problems: t('Problems'),
    showOnly: t('Show Only These Clients'),
    filter: t('Filter clients'),
    filterHint: t('Filter by name, ID, or reason'),
    stateFilter: t('Filter by state'),
    allStates: t('All states'),
    onlyProblems: t('Problems ({0})'),
    oneState: t('{0} ({1})'),
    shown: t('{0} of {1}'),
    noMatch: t('No client matches the filter.'),
    clearFilter: t('Clear Filter'),
    showInClients: t('Show {0} in Backup Clients'),
  } as const;
}

/** Labels of the page by name. */
export type PageTexts = Readonly<Record<keyof ReturnType<typeof pageTexts>, string>>;
