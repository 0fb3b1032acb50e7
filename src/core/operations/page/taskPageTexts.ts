import { t } from '@vscode/l10n';
/** Labels of the page. A `{0}` in one is filled in by the page, as time passes. */
export interface TaskPageTexts {
  readonly progress: string;
  readonly started: string;
  readonly elapsed: string;
  readonly took: string;
  readonly nextCheck: string;
  readonly checkingNow: string;
  readonly seconds: string;
  readonly minutes: string;
  readonly hours: string;
  readonly clients: string;
  readonly client: string;
  readonly instanceId: string;
  readonly state: string;
  readonly version: string;
  readonly details: string;
  readonly tasks: string;
  readonly noTasks: string;
  readonly taskId: string;
  readonly noTask: string;
  readonly clientCount: string;
  readonly requestIds: string;
  readonly copyTaskId: string;
  readonly copyRequestId: string;
  readonly copied: string;
  readonly waves: string;
  readonly wave: string;
  readonly result: string;
  readonly problems: string;
  readonly showOnly: string;
  readonly filter: string;
  readonly filterHint: string;
  readonly stateFilter: string;
  readonly allStates: string;
  readonly onlyProblems: string;
  readonly shown: string;
  readonly noMatch: string;
  readonly clearFilter: string;
  readonly showInClients: string;
}

/** The labels in the user's language. */
export function taskPageTexts(): TaskPageTexts {
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
    client: t('Client'),
    instanceId: t('Instance ID'),
    state: t('State'),
    version: t('Version'),
    details: t('Details'),
    tasks: t('Tasks'),
    noTasks: t('Nothing has been sent.'),
    taskId: t('Task ID'),
    noTask: t('No task'),
    clientCount: t('Clients'),
    requestIds: t('Request IDs'),
    copyTaskId: t('Copy Task ID'),
    copyRequestId: t('Copy Request ID'),
    copied: t('Copied'),
    waves: t('Waves'),
    wave: t('Wave'),
    result: t('Result'),
    problems: t('What went wrong'),
    showOnly: t('Show only these clients'),
    filter: t('Filter clients'),
    filterHint: t('Filter by name, ID or reason'),
    stateFilter: t('Filter by state'),
    allStates: t('All states'),
    onlyProblems: t('Problems ({0})'),
    shown: t('{0} of {1}'),
    noMatch: t('No client matches the filter.'),
    clearFilter: t('Clear Filter'),
    showInClients: t('Show {0} in Backup Clients'),
  };
}
