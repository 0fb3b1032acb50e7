import * as vscode from 'vscode';
import type { Disposable } from '../core/kernel/disposables';
import type { TreeElement } from '../core/interaction/treeElement';

/**
 * A view that is created while VS Code starts, without contents. When VS Code asks for its first rows, the extension is
 * loaded and attaches the real provider.
 */
export interface LazyView extends Disposable {
  readonly view: vscode.TreeView<TreeElement>;
  /** Shows what the provider has. Disposing the answer disconnects it. */
  attach(provider: vscode.TreeDataProvider<TreeElement>): vscode.Disposable;
}

/** The views of the extension. */
export interface LazyViews {
  readonly clients: LazyView;
  readonly tasks: LazyView;
}

export function createLazyView(
  id: string,
  load: () => Promise<unknown>,
  options: Omit<vscode.TreeViewOptions<TreeElement>, 'treeDataProvider'> = {},
): LazyView {
  const tree = new LazyTree<TreeElement>(load);
  const view = vscode.window.createTreeView(id, { ...options, treeDataProvider: tree });
  return { view, attach: (provider) => tree.attach(provider), dispose: () => void view.dispose() };
}

/** Loads the extension when it is asked for the first rows, and passes everything else on to the real provider. */
class LazyTree<T> implements vscode.TreeDataProvider<T> {
  readonly #changes = new vscode.EventEmitter<T | T[] | undefined>();
  readonly #load: () => Promise<unknown>;
  #provider: vscode.TreeDataProvider<T> | undefined;

  readonly onDidChangeTreeData = this.#changes.event;

  constructor(load: () => Promise<unknown>) {
    this.#load = load;
  }

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
