import { strict as assert } from 'node:assert';
import { Emitter } from '../../../src/core/kernel/events';

describe('an emitter', () => {
  it('calls listeners in the order of subscription, until each is disposed', () => {
    const emitter = new Emitter<number>();
    const heard: string[] = [];
    const first = emitter.event((value) => heard.push(`first ${value}`));
    emitter.event((value) => heard.push(`second ${value}`));
    emitter.fire(1);
    first.dispose();
    first.dispose();
    emitter.fire(2);
    assert.deepEqual(heard, ['first 1', 'second 1', 'second 2']);
  });

  it('keeps two subscriptions of one function apart', () => {
    const emitter = new Emitter<void>();
    let calls = 0;
    const listener = () => calls++;
    emitter.event(listener);
    emitter.event(listener).dispose();
    emitter.fire();
    assert.equal(calls, 1);
  });

  it('lets the others hear although one throws, and throws the first error afterwards', () => {
    const emitter = new Emitter<void>();
    const heard: string[] = [];
    emitter.event(() => {
      throw new Error('first');
    });
    emitter.event(() => {
      throw new Error('second');
    });
    emitter.event(() => heard.push('third'));
    assert.throws(() => emitter.fire(), /first/);
    assert.deepEqual(heard, ['third']);
  });

  it('does not call a listener that another one unsubscribed before its turn', () => {
    const emitter = new Emitter<void>();
    let called = false;
    emitter.event(() => second.dispose());
    const second = emitter.event(() => (called = true));
    emitter.fire();
    assert.equal(called, false);
  });

  it('calls nobody after it was disposed', () => {
    const emitter = new Emitter<void>();
    emitter.event(() => assert.fail('called'));
    emitter.dispose();
    emitter.fire();
  });
});
