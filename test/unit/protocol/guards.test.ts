import { strict as assert } from 'node:assert';
import { taskPageState } from '../../../src/core/operations/page/taskPage';
import { isHostMessage, isPageMemory, isPageMessage } from '../../../src/protocol/guards';
import type {
  PageMessage,
  ProblemRow,
  SortColumn,
  TaskPageCommand,
  WaveRow,
} from '../../../src/protocol/messages';
import { aCall, anOperation, aTask, startedAt } from '../operations/taskPageOperations';

const state = taskPageState(anOperation({ demo: true, calls: [aCall({ task: aTask() })] }), {
  now: startedAt,
  nextCheckAt: startedAt + 1000,
  known: [],
});
const wave: WaveRow = {
  key: '1',
  name: 'Wave 1',
  clients: 2,
  state: { text: 'Done', look: 'good' },
  summary: '2 done',
};
const problem: ProblemRow = {
  key: 'DiskFull',
  label: '2 clients',
  text: 'The disk is full.',
  code: 'DiskFull',
  stateText: 'Failed',
};
/** As it arrives: nothing but JSON passes between host and page. */
const arrived = (message: unknown): unknown => JSON.parse(JSON.stringify(message));

describe('messages to the page', () => {
  it('are taken when they are what the host sends', () => {
    assert.ok(isHostMessage(arrived({ type: 'operation', state })));
    assert.ok(isHostMessage({ type: 'gone', title: 'a', text: 'b' }));
    assert.ok(isHostMessage({ type: 'copied', text: 'REQ-1' }));
    assert.ok(isHostMessage({ type: 'showProblems' }));
  });

  it('are taken with waves and problems, and from an operation that has none', () => {
    const full = { ...state, waves: [wave, { ...wave, key: '2' }], problems: [problem] };
    assert.ok(isHostMessage(arrived({ type: 'operation', state: full })));
    assert.ok(isHostMessage(arrived({ type: 'operation', state: { ...state, waves: [], problems: [] } })));
  });

  const malformed: readonly unknown[] = [
    undefined,
    null,
    'operation',
    [],
    {},
    { type: 'operation' },
    { type: 'gone', title: 'a' },
    { type: 'copied', text: 1 },
    { type: 'toString' },
  ];
  for (const message of malformed) {
    it(`are not taken when malformed: ${JSON.stringify(message)}`, () => {
      assert.equal(isHostMessage(message), false);
    });
  }

  for (const key of Object.keys(state).filter((one) => one !== 'demo')) {
    it(`are not taken when the state lacks ${key}`, () => {
      assert.equal(isHostMessage({ type: 'operation', state: { ...state, [key]: undefined } }), false);
    });
  }

  const wrong: Readonly<Record<string, object>> = {
    'a look nobody knows': { standing: { text: 'Done', look: 'url(x)' } },
    'a client without a key': { clients: [{ ...state.clients[0], key: undefined }] },
    'a call whose ids are no list': { calls: [{ ...state.calls[0], requestIds: 'REQ' }] },
    'a command nobody knows': { commands: [{ command: 'uninstall', label: 'x' }] },
    'a time that is no number': { times: { ...state.times, nextCheckAt: 'soon' } },
    'a label that is no text': { texts: { ...state.texts, client: 7 } },
    'a demo mark that is no text': { demo: true },
    'a percent beyond numbers': { percent: Number.NaN },
    'waves that are no list': { waves: { 0: wave } },
    'a wave that is no row': { waves: [wave, null] },
    'a wave without a name': { waves: [{ ...wave, name: undefined }] },
    'a wave whose count is a text': { waves: [{ ...wave, clients: '2' }] },
    'a wave in a look nobody knows': { waves: [{ ...wave, state: { text: 'Done', look: 'fine' } }] },
    'problems that are no list': { problems: 'DiskFull' },
    'a problem that is no row': { problems: [problem, 'DiskFull'] },
    'a problem without a cause': { problems: [{ ...problem, text: undefined }] },
    'a problem whose code is a number': { problems: [{ ...problem, code: 28 }] },
    'a problem without the words of its state': { problems: [{ ...problem, stateText: null }] },
    'a client whose problem is no yes or no': { clients: [{ ...state.clients[0], problem: 'no' }] },
    'a client whose wave is a text': { clients: [{ ...state.clients[0], wave: '1' }] },
  };
  for (const [name, parts] of Object.entries(wrong)) {
    it(`are not taken with ${name}`, () => {
      assert.equal(isHostMessage({ type: 'operation', state: { ...state, ...parts } }), false);
    });
  }
});

