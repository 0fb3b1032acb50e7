import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { sameData } from '../../../src/core/kernel/sameData';

describe('data', () => {
  it('is the same where its text is', () => {
    const data = fc.jsonValue({ maxDepth: 3 });
    fc.assert(fc.property(data, (value) => sameData(value, JSON.parse(JSON.stringify(value)))));
    fc.assert(
      fc.property(data, data, (a, b) => {
        const text = (value: unknown) =>
          JSON.stringify(value, (_, field: unknown) =>
            typeof field === 'object' && field !== null && !Array.isArray(field)
              ? Object.fromEntries(Object.entries(field).sort(([one], [other]) => (one < other ? -1 : 1)))
              : field,
          );
        assert.equal(sameData(a, b), text(a) === text(b));
      }),
    );
  });

  it('differs by a field more, a field less, and an element', () => {
    assert.ok(!sameData({ a: 1 }, { a: 1, b: 2 }));
    assert.ok(!sameData({ a: 1, b: undefined }, { a: 1 }));
    assert.ok(!sameData([1, 2], [1, 3]));
    assert.ok(!sameData([], {}));
    assert.ok(!sameData(null, {}));
  });
});
