import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { fill } from '../../core/kernel/duration';
import { dispatch, type FromHost } from '../../protocol/messages';
import type {
  CallRow,
  LeftOutRow,
  OperationAction,
  OperationPageChange,
  OperationPageState,
  PageTexts,
  ProblemRow,
  WaveRow,
} from '../../protocol/operation';
import { Announcements } from '../announcements';
import { copyButton } from '../copyButton';
import { language } from '../language';
import type { Page, PageDeps } from '../startPage';
import { spinner } from '../spinner';
import { stateTemplate } from '../stateTemplate';
import { tableHead } from '../tableHead';
import { momentText, percentText, timeTexts } from '../times';
import { problemState, stateFilterOf } from './chosenRows';
import { ClientList } from './clientList';
import { RowBlocks } from './rowBlocks';
import { pageChanged } from './pageChanged';
import './operation.css';

/** With more tasks than this, their section starts collapsed, so that the clients below are visible. */
const tasksInSight = 3;
/** A row of a request has several buttons, so a list of more than these isn't drawn whole. */
const buttonRowsAtOnce = 50;

/** The page of one operation. */
export class OperationPage implements Page<'operation'> {
  readonly showsTimes = true;
  readonly #deps: PageDeps<'operation'>;
  readonly #clients: ClientList;
  readonly #calls: RowBlocks<CallRow>;
  readonly #waves: RowBlocks<WaveRow>;
  readonly #leftOut: RowBlocks<LeftOutRow>;
  #tasksOpen: boolean;
  #leftOutOpen = false;
  readonly #announcements = new Announcements();

