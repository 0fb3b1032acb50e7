import { t } from '@vscode/l10n';
import { onFirstUse } from '../kernel/onFirstUse';
import { isCancelled, toBackupError } from '../service/errors';
import { onRow, type CommandId, type OnRow, type ViewAndRowCommand } from './commandIds';
import type { Notices } from './interaction';
import { isElement, type TreeElement } from './treeElement';

/** What a command does, given the arguments that VS Code passes. */
export type CommandHandler = (...args: unknown[]) => unknown;

/** The commands of one part of the extension. A record over all ids that lacks one doesn't compile. */
export type CommandHandlers<Id extends CommandId = CommandId> = Readonly<Record<Id, CommandHandler>>;

/** Commands with handlers that are loaded when the first of them is used. */
export function handledOnFirstUse<Id extends CommandId>(
  ids: readonly Id[],
  load: () => Promise<CommandHandlers<Id>>,
): CommandHandlers<Id> {
  const handlers = onFirstUse(load);
  const entries = ids.map((id) => {
    const handler: CommandHandler = async (...args) => (await handlers())[id](...args);
    return [id, handler] as const;
  });
  return Object.fromEntries(entries) as CommandHandlers<Id>;
}

/** A command of a view as a whole: it ignores the focused row, which VS Code passes to commands in a view's title. */
export function ofView(run: () => unknown): CommandHandler {
  return () => run();
}

/**
 * A command in the menus of rows. VS Code forgets the rows of a view the moment they are to be drawn again, and learns
 * them when it draws them: a click in between arrives without its row. It must not act on other rows, or on all.
 */
export function ofRow(run: CommandHandler, notices: Pick<Notices, 'info'>): CommandHandler {
  return (...args) =>
    areRowsLost(args) ? notices.info(t('The list changed while you clicked. Choose again.')) : run(...args);
}

/** The rows that are selected in a view. */
export interface SelectedRows {
  readonly selection: readonly TreeElement[];
  /** Nobody means rows that can't be seen. */
  readonly visible: boolean;
}

/**
 * Row commands that the palette and keys offer too. Without a row, they mean the rows that are selected in the view; what
 * they mean where none is selected is theirs to say.
 */
export function orSelected<Id extends CommandId>(
  view: SelectedRows,
  handlers: CommandHandlers<Id>,
): CommandHandlers<Id> {
  const entries = Object.entries<CommandHandler>(handlers).map(([id, run]) => {
    const handler: CommandHandler = (...args) => {
      const selection = view.visible ? view.selection : [];
      return args.length === 0 && selection.length > 0 ? run(selection[0], selection) : run(...args);
    };
    return [id, handler] as const;
  });
  return Object.fromEntries(entries) as CommandHandlers<Id>;
}

/** A command of a view and its twin for rows. `run` gets no row for the view as a whole. */
export function ofViewAndRow<Id extends ViewAndRowCommand>(
  id: Id,
  run: (item?: unknown, items?: unknown) => unknown,
  notices: Pick<Notices, 'info'>,
): CommandHandlers<Id | OnRow<Id>> {
  const handlers: Record<string, CommandHandler> = {
    [id]: ofView(() => run()),
    [onRow(id)]: ofRow(run, notices),
  };
  return handlers as CommandHandlers<Id | OnRow<Id>>;
}

/**
 * Runs a command. A failure is shown and not thrown, a cancel ends quietly; both answer undefined. An id that no part of
 * the extension handles is a failure too.
 */
export async function runCommand(
  handlers: CommandHandlers,
  id: string,
  args: readonly unknown[],
  notices: Pick<Notices, 'failure'>,
): Promise<unknown> {
  return await withFailureShown(async () => {
    const handler = Object.entries(handlers).find(([known]) => known === id)?.[1];
    if (!handler) throw new Error(`no handler for the command ${id}`);
    return await handler(...args);
  }, notices);
}

/** Does something. A failure is shown and not thrown, a cancel ends quietly; both answer undefined. */
export async function withFailureShown<T>(
  work: () => Promise<T>,
  notices: Pick<Notices, 'failure'>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!isCancelled(error)) notices.failure(toBackupError(error));
    return undefined;
  }
}

/**
 * A menu passes two arguments: its row, and all selected rows when its own is one of several. The palette passes
 * nothing, a key at most one argument.
 */
function areRowsLost(args: readonly unknown[]): boolean {
  if (args.length < 2) return false;
  const [item, items] = args;
  return !isElement(item) || (Array.isArray(items) && !items.every(isElement));
}
