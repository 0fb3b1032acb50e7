import * as vscode from 'vscode';
import { DisposableStore } from '../../core/kernel/disposables';
import type { TreeModel } from '../../core/clients/treeModel';
import type { TreeElement } from '../../core/interaction/treeElement';
import { Elements } from '../../core/interaction/elements';
import type { Clock } from '../../core/kernel/clock';
import { isBare, renderNode, renderTooltip, type RenderDeps } from './renderNode';

/** That many clients are opened when a filter leaves them. */
const few = 30;

/** The rows of the Backup Clients view, from the tree model. */
export class ClientTreeProvider implements vscode.TreeDataProvider<TreeElement>, vscode.Disposable {
  readonly #owned = new DisposableStore();
  readonly #changes = this.#owned.add(new vscode.EventEmitter<TreeElement[] | undefined>());
  readonly #elements = new Elements();
  readonly #model: TreeModel;
  readonly #renderDeps: RenderDeps;
  readonly #opened = new Map<string, boolean>();
  /** Listings that were drawn without anything to open. */
  readonly #bare = new Set<string>();

  readonly onDidChangeTreeData = this.#changes.event;

  constructor(deps: {
    readonly model: TreeModel;
    readonly view: vscode.TreeView<TreeElement>;
    readonly clock: Pick<Clock, 'now'>;
    readonly staleMinutes: () => number;
  }) {
    this.#model = deps.model;
    this.#renderDeps = { ...deps, isOpen: (id) => this.#opened.get(id) };
    this.#owned.add(deps.view.onDidExpandElement(({ element }) => this.#opened.set(element.id, true)));
    this.#owned.add(deps.view.onDidCollapseElement(({ element }) => this.#opened.set(element.id, false)));
    this.#owned.add(
      deps.model.onDidChange(({ root, ids }) => {
        this.#changes.fire(root ? undefined : ids.map((id) => this.#elements.of(id)));
        const exists = (id: string): boolean => this.#model.tree.node(id) !== undefined;
        this.#elements.keepOnly(exists);
        for (const id of this.#opened.keys()) if (!exists(id)) this.#opened.delete(id);
        this.#openFilled(deps.view);
      }),
    );
  }

  /** The row of a node of the tree, to be revealed. */
  elementOf(id: string): TreeElement {
    return this.#elements.of(id);
  }

  getChildren(element?: TreeElement): TreeElement[] {
    const { tree } = this.#model;
    const node = element && tree.node(element.id);
    const below = node && node.kind !== 'client' ? node.children : [];
    const children = element ? below : tree.roots;
    return this.#elements.below(
      element?.id,
      children.map(({ id }) => id),
    );
  }

  getTreeItem(element: TreeElement): vscode.TreeItem {
    this.#elements.drawnAgain(element.id);
    const { tree } = this.#model;
    const node = tree.node(element.id);
    if (node) {
      if (node.kind === 'listing' && isBare(node)) this.#bare.add(node.id);
      return renderNode(node, tree, this.#renderDeps);
    }
    // The row was removed while VS Code asked for it; the event follows.
    const gone = new vscode.TreeItem('');
    gone.id = element.id;
    return gone;
  }

  getParent(element: TreeElement): TreeElement | undefined {
    const parent = this.#model.tree.parentOf(element.id);
    return parent === undefined ? undefined : this.#elements.of(parent);
  }

  resolveTreeItem(item: vscode.TreeItem, element: TreeElement): vscode.TreeItem {
    const node = this.#model.tree.node(element.id);
    const tooltip = node && renderTooltip(node, this.#renderDeps);
    if (tooltip) item.tooltip = tooltip;
    return item;
  }

  /** Opens what a filter leaves where that's little: selects a single row, and opens the groups of a few. */
  async showFew(view: vscode.TreeView<TreeElement>): Promise<void> {
    const { tree } = this.#model;
    const { clients, shown } = tree;
    if (!view.visible || shown === 0 || shown > few) return;
    const firstOfGroup = new Map(clients.map(({ id }) => [tree.parentOf(id), id] as const));
    for (const id of firstOfGroup.values()) {
      // By then, the row might be gone.
      await view.reveal(this.#elements.of(id), { select: shown === 1, focus: false }).then(
        () => undefined,
        () => undefined,
      );
    }
  }

  /** VS Code keeps a row closed that had nothing to open before, whatever its item says. */
  #openFilled(view: vscode.TreeView<TreeElement>): void {
    for (const id of this.#bare) {
      const node = this.#model.tree.node(id);
      if (node?.kind === 'listing' && isBare(node)) continue;
      this.#bare.delete(id);
      if (node && view.visible && this.#opened.get(id) !== false) {
        // By then, the row might be gone again.
        view.reveal(this.#elements.of(id), { select: false, focus: false, expand: true }).then(
          () => undefined,
          () => undefined,
        );
      }
    }
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
