import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { fill } from '../../core/kernel/duration';
import type {
  ClientAction,
  ClientField,
  ClientOperation,
  ClientPageState,
  ClientSection,
} from '../../protocol/client';
import { copyButton } from '../copyButton';
import { language } from '../language';
import type { Page, PageDeps } from '../startPage';
import { stateTemplate } from '../stateTemplate';
import { tableHead } from '../tableHead';
import { agoText, momentText, untilText } from '../times';
import './client.css';

/** The page of one client. */
export class ClientPage implements Page<'client'> {
  readonly showsTimes = true;
  readonly #deps: PageDeps<'client'>;

  constructor(deps: PageDeps<'client'>) {
    this.#deps = deps;
  }

  get #state(): ClientPageState {
    return this.#deps.view.state;
  }

  stateChanged(): void {
    const { ref, pinned } = this.#state;
    const { instanceId, clientId } = ref;
    this.#deps.remember({ ...(instanceId && { instanceId }), ...(clientId && { clientId }), pinned });
  }

  heirOf(focused: Element): string | undefined {
    return focused.classList.contains('command') ? 'h1' : undefined;
  }

  template(): TemplateResult {
    const { title, place, status, attention, actions, note, sections, operations, pinned, texts } =
      this.#state;
    return html`<div class="client">
      <header>
        <div class="title">
          <h1 tabindex="-1"><bdi>${title}</bdi></h1>
          ${this.#copyTemplate(texts.copyName, title)}
          <vscode-button
            class="pin"
            appearance="secondary"
            aria-pressed=${String(pinned)}
            title=${texts.keepOpenHint}
            @click=${() => this.#deps.send({ type: 'pin', pinned: !pinned })}
            >${texts.keepOpen}</vscode-button
          >
        </div>
        <p class="place">${place}</p>
        <p class="standing" role="status">${stateTemplate(status)}</p>
        <p class="attention" ?hidden=${attention === ''}>${attention}</p>
        <p class="note" ?hidden=${note === ''}>${note}</p>
        <div class="commands">
          ${repeat(
            actions,
            ({ command }) => command,
            (action) => this.#actionTemplate(action),
          )}
        </div>
      </header>
      <div class="sections">${sections.map((section) => this.#sectionTemplate(section))}</div>
      <section class="operations">
        <h2>${texts.operations}</h2>
        ${this.#operationsTemplate(operations)}
      </section>
      <p role="status" class="unseen">${this.#deps.view.copied === '' ? '' : texts.copied}</p>
    </div>`;
  }

  #actionTemplate({ command, label, primary }: ClientAction): TemplateResult {
    return html`<vscode-button
      class="command"
      appearance=${primary ? 'primary' : 'secondary'}
      @click=${() => this.#deps.send({ type: 'command', command })}
      >${label}</vscode-button
    >`;
  }

  #sectionTemplate({ id, title, fields, empty, note = '' }: ClientSection): TemplateResult {
    return html`<section class="fields" data-section=${id}>
      <h2>${title}</h2>
      ${
        fields.length === 0
          ? html`<p class="empty">${empty}</p>`
          : html`<dl>
              ${fields.map(
                (field) =>
                  html`<div>
                    <dt><bdi>${field.label}</bdi></dt>
                    <dd>${this.#valueTemplate(field)}</dd>
                  </div>`,
              )}
            </dl>`
      }
      <p class="note" ?hidden=${note === ''}>${note}</p>
    </section>`;
  }

  #valueTemplate(field: ClientField): TemplateResult {
    const { text, copy, copied = text } = field;
    const value = this.#textTemplate(field);
    return copy === undefined ? value : html`${value}${this.#copyTemplate(copy, copied)}`;
  }

  /** A time is the service's: its clock says how long ago it was. */
  #textTemplate({ text, time, before = '', planned, code }: ClientField): TemplateResult {
    if (time === undefined) return code ? html`<code>${text}</code>` : html`<bdi>${text}</bdi>`;
    const { texts, serviceAheadMs } = this.#state;
    const distance = planned ? untilText : agoText;
    const far = distance(time, this.#deps.view.now + serviceAheadMs, texts.justNow, language());
    return html`<bdi
      >${before}<time datetime=${new Date(time).toISOString()}
        >${fill(texts.timeAgo, momentText(time, language()), far)}</time
      >${text}</bdi
    >`;
  }

  #operationsTemplate(operations: readonly ClientOperation[]): TemplateResult {
    const { texts } = this.#state;
    if (operations.length === 0) return html`<p class="empty">${texts.noOperations}</p>`;
    return html`<table role="table" class="history" aria-label=${texts.operations}>
      ${tableHead([
        ['name', texts.operation],
        ['started', texts.started],
        ['state-cell', texts.state],
        ['details', texts.details],
      ])}
      <tbody role="rowgroup">
        ${repeat(
          operations,
          ({ operationId }) => operationId,
          ({ operationId, title, startedAt, state, details }) =>
            html`<tr role="row">
              <th role="rowheader" scope="row" class="name">
                <button
                  class="link"
                  type="button"
                  @click=${() => this.#deps.send({ type: 'openOperation', operationId })}
                >
                  ${title}
                </button>
              </th>
              <td role="cell" class="started">
                <time datetime=${new Date(startedAt).toISOString()}
                  >${momentText(startedAt, language())}</time
                >
              </td>
              <td role="cell" class="state-cell">${stateTemplate(state)}</td>
              <td role="cell" class="details">${details === '' ? nothing : details}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #copyTemplate(label: string, text: string): TemplateResult {
    return copyButton(label, this.#deps.view.copied === text, () => this.#deps.copy(text));
  }
}
