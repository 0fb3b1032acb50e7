import { strict as assert } from 'node:assert';
import { CallBudget, callsAtOnce, callsPerSecond } from '../../../src/core/operations/callBudget';
import { windowWithDueTasks } from '../../support/dueTasks';
import { createHandClock } from '../../support/handClock';

const second = 1000;
const never = { signal: new AbortController().signal };

describe('the budget of calls', () => {
  const account = { accountId: '1' };

  function lane() {
    const clock = createHandClock();
    const budget = new CallBudget(clock);
    const turns: string[] = [];
    const start = clock.monotonic();
    const ask = (name: string, { at = account, scale = 1, waiting = never } = {}): Promise<void> =>
      budget.turn(at, scale, waiting).then(
        () => void turns.push(`${name} at ${clock.monotonic() - start}`),
        () => void turns.push(`${name} left`),
      );
    return { clock, turns, ask };
  }

  it('lets a few calls go at once, and spreads the others evenly in the order in which they came', async () => {
    const { clock, turns, ask } = lane();
    for (let n = 1; n <= 8; n++) void ask(String(n));
    await clock.advance(second);
    assert.deepEqual(turns, [
      ...['1 at 0', '2 at 0', '3 at 0', '4 at 0', '5 at 0'],
      ...['6 at 100', '7 at 200', '8 at 300'],
    ]);
  });

  it('is one for each account, and goes faster where time does', async () => {
    const { clock, turns, ask } = lane();
    for (let n = 1; n <= 6; n++) void ask(`one ${n}`, { scale: 10 });
    for (let n = 1; n <= 6; n++) void ask(`other ${n}`, { at: { accountId: '2' } });
    await clock.advance(second);
    assert.deepEqual(
      turns.filter((turn) => turn.includes('6')),
      ['one 6 at 10', 'other 6 at 100'],
    );
  });

  it('gives the turn of who leaves to the next one', async () => {
    const { clock, turns, ask } = lane();
    for (let n = 1; n <= 5; n++) void ask(String(n));
    const leaving = new AbortController();
    void ask('leaving', { waiting: leaving });
    void ask('next');
    await clock.advance(50);
    leaving.abort();
    await clock.advance(50);
    assert.deepEqual(turns.slice(5), ['leaving left', 'next at 100']);
    assert.deepEqual(clock.dueTimes(), []);
  });
});

describe('a window that follows hundreds of tasks from the records', () => {
  const count = 400;

  it('queries each at most every 30 s, all of them evenly spread and within the budget', async () => {
    const { clock, service, operations } = windowWithDueTasks(count);
    const queriedAt = new Map<string, number[]>();
    service.onPoll = (taskId) => {
      queriedAt.set(taskId, [...(queriedAt.get(taskId) ?? []), clock.monotonic()]);
      return {};
    };
    await operations.resume();
    const perSecond: number[] = [];
    for (let passed = 0; passed < 120; passed++) {
      const before = service.polls.length;
      await clock.advance(second);
      perSecond.push(service.polls.length - before);
    }
    assert.ok(
      Math.max(...perSecond) <= callsPerSecond + callsAtOnce,
      `${Math.max(...perSecond)} in a second`,
    );
    assert.ok(Math.min(...perSecond) >= callsPerSecond - 1, `${Math.min(...perSecond)} in a second`);
    assert.equal(queriedAt.size, count);
    for (const times of queriedAt.values()) {
      assert.ok(times.length >= 2);
      assert.ok(times.every((time, n) => n === 0 || time - (times[n - 1] ?? 0) >= 30 * second));
    }
    operations.dispose();
  });

  it('asks nothing more about those that have ended, and waits for nothing once all have', async () => {
    const { clock, service, operations } = windowWithDueTasks(count);
    service.onPoll = () => ({ state: 'completed', progress: 100 });
    await operations.resume();
    service.clients.clear();
    await clock.advance(2 * 60 * second);
    assert.equal(operations.get('op-1')?.phase, 'ended');
    assert.equal(service.polls.length, count);
    assert.equal(service.reads.length, count);
    assert.deepEqual(clock.dueTimes(), []);
    operations.dispose();
  });
});
