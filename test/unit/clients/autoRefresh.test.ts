import { strict as assert } from 'node:assert';
import { autoRefreshMinutesOf, startAutoRefresh } from '../../../src/core/clients/autoRefresh';
import type { Listing } from '../../../src/core/clients/listing';
import type { Disposable } from '../../../src/core/kernel/disposables';
import { Emitter } from '../../../src/core/kernel/events';
import { BackupError } from '../../../src/core/service/errors';
import { createHandClock, type HandClock } from '../../support/handClock';

const minute = 60_000;

describe('the auto refresh', () => {
  let clock: HandClock;
  let running: Disposable;
  /** When it refreshed, in minutes. */
  let refreshed: number[];
  let listing: () => Promise<void>;
  let throttled: boolean;
  const minutes = { current: 10, changes: new Emitter<void>() };
  const looking = { current: true, changes: new Emitter<void>() };

  function set(next: number): void {
    minutes.current = next;
    minutes.changes.fire();
  }

  function look(present: boolean): void {
    looking.current = present;
    looking.changes.fire();
  }

  beforeEach(() => {
    clock = createHandClock();
    refreshed = [];
    listing = () => Promise.resolve();
    throttled = false;
    minutes.current = 10;
    looking.current = true;
    running = startAutoRefresh({
      session: {
        get listings() {
          const error = throttled ? new BackupError('throttled', 'too many') : undefined;
          return [{ inventory: { state: { error } } } as unknown as Listing];
        },
        refresh: () => {
          refreshed.push(clock.monotonic() / minute);
          return listing();
        },
      },
      minutes: {
        get current() {
          return minutes.current;
        },
        onDidChange: minutes.changes.event,
      },
      looking: {
        get current() {
          return looking.current;
        },
        onDidChange: looking.changes.event,
      },
      clock,
      log: { write: () => undefined },
    });
  });
  afterEach(() => running.dispose());

  it('lists again every so many minutes', async () => {
    await clock.advance(35 * minute);
    assert.deepEqual(refreshed, [10, 20, 30]);
  });

  it('is off at 0, and follows the setting', async () => {
    set(0);
    await clock.advance(100 * minute);
    assert.deepEqual(refreshed, []);
    set(5);
    await clock.advance(5 * minute);
    assert.deepEqual(refreshed, [100, 105]);
  });

  it('pauses while nobody can see the list, and does what came due when somebody returns', async () => {
    look(false);
    await clock.advance(45 * minute);
    assert.deepEqual(refreshed, []);
    assert.deepEqual(clock.dueTimes(), []);
    look(true);
    await clock.advance(0);
    assert.deepEqual(refreshed, [45]);
    await clock.advance(5 * minute);
    look(false);
    look(true);
    await clock.advance(4 * minute);
    assert.deepEqual(refreshed, [45], 'a short look elsewhere makes it neither earlier nor later');
    await clock.advance(minute);
    assert.deepEqual(refreshed, [45, 55]);
  });

  it('waits twice as long each time the service throttles, up to an hour, then as before', async () => {
    throttled = true;
    await clock.advance(180 * minute);
    assert.deepEqual(refreshed, [10, 30, 70, 130]);
    throttled = false;
    await clock.advance(30 * minute);
    assert.deepEqual(refreshed.slice(4), [190, 200, 210]);
  });

  it('has one refresh in flight, and counts from its end', async () => {
    let end = (): void => undefined;
    listing = () => new Promise((resolve) => (end = resolve));
    await clock.advance(25 * minute);
    look(false);
    look(true);
    set(5);
    await clock.advance(10 * minute);
    assert.deepEqual(refreshed, [10]);
    end();
    await clock.advance(5 * minute);
    assert.deepEqual(refreshed, [10, 40]);
  });

  it('does nothing any more once it is disposed, also in the middle of a refresh', async () => {
    let end = (): void => undefined;
    listing = () => new Promise((resolve) => (end = resolve));
    await clock.advance(10 * minute);
    running.dispose();
    end();
    await clock.advance(60 * minute);
    assert.deepEqual(refreshed, [10]);
    assert.deepEqual(clock.dueTimes(), []);
  });
});

describe('the setting for auto refresh', () => {
  it('is off unless it is a number above 0, and never below 5 minutes', () => {
    assert.deepEqual([0, -1, undefined, null, '10', NaN].map(autoRefreshMinutesOf), [0, 0, 0, 0, 0, 0]);
    assert.deepEqual([1, 4.9, 5, 90].map(autoRefreshMinutesOf), [5, 5, 5, 90]);
  });

  it('is a week at most, since a timer that is set for months goes off at once', () => {
    assert.deepEqual([10_080, 40_000, 1e300].map(autoRefreshMinutesOf), [10_080, 10_080, 10_080]);
  });
});
