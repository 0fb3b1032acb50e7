import type { ClientRow, RowChoice, TaskPageTexts } from '../protocol/messages';
import { fill } from './duration';
import { element, setText } from './elements';
import { problemState, stateFilterOf } from './rowsInView';

/** The line above the clients: a text, a state, and how many rows are in view. */
export class ClientFilter {
  readonly element: HTMLElement;
  readonly #texts: TaskPageTexts;
  readonly #text: HTMLInputElement;
  readonly #state: HTMLSelectElement;
  readonly #clear: HTMLElement;
  readonly #shown = element('span', { class: 'shown', role: 'status' });
  #options = '';

  /** `onChoose` hears what the user typed or chose: only what changed. */
  constructor(texts: TaskPageTexts, onChoose: (choice: Pick<RowChoice, 'text' | 'state'>) => void) {
    this.#texts = texts;
    this.#text = element('input', {
      type: 'search',
      'aria-label': texts.filter,
      placeholder: texts.filterHint,
      spellcheck: 'false',
    });
    this.#state = element('select', { 'aria-label': texts.stateFilter });
    this.#clear = element('vscode-button', { appearance: 'secondary' }, texts.clearFilter);
    const choose = (): void => {
      onChoose({ text: this.#text.value, state: this.#state.value });
    };
    this.#text.addEventListener('input', choose);
    this.#state.addEventListener('change', choose);
    this.#clear.addEventListener('click', () => {
      onChoose({ text: '', state: '' });
      this.#text.focus();
    });
    this.element = element(
      'div',
      { class: 'filter', role: 'search' },
      this.#text,
      this.#state,
      this.#clear,
      this.#shown,
    );
  }

  /** Shows a choice and what it lets through. */
  update(rows: readonly ClientRow[], choice: RowChoice, shown: number): void {
    this.#updateOptions(rows, choice.state);
    if (this.#text.value !== choice.text) this.#text.value = choice.text;
    if (this.#state.value !== choice.state) this.#state.value = choice.state;
    const filtered = choice.text !== '' || choice.state !== '';
    this.#clear.hidden = !filtered;
    setText(this.#shown, filtered ? fill(this.#texts.shown, shown, rows.length) : '');
  }

  /** A choice stays on offer when its last row has moved on: what is in view must say why. */
  #updateOptions(rows: readonly ClientRow[], chosen: string): void {
    const counts = new Map<string, number>();
    for (const { state } of rows) counts.set(state.text, (counts.get(state.text) ?? 0) + 1);
    const problems = rows.filter(({ problem }) => problem).length;
    const options: [string, string][] = [['', this.#texts.allStates]];
    if (problems > 0 || chosen === problemState) {
      options.push([problemState, fill(this.#texts.onlyProblems, problems)]);
    }
    for (const [text, count] of counts) options.push([stateFilterOf(text), `${text} (${count})`]);
    if (!options.some(([value]) => value === chosen)) {
      options.push([chosen, `${chosen.slice(chosen.indexOf(':') + 1)} (0)`]);
    }
    const key = JSON.stringify(options);
    if (key === this.#options) return;
    this.#options = key;
    this.#state.replaceChildren(...options.map(([value, text]) => element('option', { value }, text)));
    this.#state.value = chosen;
  }
}
