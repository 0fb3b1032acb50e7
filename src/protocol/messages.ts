import type { TaskPageCommand, TaskPageState } from '../core/operations/page/taskPage';

export type { TaskPageCommand, TaskPageState } from '../core/operations/page/taskPage';
export type { ProblemRow } from '../core/operations/page/problemRows';
export type { WaveRow } from '../core/operations/page/waveRows';
export type { Look } from '../core/operations/outcomes';
export type { CallRow, ClientRow, StateInWords } from '../core/operations/page/taskPageRows';
export type { TaskPageTexts } from '../core/operations/page/taskPageTexts';

/**
 * What the host tells the page. `gone`: no record of the operation exists any more. `showProblems`: from now on only
 * what went wrong is in view, until the user says otherwise.
 */
export type HostMessage =
  | { readonly type: 'operation'; readonly state: TaskPageState }
  | { readonly type: 'gone'; readonly title: string; readonly text: string }
  | { readonly type: 'showProblems' }
  | { readonly type: 'copied'; readonly text: string };

/**
 * What the page asks of the host. `ready` comes once the page listens; the host answers it with what it knows.
 * `reveal`: show the client of that key where it stands among all clients.
 */
export type PageMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'command'; readonly command: TaskPageCommand }
  | { readonly type: 'reveal'; readonly key: string }
  | { readonly type: 'copy'; readonly text: string };

/** Which rows are in view, and in what order. */
export interface RowChoice {
  /** What a row contains, in any case; empty for all. */
  readonly text: string;
  /** Empty for all, `problems`, or the words of a state behind `state:`. */
  readonly state: string;
  /** Absent: the order of the plan. */
  readonly sort?: { readonly column: SortColumn; readonly descending: boolean };
}

export type SortColumn = 'name' | 'instanceId' | 'state' | 'version' | 'wave' | 'details';

/** What VS Code keeps of a page between reloads. */
export interface PageMemory {
  readonly operationId: string;
  /** CSS pixels from the top. */
  readonly scrollTop?: number;
  readonly choice?: RowChoice;
}
