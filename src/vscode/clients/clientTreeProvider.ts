import * as vscode from 'vscode';
import { DisposableStore } from '../../core/kernel/disposables';
import type { TreeModel } from '../../core/clients/treeModel';
import type { TreeElement } from '../../core/interaction/treeElement';
import { Elements } from '../elements';
import type { Clock } from '../../core/kernel/clock';
import { isBare, renderNode, renderTooltip, type Surroundings } from './renderNode';

/** Shows the tree model: hands out elements, draws them on demand, and passes on what changed. */
export class ClientTreeProvider implements vscode.TreeDataProvider<TreeElement>, vscode.Disposable {
  readonly #owned = new DisposableStore();
  readonly #changes = this.#owned.add(new vscode.EventEmitter<TreeElement[] | undefined>());
  readonly #elements = new Elements();
  readonly #model: TreeModel;
  readonly #surroundings: Surroundings;
  readonly #opened = new Map<string, boolean>();
  /** Listings that were drawn as having nothing to open. */
  readonly #bare = new Set<string>();

  readonly onDidChangeTreeData = this.#changes.event;

  constructor(world: {
    readonly model: TreeModel;
    readonly view: vscode.TreeView<TreeElement>;
    readonly clock: Pick<Clock, 'now'>;
    readonly staleMinutes: () => number;
  }) {
    this.#model = world.model;
    this.#surroundings = { ...world, isOpen: (id) => this.#opened.get(id) };
    this.#owned.add(world.view.onDidExpandElement(({ element }) => this.#opened.set(element.id, true)));
    this.#owned.add(world.view.onDidCollapseElement(({ element }) => this.#opened.set(element.id, false)));
    this.#owned.add(
      world.model.onDidChange(({ root, ids }) => {
        this.#changes.fire(root ? undefined : ids.map((id) => this.#elements.of(id)));
        const { byId } = this.#model.tree;
        this.#elements.keepOnly((id) => byId.has(id));
        for (const id of this.#opened.keys()) if (!byId.has(id)) this.#opened.delete(id);
        this.#openFilled(world.view);
      }),
    );
  }

  /** The row of a node of the tree, to be revealed. */
  elementOf(id: string): TreeElement {
    return this.#elements.of(id);
  }

  getChildren(element?: TreeElement): TreeElement[] {
    const { tree } = this.#model;
    const node = element && tree.byId.get(element.id);
    const below = node && node.kind !== 'client' ? node.children : [];
    const children = element ? below : tree.roots;
    return children.map(({ id }) => this.#elements.of(id));
  }

  getTreeItem(element: TreeElement): vscode.TreeItem {
    const node = this.#model.tree.byId.get(element.id);
    if (node) {
      if (node.kind === 'listing' && isBare(node)) this.#bare.add(node.id);
      return renderNode(node, this.#surroundings);
    }
    // A row that vanished while VS Code asked for it: the event that removes it is on its way.
    const gone = new vscode.TreeItem('');
    gone.id = element.id;
    return gone;
  }

  getParent(element: TreeElement): TreeElement | undefined {
    const parent = this.#model.tree.parentOf.get(element.id);
    return parent === undefined ? undefined : this.#elements.of(parent);
  }

  resolveTreeItem(item: vscode.TreeItem, element: TreeElement): vscode.TreeItem {
    const node = this.#model.tree.byId.get(element.id);
    const tooltip = node && renderTooltip(node, this.#surroundings);
    if (tooltip) item.tooltip = tooltip;
    return item;
  }

  /** VS Code leaves a row closed that had nothing to open before, whatever its item says now. */
  #openFilled(view: vscode.TreeView<TreeElement>): void {
    for (const id of this.#bare) {
      const node = this.#model.tree.byId.get(id);
      if (node?.kind === 'listing' && isBare(node)) continue;
      this.#bare.delete(id);
      if (node && view.visible && this.#opened.get(id) !== false) {
        // A row that is gone again by then needs no opening.
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
