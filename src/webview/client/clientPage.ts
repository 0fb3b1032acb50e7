import { html, render } from 'lit-html';
import type { ClientPageState } from '../../protocol/client';
import type { Page } from '../startPage';

/** The page, drawn into `root`. */
export class ClientPage implements Page<'client'> {
  readonly #root: HTMLElement;

  constructor(root: HTMLElement, state: ClientPageState) {
    this.#root = root;
    this.update(state);
  }

  update(state: ClientPageState): void {
    render(
      html`<header>
        <h1>${state.title}</h1>
      </header>`,
      this.#root,
    );
  }

  tick(): void {
    // Nothing here counts on.
  }

  showCopied(): void {
    // Nothing here is copied.
  }

  receive(): void {
    // Nothing comes for this page alone.
  }
}
