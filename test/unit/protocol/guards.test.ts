import { strict as assert } from 'node:assert';
import { isPageMemory, isPageMessage, subjectLeftBy } from '../../../src/protocol/guards';
import {
  dispatch,
  type FromPage,
  type Handlers,
  type PageKind,
  type PageMessage,
} from '../../../src/protocol/messages';
import type { ClientPageCommand } from '../../../src/protocol/client';
import type { OperationPageCommand } from '../../../src/protocol/operation';

/** As it arrives: nothing but JSON passes between host and page. */
const arrived = (message: unknown): unknown => JSON.parse(JSON.stringify(message));
const kinds: readonly PageKind[] = ['operation', 'client', 'overview'];

describe('messages between host and page', () => {
  const handlers: Handlers<FromPage<'operation'>, string> = {
    command: ({ command }) => command,
    openOperation: ({ operationId }) => operationId,
    reveal: ({ key }) => key,
  };

  it('go to the handler of their type', () => {
    assert.equal(dispatch(handlers, { type: 'command', command: 'checkNow' }), 'checkNow');
    assert.equal(dispatch(handlers, { type: 'reveal', key: 'i-1' }), 'i-1');
    assert.equal(dispatch(handlers, { type: 'openOperation', operationId: 'op-1' }), 'op-1');
  });

  it('are reported when no handler is there for their type', () => {
    for (const type of ['news', 'toString', '__proto__']) {
      const message: unknown = JSON.parse(`{"type":"${type}"}`);
      assert.throws(() => dispatch(handlers, message as FromPage<'operation'>), /no handler for the message/);
    }
  });
});

describe('messages to the host', () => {
  it('are taken from every page when it is ready and when it asks to copy', () => {
    for (const kind of kinds) {
      assert.ok(isPageMessage(kind, arrived({ type: 'ready' })));
      assert.ok(isPageMessage(kind, arrived({ type: 'copy', text: 'REQ-1' })));
    }
  });

  it('are taken when they are what the page of an operation sends', () => {
    const commands: Readonly<Record<OperationPageCommand, true>> = {
      checkNow: true,
      stopSending: true,
      stopWatching: true,
      watchAgain: true,
      retryFailed: true,
      continueRollout: true,
      exportReport: true,
    };
    const messages: readonly unknown[] = [
      ...Object.keys(commands).map((command) => ({ type: 'own', message: { type: 'command', command } })),
      ...([
        { type: 'own', message: { type: 'reveal', key: 'i:i-0001' } },
        { type: 'own', message: { type: 'reveal', key: 'x'.repeat(300) } },
      ] satisfies readonly PageMessage<'operation'>[]),
    ];
    for (const message of messages) {
      assert.ok(isPageMessage('operation', arrived(message)));
      assert.equal(isPageMessage('overview', arrived(message)), false);
    }
  });

  it('are taken when they are what the page of a client sends', () => {
    const commands: Readonly<Record<ClientPageCommand, true>> = {
      upgrade: true,
      install: true,
      uninstall: true,
      editSettings: true,
      showInClients: true,
      openInConsole: true,
      openAsJson: true,
    };
    const messages: readonly unknown[] = [
      ...Object.keys(commands).map((command) => ({ type: 'command', command })),
      { type: 'openOperation', operationId: 'op-1' },
      { type: 'pin', pinned: true },
    ];
    for (const message of messages) assert.ok(isPageMessage('client', arrived({ type: 'own', message })));
    for (const message of [{ type: 'pin' }, { type: 'openOperation', operationId: 7 }]) {
      assert.equal(isPageMessage('client', { type: 'own', message }), false);
    }
  });

  const malformed: readonly unknown[] = [
    null,
    7,
    {},
    { type: 'own' },
    { type: 'own', message: null },
    { type: 'command', command: 'checkNow' },
    ...[
      { type: 'command' },
      { type: 'command', command: 'whenLoaded' },
      { type: 'command', command: '__proto__' },
      { type: 'reveal' },
      { type: 'reveal', key: '' },
      { type: 'reveal', key: 7 },
      { type: 'reveal', key: 'x'.repeat(301) },
      // What only the host may say.
      { type: 'showProblems' },
    ].map((message) => ({ type: 'own', message })),
    { type: 'copy', text: '' },
    { type: 'copy', text: 'x'.repeat(301) },
    { type: 'copy', text: ['REQ-1'] },
    { type: 'gone', gone: { title: 'a', text: 'b' } },
  ];
  it('are not taken when malformed', () => {
    for (const kind of kinds) {
      for (const message of malformed) {
        assert.equal(isPageMessage(kind, message), false, JSON.stringify(message));
      }
    }
  });
});

describe('what a page left behind', () => {
  const memoryWith = (choice: unknown) => isPageMemory('operation', { subject: 'op-1', own: { choice } });

  it('is taken with and without a scroll position, and not without a subject', () => {
    for (const kind of kinds) {
      assert.ok(isPageMemory(kind, { subject: 'op-1' }));
      assert.ok(isPageMemory(kind, { subject: 'op-1', scrollTop: 20 }));
      for (const memory of [undefined, {}, { subject: '' }, { subject: 'a', scrollTop: 'x' }]) {
        assert.equal(isPageMemory(kind, memory), false);
      }
    }
  });

  it('says what the page was of, as versions with pages of operations only left it too', () => {
    assert.equal(subjectLeftBy('operation', { subject: 'op-1' }), 'op-1');
    assert.equal(subjectLeftBy('operation', { operationId: 'op-1', scrollTop: 20 }), 'op-1');
    assert.equal(subjectLeftBy('client', { operationId: 'op-1' }), undefined);
    assert.equal(subjectLeftBy('operation', { operationId: 7 }), undefined);
    assert.equal(subjectLeftBy('operation', undefined), undefined);
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
