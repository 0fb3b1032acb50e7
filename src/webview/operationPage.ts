import type { RowChoice, TaskPageCommand, TaskPageState } from '../protocol/messages';
import { createCallRowView } from './callRowView';
import { ClientTable } from './clientTable';
import { fill } from './duration';
import { element, setText } from './elements';
import { markCopied } from './idView';
import { KeyedList, type RowView } from './keyedList';
import { createProblemView } from './problemView';
import { problemState, stateFilterOf } from './rowsInView';
import { StateView } from './stateView';
import { table } from './table';
import { timesInWords } from './times';
import { createWaveRowView } from './waveRowView';

/** More tasks than this start folded, so that the clients below them are in sight. */
const tasksInSight = 3;

/** What the page can ask of its host. */
export interface OperationPageActions {
  readonly run: (command: TaskPageCommand) => void;
  readonly copy: (text: string) => void;
  readonly reveal: (key: string) => void;
  readonly onChoose: (choice: RowChoice) => void;
}

interface CommandRow {
  readonly key: TaskPageCommand;
  readonly label: string;
}

/** The page of one operation: built once from the first state, then updated in place. */
export class OperationPage {
  readonly element: HTMLElement;
  #state: TaskPageState;
  readonly #title = element('h1', { tabindex: '-1' });
  readonly #demo = element('vscode-tag');
  readonly #place = element('p', { class: 'place' });
  readonly #ring = element('vscode-progress-ring', { 'aria-hidden': 'true' });
  readonly #standing: StateView;
  readonly #summary = element('span', { class: 'summary' });
  readonly #progress = element('progress', { max: '100' });
  readonly #percent = element('span', { class: 'percent', 'aria-hidden': 'true' });
  readonly #progressLine = element('div', { class: 'progress' }, this.#progress, this.#percent);
  readonly #started = element('span');
  readonly #elapsed = element('span');
  readonly #nextCheck = element('span');
  readonly #clientCount = element('vscode-badge');
  readonly #taskCount = element('vscode-badge');
  readonly #noTasks = element('p', { class: 'empty' });
  readonly #announcement = element('p', { role: 'status', class: 'unseen' });
  readonly #callTable: HTMLElement;
  readonly #commands: KeyedList<CommandRow>;
  readonly #clients: ClientTable;
  readonly #problems: KeyedList<TaskPageState['problems'][number]>;
  readonly #problemSection: HTMLElement;
  readonly #waves: KeyedList<TaskPageState['waves'][number]>;
  readonly #waveSection: HTMLElement;
  readonly #calls: KeyedList<TaskPageState['calls'][number]>;

