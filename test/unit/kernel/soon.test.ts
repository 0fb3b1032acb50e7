import { strict as assert } from 'node:assert';
import { Soon } from '../../../src/core/kernel/soon';
import { createHandClock } from '../../support/handClock';
import { createKeptLog } from '../../support/operationBuilders';

function world() {
  const clock = createHandClock();
  const log = createKeptLog();
  const done: number[] = [];
  const soon = new Soon({ clock, log }, 100, () => done.push(clock.monotonic()));
  return { clock, log, done, soon };
}

describe('what is done soon', () => {
  it('is done once for all requests within the moment, also where they never pause', async () => {
    const { clock, done, soon } = world();
    for (let n = 0; n < 25; n++) {
      soon.request();
      await clock.advance(10);
    }
    assert.deepEqual(done, [100, 200]);
  });

  it('is done at once where somebody looks, and then not again', async () => {
    const { clock, done, soon } = world();
    soon.doNow();
    assert.deepEqual(done, []);
    soon.request();
    soon.doNow();
    await clock.advance(200);
    assert.deepEqual(done, [0]);
  });

  it('is not done after the end, and says in the log why it failed', async () => {
    const { clock, log, done, soon } = world();
    soon.request();
    soon.dispose();
    await clock.advance(200);
    assert.deepEqual([done, log.lines], [[], []]);
    const failing = new Soon({ clock, log }, 100, () => {
      throw new Error('no view');
    });
    failing.request();
    await clock.advance(100);
    assert.equal(log.lines.length, 1);
  });
});