  constructor(deps: PageDeps<'operation'>) {
    this.#deps = deps;
    const { calls } = deps.view.state;
    this.#tasksOpen = calls.length <= tasksInSight || calls.some((call) => call.state.look === 'bad');
    this.#clients = new ClientList(deps.memory?.choice, {
      reveal: (key) => deps.send({ type: 'reveal', key }),
      onChoose: (choice) => deps.remember({ choice }),
      redraw: deps.redraw,
    });
    this.#calls = new RowBlocks({
      wholeUpTo: buttonRowsAtOnce,
      keyOf: ({ key }) => key,
      rowTemplate: (row) => this.#callTemplate(row, deps.view.state.texts),
      redraw: deps.redraw,
    });
    this.#waves = new RowBlocks({
      keyOf: ({ key }) => key,
      rowTemplate: (row) => waveTemplate(row, deps.view.state.texts),
      redraw: deps.redraw,
    });
    this.#leftOut = new RowBlocks({
      keyOf: ({ key }) => key,
      rowTemplate: leftOutTemplate,
      redraw: deps.redraw,
    });
  }

  receive(message: FromHost<'operation'>): void {
    dispatch({ showProblems: () => this.#clients.choose({ text: '', state: problemState }) }, message);
  }

  changed(change: OperationPageChange): OperationPageState {
    return pageChanged(this.#deps.view.state, change);
  }

  heirOf(focused: Element): string | undefined {
    return focused.classList.contains('command') ? 'h1' : undefined;
  }

  template(): TemplateResult {
    const { state, now, copied } = this.#deps.view;
    const { texts, times, standing } = state;
    const { elapsed, nextCheck } = timeTexts(state, now);
    const isRunning = standing.look === 'running';
    return html`<div class="operation">
      <header>
        <div class="title">
          <h1 tabindex="-1">${state.title}</h1>
          <vscode-tag ?hidden=${state.demo === undefined}>${state.demo ?? ''}</vscode-tag>
        </div>
        <p class="place">${state.place}</p>
        <p class=${isRunning ? 'standing without-icon' : 'standing'}>
          ${spinner(isRunning)}${stateTemplate(standing)}<span class="summary">${state.summary}</span>
        </p>
        <p role="status" class="unseen">${this.#announcements.next(standing.text, state.summary, now)}</p>
        <div class="progress" ?hidden=${times.endedAt !== undefined}>
          <progress max="100" aria-label=${texts.progress} .value=${state.percent}></progress>
          <span class="percent" aria-hidden="true">${percentText(state.percent, language())}</span>
        </div>
        <p class="times">
          <span>${fill(texts.started, momentText(times.startedAt, language()))}</span>
          <span>${elapsed}</span>
          <span ?hidden=${nextCheck === ''}>${nextCheck}</span>
        </p>
        ${this.#linksTemplate(state.links)}
        <div class="commands">
          ${repeat(
            state.commands,
            ({ command }) => command,
            (action) => this.#commandTemplate(action),
          )}
        </div>
      </header>
      <vscode-divider></vscode-divider>
      ${this.#problemsTemplate(state.problems, texts)} ${this.#wavesTemplate(state.waves, texts)}
      <section>
        <div class="heading">
          <h2>${texts.clients}</h2>
          <vscode-badge>${state.clients.rows.length}</vscode-badge>
        </div>
        ${this.#clients.template(state, now)}
      </section>
      <vscode-divider></vscode-divider>
      ${this.#tasksTemplate(state.calls, texts)} ${this.#leftOutTemplate(state.leftOut, texts)}
      <p role="status" class="unseen">${copied === '' ? '' : texts.copied}</p>
    </div>`;
  }

  #linksTemplate(links: OperationPageState['links']): TemplateResult | typeof nothing {
    if (links.length === 0) return nothing;
    return html`<ul class="links">
      ${repeat(
        links,
        ({ operationId }) => operationId,
        ({ operationId, text }) =>
          html`<li>
            <button
              class="link"
              type="button"
              @click=${() => this.#deps.send({ type: 'openOperation', operationId })}
            >
              ${text}
            </button>
          </li>`,
      )}
    </ul>`;
  }

  #commandTemplate({ command, label, primary }: OperationAction): TemplateResult {
    return html`<vscode-button
      class="command"
      appearance=${primary ? 'primary' : 'secondary'}
      @click=${() => this.#deps.send({ type: 'command', command })}
      >${label}</vscode-button
    >`;
  }

  #problemsTemplate(problems: readonly ProblemRow[], texts: PageTexts): TemplateResult | typeof nothing {
    if (problems.length === 0) return nothing;
    const showOnly = ({ code, stateText }: ProblemRow): void => {
      this.#clients.choose(
        code === '' ? { text: '', state: stateFilterOf(stateText) } : { text: code, state: problemState },
      );
      this.#deps.root.querySelector('.filter')?.scrollIntoView({ block: 'nearest' });
    };
    return html`<section>
      <h2>${texts.problems}</h2>
      <ul class="problems">
        ${repeat(
          problems,
          ({ key }) => key,
          (row) =>
            html`<li>
              <p class="cause">
                <strong>${row.cause}</strong>
                <button class="link" type="button" title=${texts.showOnly} @click=${() => showOnly(row)}>
                  ${row.label}
                </button>
                <bdi class="names">${row.names}</bdi>
              </p>
              <p ?hidden=${row.text === row.cause}>${row.text}</p>
            </li>`,
        )}
      </ul>
    </section>`;
  }

  #wavesTemplate(waves: readonly WaveRow[], texts: PageTexts): TemplateResult | typeof nothing {
    if (waves.length === 0) return nothing;
    return html`<section>
      <h2>${texts.waves}</h2>
      <table role="table" class="waves" aria-label=${texts.waves}>
        ${tableHead([
          ['name', texts.wave],
          ['count', texts.clients],
          ['started', texts.waveStarted],
          ['state-cell', texts.state],
          ['details', texts.result],
        ])}
        ${this.#waves.template(waves)}
      </table>
    </section>`;
  }

  #leftOutTemplate(rows: readonly LeftOutRow[], texts: PageTexts): TemplateResult | typeof nothing {
    if (rows.length === 0) return nothing;
    const toggled = ({ target }: Event): void => {
      if (!(target instanceof HTMLDetailsElement) || target.open === this.#leftOutOpen) return;
      this.#leftOutOpen = target.open;
      this.#deps.redraw();
    };
    return html`<details class="left-out" ?open=${this.#leftOutOpen} @toggle=${toggled}>
      <summary>
        <h2>${texts.leftOut}</h2>
        <vscode-badge>${rows.length}</vscode-badge>
      </summary>
      <table role="table" aria-label=${texts.leftOut}>
        ${tableHead([
          ['name', texts.client],
          ['id', texts.clientId],
          ['details', texts.reason],
        ])}
        ${this.#leftOutOpen ? this.#leftOut.template(rows) : nothing}
      </table>
    </details>`;
  }

  #tasksTemplate(calls: readonly CallRow[], texts: PageTexts): TemplateResult {
    // Hundreds of rows with buttons take their time, so they wait until somebody opens them.
    const opened = ({ target }: Event): void => {
      if (!(target instanceof HTMLDetailsElement) || target.open === this.#tasksOpen) return;
      this.#tasksOpen = target.open;
      this.#deps.redraw();
    };
    return html`<details ?open=${this.#tasksOpen} @toggle=${opened}>
      <summary>
        <h2>${texts.tasks}</h2>
        <vscode-badge>${calls.length}</vscode-badge>
      </summary>
      <p class="empty" ?hidden=${calls.length > 0}>${texts.noTasks}</p>
      <table role="table" class="calls" aria-label=${texts.tasks} ?hidden=${calls.length === 0}>
        ${tableHead([
          ['id', texts.taskId],
          ['count', texts.clients],
          ['state-cell', texts.state],
          ['requests', texts.requestIds],
        ])}
        ${this.#tasksOpen ? this.#calls.template(calls, () => [this.#deps.view.copied]) : nothing}
      </table>
    </details>`;
  }

  #callTemplate({ taskId, clients, state, details, requestIds }: CallRow, texts: PageTexts): TemplateResult {
    return html`<tr role="row">
      <th role="rowheader" scope="row" class="id">
        ${
          taskId === ''
            ? html`<span class="empty">${texts.noTask}</span>`
            : this.#idTemplate('', taskId, texts.copyTaskId)
        }
      </th>
      <td role="cell" class="count" data-label=${texts.clients}>${clients}</td>
      <td role="cell" class="state-cell">
        ${stateTemplate(state)}${details === '' ? nothing : html`<p class="details">${details}</p>`}
      </td>
      <td role="cell" class="requests">
        <div class="ids">
          ${requestIds.map(({ label, id }) => this.#idTemplate(label, id, texts.copyRequestId))}
        </div>
      </td>
    </tr>`;
  }

  #idTemplate(label: string, id: string, copyText: string): TemplateResult {
    return html`<div class="id-line">
      ${label === '' ? nothing : html`<span class="id-label">${label}</span>`}
      <span class="id-copy"
        ><code>${id}</code>
        ${copyButton(copyText, this.#deps.view.copied === id, () => this.#deps.copy(id))}</span
      >
    </div>`;
  }
}

function leftOutTemplate({ name, id, reason }: LeftOutRow): TemplateResult {
  return html`<tr role="row">
    <th role="rowheader" scope="row" class="name"><bdi>${name}</bdi></th>
    <td role="cell"><code>${id}</code></td>
    <td role="cell" class="details">${reason}</td>
  </tr>`;
}

function waveTemplate(
  { name, clients, startedAt, state, summary }: WaveRow,
  texts: PageTexts,
): TemplateResult {
  return html`<tr role="row">
    <th role="rowheader" scope="row" class="name">${name}</th>
    <td role="cell" class="count" data-label=${texts.clients}>${clients}</td>
    <td role="cell" class="started">
      ${startedAt === undefined ? nothing : momentText(startedAt, language())}
    </td>
    <td role="cell" class="state-cell">${stateTemplate(state)}</td>
    <td role="cell" class="details">${summary}</td>
  </tr>`;
}
