import * as vscode from 'vscode';
import { DisposableStore, toDisposable } from '../../core/kernel/disposables';
import { Soon } from '../../core/kernel/soon';
import { isCancelled } from '../../core/service/errors';
import type { OperationRef } from '../../core/operations/operationRef';
import type { Operations } from '../../core/operations/operations';
import { diffTaskTrees } from '../../core/operations/diffTaskTrees';
import type { TaskNode } from '../../core/operations/taskNode';
import { buildTaskTree, pathToTaskRow, type KeptTaskRows } from '../../core/operations/taskTree';
import type { Host } from '../../core/interaction/host';
import type { Waiting } from '../../core/kernel/waiting';
import type { TreeElement } from '../../core/interaction/treeElement';
import { Elements } from '../../core/interaction/elements';
import { renderIcon } from '../renderIcon';

/** What the rows of the Tasks view are made from. */
export interface TaskTreeDeps extends Pick<Host, 'clock' | 'log'> {
  readonly operations: Pick<Operations, 'list' | 'onDidChange' | 'onDidRemove'>;
}

/** Seconds between updates of elapsed times. Only rows that look different are drawn again. */
const secondsBetweenLooks = 5;
/** Milliseconds within which changes are drawn together: hundreds of tasks change in the same seconds. */
const togetherMs = 250;

/** Shows the operations: running ones first, then the days of the history. */
export class TaskTreeProvider implements vscode.TreeDataProvider<TreeElement>, vscode.Disposable {
  readonly #owned = new DisposableStore();
  readonly #changes = this.#owned.add(new vscode.EventEmitter<TreeElement[] | undefined>());
  readonly #elements = new Elements();
  /** The rows that VS Code has, with what they show now. */
  readonly #byId = new Map<string, TaskNode>();
  readonly #operations: TaskTreeDeps['operations'];
  readonly #clock: Host['clock'];
  readonly #updating: Soon;
  readonly #kept: KeptTaskRows = new WeakMap();
  #roots: readonly TaskNode[] = [];

  readonly onDidChangeTreeData = this.#changes.event;

  constructor(deps: TaskTreeDeps) {
    this.#operations = deps.operations;
    this.#clock = deps.clock;
    this.#roots = this.#build();
    this.#updating = this.#owned.add(new Soon(deps, togetherMs, () => this.#update()));
    const update = (): void => this.#updating.request();
    this.#owned.add(deps.operations.onDidChange(update));
    this.#owned.add(deps.operations.onDidRemove(update));
    const closing = new AbortController();
    this.#owned.add(toDisposable(() => closing.abort()));
    this.#keepUp({ signal: closing.signal }).catch((error: unknown) => {
      if (!isCancelled(error)) deps.log.write('error', 'the Tasks view no longer follows the time', error);
    });
  }

  /** The operation of a row, and its client where the row is one. */
  refOf({ id }: TreeElement): OperationRef | undefined {
    const node = this.#byId.get(id);
    if (node?.operationId === undefined) return undefined;
    const { operationId, machineKey } = node;
    return { operationId, ...(machineKey !== undefined && { machineKey }) };
  }

  /** The row of an operation, or of a client in it, to be revealed. */
  find({ operationId, machineKey }: OperationRef): TreeElement | undefined {
    this.#updating.doNow();
    const path = pathToTaskRow(this.#roots, operationId, machineKey);
    const row = path.at(-1);
    if (!row) return undefined;
    // VS Code asks for the rows above it, and might not have seen them yet.
    for (const node of path) this.#byId.set(node.id, node);
    return this.#elements.of(row.id);
  }

  getChildren(element?: TreeElement): TreeElement[] {
    const nodes = element ? (this.#byId.get(element.id)?.children() ?? []) : this.#roots;
    for (const node of nodes) this.#byId.set(node.id, node);
    return this.#elements.below(
      element?.id,
      nodes.map(({ id }) => id),
    );
  }

  getTreeItem(element: TreeElement): vscode.TreeItem {
    this.#elements.drawnAgain(element.id);
    const node = this.#byId.get(element.id);
    const item = new vscode.TreeItem(node?.label ?? '');
    item.id = element.id;
    if (!node) return item;
    item.description = node.description;
    item.tooltip = node.tooltip;
    if (node.icon) item.iconPath = renderIcon(node.icon);
    item.contextValue = node.words.join(' ');
    item.accessibilityInformation = { label: node.tooltip.replaceAll('\n', ', ') };
    item.collapsibleState = {
      open: vscode.TreeItemCollapsibleState.Expanded,
      closed: vscode.TreeItemCollapsibleState.Collapsed,
      none: vscode.TreeItemCollapsibleState.None,
    }[node.folding];
    if (node.words[0] === 'operation') {
      // Without the row as an argument: VS Code keeps arguments aside and forgets them with each redraw, so that a click
      // on a row that has just changed would find nothing.
      item.command = { command: 'cloudBackup.showReport', title: '' };
    }
    return item;
  }

  getParent(element: TreeElement): TreeElement | undefined {
    const parent = this.#byId.get(element.id)?.parentId;
    return parent === undefined ? undefined : this.#elements.of(parent);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #build(): readonly TaskNode[] {
    const language = vscode.env.language;
    const deps = {
      nowMs: this.#clock.now(),
      dayInWords: (ms: number) => new Date(ms).toLocaleDateString(language, { dateStyle: 'full' }),
      timeInWords: (ms: number) => new Date(ms).toLocaleTimeString(language, { timeStyle: 'short' }),
    };
    return buildTaskTree(this.#operations.list(), deps, this.#kept);
  }

  /** Elapsed times advance, ended operations move to their day, and at midnight today becomes yesterday. */
  async #keepUp(waiting: Waiting): Promise<never> {
    for (;;) {
      await this.#clock.sleep(secondsBetweenLooks * 1000, waiting);
      this.#update();
    }
  }

  #update(): void {
    const before = this.#roots;
    this.#roots = this.#build();
    const { root, ids } = diffTaskTrees(before, this.#roots);
    if (!root && ids.length === 0) return;
    if (root) this.#forgetLost();
    // For each row named here, VS Code asks for the rows below again.
    for (const node of this.#roots) {
      this.#byId.set(node.id, node);
      if (node.operationId === undefined) {
        for (const child of node.children()) this.#byId.set(child.id, child);
      }
    }
    this.#changes.fire(root ? undefined : ids.map((id) => this.#elements.of(id)));
  }

  #forgetLost(): void {
    const known = new Set(this.#operations.list().map(({ id }) => id));
    for (const [id, { operationId }] of this.#byId) {
      if (operationId !== undefined && !known.has(operationId)) this.#byId.delete(id);
    }
    this.#elements.keepOnly((id) => this.#byId.has(id));
  }
}
