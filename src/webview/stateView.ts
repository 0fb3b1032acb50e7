import type { Look, StateInWords } from '../protocol/messages';
import { element } from './elements';
import { lookIcon } from './icons';

/** A state as icon and words. */
export class StateView {
  readonly element = element('span', { class: 'state' });
  readonly #text = document.createTextNode('');
  #look: Look | undefined;

  constructor(state: StateInWords) {
    this.update(state);
  }

  update({ text, look }: StateInWords): void {
    if (this.#text.data !== text) this.#text.data = text;
    if (look === this.#look) return;
    this.#look = look;
    this.element.replaceChildren(lookIcon(look), this.#text);
  }
}