  /** `choice`: what the user had in view before a reload. */
  constructor(state: TaskPageState, choice: RowChoice | undefined, actions: OperationPageActions) {
    this.#state = state;
    const { texts } = state;
    this.#standing = new StateView(state.standing);
    this.#progress.setAttribute('aria-label', texts.progress);

    const commands = element('div', { class: 'commands' });
    this.#commands = new KeyedList<CommandRow>(commands, (row) => commandButton(row, actions.run));
    this.#clients = new ClientTable(texts, choice, actions);
    const problems = element('ul', { class: 'problems' });
    this.#problems = new KeyedList(problems, (row) =>
      createProblemView(row, texts, ({ code, stateText }) => {
        this.#clients.choose(
          code === '' ? { text: '', state: stateFilterOf(stateText) } : { text: code, state: problemState },
        );
        this.#clients.element.scrollIntoView({ block: 'nearest' });
      }),
    );
    this.#problemSection = element('section', {}, element('h2', {}, texts.problems), problems);
    const waves = table(texts.waves, [
      { name: 'name', text: texts.wave },
      { name: 'count', text: texts.clientCount },
      { name: 'state-cell', text: texts.state },
      { name: 'details', text: texts.result },
    ]);
    waves.element.classList.add('waves');
    this.#waves = new KeyedList(waves.body, (row) => createWaveRowView(row, texts));
    this.#waveSection = element('section', {}, element('h2', {}, texts.waves), waves.element);
    const calls = table(texts.tasks, [
      { name: 'id', text: texts.taskId },
      { name: 'count', text: texts.clientCount },
      { name: 'state-cell', text: texts.state },
      { name: 'requests', text: texts.requestIds },
    ]);
    calls.element.classList.add('calls');
    this.#callTable = calls.element;
    this.#calls = new KeyedList(calls.body, (row) => createCallRowView(row, texts, actions.copy));

    const status = element(
      'p',
      { role: 'status', class: 'standing' },
      this.#ring,
      this.#standing.element,
      this.#summary,
    );
    const tasks = element(
      'details',
      {},
      element('summary', {}, element('h2', {}, texts.tasks), this.#taskCount),
      this.#noTasks,
      this.#callTable,
    );
    tasks.open =
      state.calls.length <= tasksInSight || state.calls.some(({ state: { look } }) => look === 'bad');
    this.element = element(
      'div',
      { class: 'operation' },
      element(
        'header',
        {},
        element('div', { class: 'title' }, this.#title, this.#demo),
        this.#place,
        status,
        this.#progressLine,
        element('p', { class: 'times' }, this.#started, this.#elapsed, this.#nextCheck),
        commands,
      ),
      element('vscode-divider'),
      this.#problemSection,
      this.#waveSection,
      tasks,
      element('vscode-divider'),
      element('div', { class: 'heading' }, element('h2', {}, texts.clients), this.#clientCount),
      this.#clients.element,
      this.#announcement,
    );
    this.update(state);
  }

  update(state: TaskPageState): void {
    this.#state = state;
    setText(this.#title, state.title);
    setText(this.#demo, state.demo ?? '');
    this.#demo.hidden = state.demo === undefined;
    setText(this.#place, state.place);
    const running = state.standing.look === 'running';
    this.#ring.hidden = !running;
    this.#standing.element.classList.toggle('without-icon', running);
    this.#standing.update(state.standing);
    setText(this.#summary, state.summary);
    this.#progressLine.hidden = state.times.endedAt !== undefined;
    this.#progress.value = state.percent;
    setText(this.#percent, `${state.percent}%`);
    const started = new Date(state.times.startedAt);
    setText(this.#started, fill(state.texts.started, dateText(started)));
    this.#updateCommands(state);
    setText(this.#taskCount, String(state.calls.length));
    setText(this.#noTasks, state.texts.noTasks);
    this.#noTasks.hidden = state.calls.length > 0;
    this.#callTable.hidden = state.calls.length === 0;
    this.#calls.update(state.calls);
    setText(this.#clientCount, String(state.clients.length));
    this.#clients.update(state.clients);
    this.#problems.update(state.problems);
    this.#problemSection.hidden = state.problems.length === 0;
    this.#waves.update(state.waves);
    this.#waveSection.hidden = state.waves.length === 0;
    this.tick(state.times.now);
  }

  /** Leaves only what went wrong in view. */
  showProblems(): void {
    this.#clients.choose({ text: '', state: problemState });
  }

  /** Moves the times on; `now` is milliseconds since 1970 by the host's clock. */
  tick(now: number): void {
    const { elapsed, nextCheck } = timesInWords(this.#state, now);
    setText(this.#elapsed, elapsed);
    setText(this.#nextCheck, nextCheck);
    this.#nextCheck.hidden = nextCheck === '';
  }

  /** Shows and says that a text is on the clipboard, or takes the mark away again. */
  showCopied(text: string, copied: boolean): void {
    markCopied(this.element, text, copied);
    setText(this.#announcement, copied ? this.#state.texts.copied : '');
  }

  #updateCommands(state: TaskPageState): void {
    const focused = document.activeElement;
    this.#commands.update(state.commands.map(({ command, label }) => ({ key: command, label })));
    // A button that went away must not take the keyboard's place with it.
    if (focused?.classList.contains('command') && !focused.isConnected) this.#title.focus();
  }
}

function commandButton(row: CommandRow, run: OperationPageActions['run']): RowView<CommandRow> {
  const appearance = ['checkNow', 'retryFailed', 'watchAgain'].includes(row.key) ? 'primary' : 'secondary';
  const button = element('vscode-button', { appearance, class: 'command' }, row.label);
  button.addEventListener('click', () => {
    run(row.key);
  });
  return { element: button, update: ({ label }) => setText(button, label) };
}

function dateText(date: Date): string {
  const language = document.documentElement.lang || undefined;
  const sameDay = date.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(language, {
    ...(!sameDay && { dateStyle: 'medium' }),
    timeStyle: 'short',
  }).format(date);
}
