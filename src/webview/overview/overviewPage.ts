import { html, render } from 'lit-html';
import type { OverviewPageState } from '../../protocol/overview';
import type { Page } from '../startPage';

/** The page, drawn into `root`. */
export class OverviewPage implements Page<'overview'> {
  readonly #root: HTMLElement;

  constructor(root: HTMLElement, state: OverviewPageState) {
    this.#root = root;
    this.update(state);
  }

  update(state: OverviewPageState): void {
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