describe('messages to the host', () => {
  it('are taken when they are what the page sends', () => {
    const commands: Readonly<Record<TaskPageCommand, true>> = {
      checkNow: true,
      stopSending: true,
      stopWatching: true,
      watchAgain: true,
      retryFailed: true,
      exportReport: true,
    };
    const messages: readonly unknown[] = [
      ...Object.keys(commands).map((command) => ({ type: 'command', command })),
      ...([
        { type: 'ready' },
        { type: 'copy', text: 'REQ-1' },
        { type: 'reveal', key: 'i:i-0001' },
        { type: 'reveal', key: 'x'.repeat(300) },
      ] satisfies readonly PageMessage[]),
    ];
    for (const message of messages) assert.ok(isPageMessage(arrived(message)));
  });

  const malformed: readonly unknown[] = [
    null,
    7,
    {},
    { type: 'command' },
    { type: 'command', command: 'whenLoaded' },
    { type: 'command', command: '__proto__' },
    { type: 'copy', text: '' },
    { type: 'copy', text: 'x'.repeat(301) },
    { type: 'copy', text: ['REQ-1'] },
    { type: 'reveal' },
    { type: 'reveal', key: '' },
    { type: 'reveal', key: 7 },
    { type: 'reveal', key: 'x'.repeat(301) },
    // What only the host may say.
    { type: 'showProblems' },
    { type: 'gone', title: 'a', text: 'b' },
  ];
  for (const message of malformed) {
    it(`are not taken when malformed: ${JSON.stringify(message).slice(0, 60)}`, () => {
      assert.equal(isPageMessage(message), false);
    });
  }
});

describe('what a page left behind', () => {
  const memoryWith = (choice: unknown) => isPageMemory({ operationId: 'op-1', choice });

  it('is taken with and without a scroll position, and not without an operation', () => {
    assert.ok(isPageMemory({ operationId: 'op-1' }));
    assert.ok(isPageMemory({ operationId: 'op-1', scrollTop: 20 }));
    for (const memory of [undefined, {}, { operationId: '' }, { operationId: 'a', scrollTop: 'x' }]) {
      assert.equal(isPageMemory(memory), false);
    }
  });

  it('is taken with a choice of rows, in each order that there is', () => {
    assert.ok(memoryWith({ text: '', state: '' }));
    assert.ok(memoryWith({ text: 'web', state: 'state:Failed' }));
    const columns: Readonly<Record<SortColumn, true>> = {
      name: true,
      instanceId: true,
      state: true,
      version: true,
      wave: true,
      details: true,
    };
    for (const column of Object.keys(columns)) {
      assert.ok(memoryWith({ text: '', state: 'problems', sort: { column, descending: true } }), column);
    }
  });

  const wrongChoices: readonly unknown[] = [
    null,
    'problems',
    [],
    { text: 'web' },
    { state: '' },
    { text: 7, state: '' },
    { text: '', state: ['problems'] },
    { text: '', state: '', sort: null },
    { text: '', state: '', sort: 'name' },
    { text: '', state: '', sort: { column: 'name' } },
    { text: '', state: '', sort: { column: 'name', descending: 'yes' } },
    { text: '', state: '', sort: { column: 'key', descending: false } },
    { text: '', state: '', sort: { column: '__proto__', descending: false } },
  ];
  for (const choice of wrongChoices) {
    it(`is not taken with a wrong choice of rows: ${JSON.stringify(choice)}`, () => {
      assert.equal(memoryWith(choice), false);
    });
  }
});
