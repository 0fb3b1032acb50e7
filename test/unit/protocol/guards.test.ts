import { strict as assert } from 'node:assert';
import { plainTranslate } from '../../../src/core/localize';
import { taskPageState } from '../../../src/core/taskPage/taskPage';
import { isHostMessage, isPageMemory, isPageMessage } from '../../../src/protocol/guards';
import type { PageMessage } from '../../../src/protocol/messages';
import { aCall, anOperation, aTask, startedAt } from '../core/taskPageOperations';

const state = taskPageState(
  anOperation({ demo: true, calls: [aCall({ task: aTask() })] }),
  startedAt,
  startedAt + 1000,
  plainTranslate,
);
/** As it arrives: nothing but JSON passes between host and page. */
const arrived = (message: unknown): unknown => JSON.parse(JSON.stringify(message));

describe('messages to the page', () => {
  it('are taken when they are what the host sends', () => {
    assert.ok(isHostMessage(arrived({ type: 'operation', state })));
    assert.ok(isHostMessage({ type: 'gone', title: 'a', text: 'b' }));
    assert.ok(isHostMessage({ type: 'copied', text: 'REQ-1' }));
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
  };
  for (const [name, parts] of Object.entries(wrong)) {
    it(`are not taken with ${name}`, () => {
      assert.equal(isHostMessage({ type: 'operation', state: { ...state, ...parts } }), false);
    });
  }
});

describe('messages to the host', () => {
  it('are taken when they are what the page sends', () => {
    const messages: readonly PageMessage[] = [
      { type: 'ready' },
      { type: 'command', command: 'checkNow' },
      { type: 'command', command: 'stopSending' },
      { type: 'command', command: 'stopWatching' },
      { type: 'copy', text: 'REQ-1' },
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
  ];
  for (const message of malformed) {
    it(`are not taken when malformed: ${JSON.stringify(message).slice(0, 60)}`, () => {
      assert.equal(isPageMessage(message), false);
    });
  }
});

describe('what a page left behind', () => {
  it('is taken with and without a scroll position, and not without an operation', () => {
    assert.ok(isPageMemory({ operationId: 'op-1' }));
    assert.ok(isPageMemory({ operationId: 'op-1', scrollTop: 20 }));
    for (const memory of [undefined, {}, { operationId: '' }, { operationId: 'a', scrollTop: 'x' }]) {
      assert.equal(isPageMemory(memory), false);
    }
  });
});
