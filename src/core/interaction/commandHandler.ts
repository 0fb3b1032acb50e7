import { isElement } from './treeElement';

/** What a command of the manifest does, given the arguments that VS Code passes. */
export type CommandHandler = (...args: unknown[]) => unknown;

/**
 * A command in the menus of rows. VS Code forgets the rows of a view the moment they are to be drawn again, and learns
 * them anew when it draws them: a click in between arrives without its row. It must not fall on others, or on all.
 */
export function unlessRowsAreLost(run: CommandHandler, tellLost: () => void): CommandHandler {
  return (...args) => (areRowsLost(args) ? tellLost() : run(...args));
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
