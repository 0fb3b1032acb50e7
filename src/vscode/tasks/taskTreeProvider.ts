import * as vscode from 'vscode';
import { DisposableStore } from '../../core/disposables';
import type { Event } from '../../core/events';
import type { Translate } from '../../core/localize';
import type { Operation } from '../../core/operations/operation';
import { buildTaskTree, diffTaskTrees, type TaskNode } from '../../core/operations/taskTree';
import type { TreeElement } from '../doors';
import { Elements } from '../elements';
import { renderIcon } from '../renderIcon';

/** Shows the operations: running ones first, each with its machines. */
export class TaskTreeProvider implements vscode.TreeDataProvider<TreeElement>, vscode.Disposable {
  readonly #owned = new DisposableStore();
  readonly #changes = this.#owned.add(new vscode.EventEmitter<TreeElement[] | undefined>());
  readonly #elements = new Elements();
  readonly #byId = new Map<string, TaskNode>();
  #roots: readonly TaskNode[] = [];

  readonly onDidChangeTreeData = this.#changes.event;

  constructor(world: {
    operations: { list(): readonly Operation[]; readonly onDidChange: Event<unknown> };
    t: Translate;
  }) {
    const { operations, t } = world;
    this.#take(buildTaskTree(operations.list(), t));
    this.#owned.add(
      operations.onDidChange(() => {
        const before = this.#roots;
        this.#take(buildTaskTree(operations.list(), t));
        const { root, ids } = diffTaskTrees(before, this.#roots);
        if (root) this.#changes.fire(undefined);
        else if (ids.length > 0) this.#changes.fire(ids.map((id) => this.#elements.of(id)));
        this.#elements.keepOnly((id) => this.#byId.has(id));
      }),
    );
  }

  /** The operation that a row stands for or belongs to. */
  operationIdOf(element: TreeElement): string | undefined {
    return this.#byId.get(element.id)?.operationId;
  }

  getChildren(element?: TreeElement): TreeElement[] {
    const nodes = element ? (this.#byId.get(element.id)?.children ?? []) : this.#roots;
    return nodes.map(({ id }) => this.#elements.of(id));
  }

  getTreeItem(element: TreeElement): vscode.TreeItem {
    const node = this.#byId.get(element.id);
    const item = new vscode.TreeItem(node?.label ?? '');
    item.id = element.id;
    if (!node) return item;
    item.description = node.description;
    item.tooltip = node.tooltip;
    item.iconPath = renderIcon(node.icon);
    item.contextValue = node.words.join(' ');
    item.accessibilityInformation = { label: node.tooltip.replaceAll('\n', ', ') };
    if (node.children.length > 0) {
      item.collapsibleState = node.words.includes('watching')
        ? vscode.TreeItemCollapsibleState.Expanded
        : vscode.TreeItemCollapsibleState.Collapsed;
    }
    if (node.words[0] === 'operation') {
      // Without the row as an argument: VS Code keeps arguments aside and forgets them with each redraw, so that a click
      // on a row that has just changed would find nothing.
      item.command = { command: 'cloudBackup.showTask', title: '' };
    }
    return item;
  }

  getParent(element: TreeElement): TreeElement | undefined {
    const node = this.#byId.get(element.id);
    return node && node.id !== node.operationId ? this.#elements.of(node.operationId) : undefined;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #take(roots: readonly TaskNode[]): void {
    this.#roots = roots;
    this.#byId.clear();
    for (const root of roots) {
      this.#byId.set(root.id, root);
      for (const child of root.children) this.#byId.set(child.id, child);
    }
  }
}
