import type { TaskPageCommand, TaskPageState } from '../core/taskPage/taskPage';

export type { TaskPageCommand, TaskPageState } from '../core/taskPage/taskPage';
export type { CallRow, ClientRow, Look, StateInWords } from '../core/taskPage/taskPageRows';
export type { TaskPageTexts } from '../core/taskPage/taskPageTexts';

/** What the host tells the page. `gone`: no record of the operation exists any more. */
export type HostMessage =
  | { readonly type: 'operation'; readonly state: TaskPageState }
  | { readonly type: 'gone'; readonly title: string; readonly text: string }
  | { readonly type: 'copied'; readonly text: string };

/** What the page asks of the host. `ready` comes once the page listens; the host answers it with what it knows. */
export type PageMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'command'; readonly command: TaskPageCommand }
  | { readonly type: 'copy'; readonly text: string };

/** What VS Code keeps of a page between reloads. */
export interface PageMemory {
  readonly operationId: string;
  /** CSS pixels from the top. */
  readonly scrollTop?: number;
}
