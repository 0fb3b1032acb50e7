import * as vscode from 'vscode';
import { DisposableStore } from '../../core/disposables';
import type { Translate } from '../../core/localize';
import type { TreeModel } from '../../core/clients/treeModel';
import type { TreeElement } from '../doors';
import { Elements } from '../elements';
import { renderNode, renderTooltip } from './renderNode';

/** Shows the tree model: hands out elements, draws them on demand, and passes on what changed. */
export class ClientTreeProvider implements vscode.TreeDataProvider<TreeElement>, vscode.Disposable {
  readonly #owned = new DisposableStore();
  readonly #changes = this.#owned.add(new vscode.EventEmitter<TreeElement[] | undefined>());
  readonly #elements = new Elements();
  readonly #model: TreeModel;
  readonly #t: Translate;
  readonly #staleMinutes: () => number;

  readonly onDidChangeTreeData = this.#changes.event;

  constructor(world: { model: TreeModel; t: Translate; staleMinutes: () => number }) {
    this.#model = world.model;
    this.#t = world.t;
    this.#staleMinutes = world.staleMinutes;
    this.#owned.add(
      world.model.onDidChange(({ root, ids }) => {
        this.#changes.fire(root ? undefined : ids.map((id) => this.#elements.of(id)));
        this.#elements.keepOnly((id) => this.#model.tree.byId.has(id));
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
    const children = element ? (node?.kind === 'group' ? node.children : []) : tree.roots;
    return children.map(({ id }) => this.#elements.of(id));
  }

  getTreeItem(element: TreeElement): vscode.TreeItem {
    const node = this.#model.tree.byId.get(element.id);
    if (node) return renderNode(node, this.#staleMinutes(), this.#t);
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
    if (node?.kind === 'client') item.tooltip = renderTooltip(node, this.#staleMinutes(), this.#t);
    return item;
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
