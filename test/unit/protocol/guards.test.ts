import { strict as assert } from 'node:assert';
import { isPageMemory, isPageMessage } from '../../../src/protocol/guards';
import {
  dispatch,
  type Handlers,
  type HostMessage,
  type PageCommand,
  type PageMessage,
} from '../../../src/protocol/messages';

/** As it arrives: nothing but JSON passes between host and page. */
const arrived = (message: unknown): unknown => JSON.parse(JSON.stringify(message));

describe('messages to the page', () => {
  const handlers: Handlers<HostMessage, string> = {
    operation: ({ state }) => state.title,
    gone: ({ title }) => title,
    showProblems: () => 'problems',
    copied: ({ text }) => text,
  };

  it('go to the handler of their type', () => {
    assert.equal(dispatch(handlers, { type: 'copied', text: 'REQ-1' }), 'REQ-1');
    assert.equal(dispatch(handlers, { type: 'gone', title: 'Gone', text: '' }), 'Gone');
  });

  it('are reported when no handler is there for their type', () => {
    for (const type of ['news', 'toString', '__proto__']) {
      const message: unknown = JSON.parse(`{"type":"${type}"}`);
      assert.throws(() => dispatch(handlers, message as HostMessage), /no handler for the message/);
    }
  });
});

describe('messages to the host', () => {
  it('are taken when they are what the page sends', () => {
    const commands: Readonly<Record<PageCommand, true>> = {
      checkNow: true,
      stopSending: true,
      stopWatching: true,
      watchAgain: true,
      retryFailed: true,
      continueRollout: true,
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
  it('are not taken when malformed', () => {
    for (const message of malformed) assert.equal(isPageMessage(message), false, JSON.stringify(message));
  });
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

  it('is taken with a choice of rows and an order', () => {
    assert.ok(memoryWith({ text: '', state: '' }));
    assert.ok(memoryWith({ text: 'web', state: 'state:Failed' }));
    assert.ok(memoryWith({ text: '', state: 'problems', sort: { column: 'name', descending: true } }));
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
  ];
  it('is not taken with a wrong choice of rows', () => {
    for (const choice of wrongChoices) assert.equal(memoryWith(choice), false, JSON.stringify(choice));
  });
});
