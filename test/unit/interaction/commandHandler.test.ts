import { strict as assert } from 'node:assert';
import { unlessRowsAreLost } from '../../../src/core/interaction/commandHandler';

describe('a command in the menus of rows', () => {
  const row = { id: 'cn-hangzhou/i-1' };
  const other = { id: 'cn-hangzhou/i-2' };

  const runWith = (...args: unknown[]): { ran: unknown[][]; told: number } => {
    const done: { ran: unknown[][]; told: number } = { ran: [], told: 0 };
    const command = unlessRowsAreLost(
      (...given) => done.ran.push(given),
      () => (done.told += 1),
    );
    command(...args);
    return done;
  };

  it('gets the row and the selected rows of a menu', () => {
    assert.deepEqual(runWith(row, undefined), { ran: [[row, undefined]], told: 0 });
    assert.deepEqual(runWith(row, [row, other]), { ran: [[row, [row, other]]], told: 0 });
  });

  it('is told of and not run when VS Code lost its row, which would mean all rows', () => {
    for (const nothing of [undefined, null]) {
      assert.deepEqual(runWith(nothing, undefined), { ran: [], told: 1 });
      assert.deepEqual(runWith(nothing, null), { ran: [], told: 1 });
    }
  });

  it('is told of and not run when one of the selected rows was lost, which would change fewer than agreed', () => {
    assert.deepEqual(runWith(row, [row, undefined]), { ran: [], told: 1 });
    assert.deepEqual(runWith(undefined, [undefined, other]), { ran: [], told: 1 });
  });

  it('runs without a row from the palette and by a key', () => {
    assert.deepEqual(runWith(), { ran: [[]], told: 0 });
    assert.deepEqual(runWith(undefined), { ran: [[undefined]], told: 0 });
  });
});
