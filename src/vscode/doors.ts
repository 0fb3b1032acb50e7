import * as vscode from 'vscode';
import type { TreeElement } from '../core/interaction/treeElement';

/**
 * A tree provider that waits for the real one. A view can be created while VS Code starts; the first look into it loads
 * the extension, and everything else is passed on.
 */
export class LazyTree<T> implements vscode.TreeDataProvider<T> {
  readonly #changes = new vscode.EventEmitter<T | T[] | undefined>();
  readonly #load: () => Promise<unknown>;
  #provider: vscode.TreeDataProvider<T> | undefined;

  readonly onDidChangeTreeData = this.#changes.event;

  constructor(load: () => Promise<unknown>) {
    this.#load = load;
  }

  /** Connects the real provider. Disposing the answer disconnects it. */
  attach(provider: vscode.TreeDataProvider<T>): vscode.Disposable {
    this.#provider = provider;
    const following = provider.onDidChangeTreeData?.((element) => {
      this.#changes.fire(element ?? undefined);
    });
    this.#changes.fire(undefined);
    return new vscode.Disposable(() => {
      following?.dispose();
      this.#provider = undefined;
    });
  }

  async getChildren(element?: T): Promise<T[]> {
    if (!this.#provider) await this.#load();
    return (await this.#provider?.getChildren(element)) ?? [];
  }

  getTreeItem(element: T): vscode.TreeItem | Thenable<vscode.TreeItem> {
    return this.#provider?.getTreeItem(element) ?? new vscode.TreeItem('');
  }

  getParent(element: T): vscode.ProviderResult<T> {
    return this.#provider?.getParent?.(element);
  }

  resolveTreeItem(
    item: vscode.TreeItem,
    element: T,
    token: vscode.CancellationToken,
  ): vscode.ProviderResult<vscode.TreeItem> {
    return this.#provider?.resolveTreeItem?.(item, element, token);
  }
}

/** What is open before the extension is loaded: views, and the way to give them their contents. */
export interface Doors {
  readonly clients: LazyTree<TreeElement>;
  readonly clientsView: vscode.TreeView<TreeElement>;
  readonly tasks: LazyTree<TreeElement>;
  readonly tasksView: vscode.TreeView<TreeElement>;
}
