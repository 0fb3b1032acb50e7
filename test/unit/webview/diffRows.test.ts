import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { diffRows } from '../../../src/webview/diffRows';

interface Row {
  readonly key: string;
  readonly text: string;
}

const rowsOf = (text: string): readonly Row[] =>
  Array.from(text, (letter) => ({ key: letter.toLowerCase(), text: letter }));
const mapOf = (rows: readonly Row[]): ReadonlyMap<string, Row> => new Map(rows.map((row) => [row.key, row]));
const diff = (before: string, after: string) => {
  const { added, changed, removed, reordered } = diffRows(mapOf(rowsOf(before)), rowsOf(after));
  return {
    added: added.map(({ text }) => text).join(''),
    changed: changed.map(({ text }) => text).join(''),
    removed: removed.join(''),
    reordered,
  };
};

describe('rows of the page', () => {
  it('are not touched when nothing changed', () => {
    assert.deepEqual(diff('abc', 'abc'), { added: '', changed: '', removed: '', reordered: false });
  });

  it('that changed are the only ones drawn again', () => {
    assert.deepEqual(diff('abc', 'aBc'), { added: '', changed: 'B', removed: '', reordered: false });
  });

  it('that are new at the end leave the others in place', () => {
    assert.deepEqual(diff('ab', 'abcd'), { added: 'cd', changed: '', removed: '', reordered: false });
  });

  it('that are gone leave the others in place', () => {
    assert.deepEqual(diff('abcd', 'ad'), { added: '', changed: '', removed: 'bc', reordered: false });
  });

  it('are put in order when one is new in front or two changed places', () => {
    assert.equal(diff('bc', 'abc').reordered, true);
    assert.equal(diff('abc', 'acb').reordered, true);
  });

  it('end up as the list says, whatever it was before', () => {
    const list = fc.uniqueArray(fc.constantFrom(...Array.from('abcdefgABCDEFG')), {
      selector: (one) => one.toLowerCase(),
    });
    fc.assert(
      fc.property(list, list, (before, after) => {
        const drawn = new Map(rowsOf(before.join('')).map((row) => [row.key, row]));
        const wanted = rowsOf(after.join(''));
        const { added, changed, removed, reordered } = diffRows(drawn, wanted);
        for (const key of removed) drawn.delete(key);
        for (const row of [...changed, ...added]) drawn.set(row.key, row);
        const order = reordered ? wanted.map(({ key }) => key) : [...drawn.keys()];
        assert.deepEqual(
          order.map((key) => drawn.get(key)),
          wanted,
        );
      }),
    );
  });
});
