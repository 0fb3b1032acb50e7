import type { Look, StateInWords } from '../protocol/messages';
import { element, setText } from './elements';
import { lookIcon } from './icons';

/** A state as icon and words. */
export class StateView {
  readonly element = element('span', { class: 'state' });
  readonly #text = element('span');
  #look: Look | undefined;

  constructor(state: StateInWords) {
    this.element.append(this.#text);
    this.update(state);
  }

  update({ text, look }: StateInWords): void {
    setText(this.#text, text);
    if (look === this.#look) return;
    this.#look = look;
    this.element.replaceChildren(lookIcon(look), this.#text);
  }
}
