import { strict as assert } from 'node:assert';
import { readInstanceIds } from '../../../src/core/service/instanceIds';

describe('pasted instance ids', () => {
  const ids = ['i-bp1aaaaaaaaaaaaaaaaa', 'i-2zebbbbbbbbbbbbbbbbb', 'i-wz9ccccccccccccccccc'];

  it('may stand in any separators', () => {
    for (const text of [
      ids.join('\n'),
      ids.join('\r\n'),
      ids.join(', '),
      ids.join(';'),
      ids.join('\t'),
      ids.join(' | '),
      JSON.stringify(ids),
      `(${ids.join("' '")})`,
      ids.join('，'),
      `  ${ids.join('   ')}  `,
    ]) {
      assert.deepEqual(readInstanceIds(text), { ids, malformed: [] }, text);
    }
  });

  it('may run together, as an input box makes of lines', () => {
    assert.deepEqual(readInstanceIds(ids.join('')).ids, ids);
    assert.deepEqual(readInstanceIds('i-abcii-def').ids, ['i-abci', 'i-def']);
  });

  it('are found in upper case too', () => {
    assert.deepEqual(readInstanceIds('I-BP1AAA').ids, ['i-bp1aaa']);
  });

  it('are told from what is none, each named as it was pasted', () => {
    const { malformed, ids: found } = readInstanceIds(
      'web-1 c-000abc i- i-bp1_x eci-bp1abc i-bp1abc Fooi-bp1abc',
    );
    assert.deepEqual(malformed, ['web-1', 'c-000abc', 'i-', 'i-bp1_x', 'eci-bp1abc', 'Fooi-bp1abc']);
    assert.deepEqual(found, ['i-bp1abc']);
  });

  it('count once', () => {
    assert.deepEqual(readInstanceIds('i-aaa i-bbb i-aaa I-AAA'), {
      ids: ['i-aaa', 'i-bbb'],
      malformed: [],
    });
  });

  it('may be thousands', () => {
    const many = Array.from({ length: 5000 }, (_, n) => `i-bp1${String(n).padStart(17, '0')}`);
    assert.equal(readInstanceIds(many.join('\n')).ids.length, 5000);
    assert.equal(readInstanceIds(many.join('')).ids.length, 5000);
    assert.deepEqual(readInstanceIds(''), { ids: [], malformed: [] });
  });
});
