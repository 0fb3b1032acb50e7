import { strict as assert } from 'node:assert';
import type { ChartRow } from '../../../src/protocol/overview';
import { placeBars, placeColumns } from '../../../src/webview/overview/layout';
import { nextMark, reachedMark } from '../../../src/webview/overview/markKeys';

describe('the marks of a chart', () => {
  const rows = [aRow('a', { red: 1, green: 9 }), aRow('empty', {}), aRow('b', { green: 5 })];

  it('are as long as their numbers, and fill the room in the longest row', () => {
    const placed = placeBars([aRow('a', { red: 100, green: 100 }), aRow('b', { green: 50 })], 404);
    const ends = placed.get('a')?.map(({ from, length }) => [from, length]);
    assert.deepEqual(ends, [
      [0, 199],
      [200, 199],
    ]);
    assert.equal(placed.get('b')?.[0]?.length, 99);
  });

  it('are never too short to be hit, and never leave the room', () => {
    const placed = placeBars([aRow('a', { red: 1, yellow: 1, green: 10_000 })], 300).get('a') ?? [];
    assert.ok(placed.every(({ length }) => length >= 3));
    const last = placed.at(-1);
    assert.ok(last && last.from + last.length <= 300);
  });

  it('stand in columns on a scale that ends at a round number', () => {
    const { ticks, marks } = placeColumns({ rows: [aRow('a', { red: 9 })] }, { width: 100, height: 100 });
    assert.deepEqual(ticks.at(-1), { value: 10, y: 0 });
    assert.ok(ticks.every(({ value }) => Number.isInteger(value)));
    assert.equal(marks.get('a')?.[0]?.length, 89);
  });

  it('are reached by arrow keys as they are drawn, past rows without marks', () => {
    const red = { row: 'a', series: 'red' };
    const green = { row: 'a', series: 'green' };
    assert.deepEqual(nextMark(rows, red, 'ArrowRight', false), green);
    assert.equal(nextMark(rows, red, 'ArrowLeft', false), undefined);
    assert.deepEqual(nextMark(rows, green, 'ArrowDown', false), { row: 'b', series: 'green' });
    assert.deepEqual(nextMark(rows, red, 'ArrowDown', false), { row: 'b', series: 'green' });
    assert.deepEqual(nextMark(rows, red, 'End', false), { row: 'b', series: 'green' });
    assert.deepEqual(nextMark(rows, { row: 'b', series: 'green' }, 'Home', false), red);
    assert.deepEqual(nextMark(rows, red, 'ArrowUp', true), green);
    assert.deepEqual(nextMark(rows, green, 'ArrowRight', true), { row: 'b', series: 'green' });
    assert.equal(nextMark(rows, red, 'x', false), undefined);
  });

  it('keep the Tab key on the last one as long as it is there', () => {
    const chart = { rows };
    assert.deepEqual(reachedMark(chart, undefined), { row: 'a', series: 'red' });
    assert.deepEqual(reachedMark(chart, { row: 'b', series: 'green' }), { row: 'b', series: 'green' });
    assert.deepEqual(reachedMark(chart, { row: 'b', series: 'red' }), { row: 'a', series: 'red' });
    assert.equal(reachedMark({ rows: [] }, undefined), undefined);
  });
});

function aRow(id: string, counts: Readonly<Record<string, number>>): ChartRow {
  const marks = Object.entries(counts).map(([series, count]) => ({
    series,
    count,
    countText: String(count),
    sentence: `${id}, ${series}: ${count}`,
  }));
  const count = marks.reduce((sum, mark) => sum + mark.count, 0);
  return { id, label: id, note: '', count, countText: String(count), marks };
}
