import type { TaskNode } from './taskNode';

/** What to redraw in the Tasks view: everything, or some rows with what is below them. */
export function diffTaskTrees(
  before: readonly TaskNode[],
  after: readonly TaskNode[],
): { readonly root: boolean; readonly ids: readonly string[] } {
  const sameRoots = before.length === after.length && before.every((node, i) => node.id === after[i]?.id);
  if (!sameRoots) return { root: true, ids: [] };
  const ids = after.flatMap((node, i) => {
    const old = before[i];
    if (!old || !looksAlike(old, node)) return [node.id];
    if (node.operationId !== undefined) return [];
    const oldChildren = old.children();
    return node
      .children()
      .filter((child, at) => {
        const oldChild = oldChildren[at];
        return !oldChild || !looksAlike(oldChild, child);
      })
      .map(({ id }) => id);
  });
  return { root: false, ids };
}

function looksAlike(a: TaskNode, b: TaskNode): boolean {
  return (
    a.contents === b.contents &&
    a.label === b.label &&
    a.description === b.description &&
    a.tooltip === b.tooltip &&
    a.icon?.id === b.icon?.id &&
    a.words.join() === b.words.join()
  );
}
