import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import {
  readClusterId,
  readFilteredInstances,
  readTags,
  writeTags,
} from '../../../src/core/profiles/view/pinFilterText';

describe('the tags of a filter as text', () => {
  const tagsIn = (text: string) => {
    const read = readTags(text);
    return read.problem === undefined ? read.value.map(({ key, value }) => [key, value]) : read.problem;
  };

  it('are keys and values between commas or line breaks; a key alone means any value', () => {
    assert.deepEqual(tagsIn(' env=prod,team = shop\nowner，zone='), [
      ['env', 'prod'],
      ['team', 'shop'],
      ['owner', ''],
      ['zone', ''],
    ]);
    assert.deepEqual(tagsIn(' , '), []);
    assert.deepEqual(tagsIn('sum=a=b'), [['sum', 'a=b']]);
    assert.deepEqual(tagsIn('环境=生产 & 测试'), [['环境', '生产 & 测试']]);
  });

  it('keep a comma in quotes', () => {
    assert.deepEqual(tagsIn('"note=a, b", say="he said ""hi"""'), [
      ['note', 'a, b'],
      ['say', 'he said "hi"'],
    ]);
  });

  it('keep a full-width comma of a tag, which would make the list wider where it separates', () => {
    const tags = [{ key: 'note', value: '运维，值班' }];
    assert.deepEqual(readTags(writeTags(tags)), { value: tags });
  });

  it('are read as they were written', () => {
    const part = fc
      .string({ minLength: 1, maxLength: 20 })
      .map((text) => text.replace(/[=\n，]/gu, '').trim());
    const tag = fc.record({ key: part.filter(Boolean), value: part });
    fc.assert(
      fc.property(fc.uniqueArray(tag, { maxLength: 20, selector: ({ key }) => key }), (tags) => {
        assert.deepEqual(
          tagsIn(writeTags(tags)),
          tags.map(({ key, value }) => [key, value]),
        );
      }),
    );
  });

  it('say what is wrong with them', () => {
    const problem = (text: string) => readTags(text).problem;
    assert.equal(problem('=prod'), 'Enter a key before “=”, such as env=prod.');
    assert.equal(problem('env=a, env=b'), 'Enter the key env only once.');
    const many = (count: number) => Array.from({ length: count }, (_, n) => `k${n}`).join();
    assert.equal(problem(many(20)), undefined);
    assert.equal(problem(many(21)), 'Enter at most 20 tags.');
    assert.equal(problem('k'.repeat(129)), 'The keys and values of tags have at most 128 characters.');
  });
});

describe('the instances and the cluster of a filter as text', () => {
  it('are IDs, whatever is between them, at most 100', () => {
    const ids = Array.from({ length: 101 }, (_, n) => `i-bp1a${n}`);
    assert.deepEqual(readFilteredInstances('I-BP1A;i-bp1b\ni-bp1a'), { value: ['i-bp1a', 'i-bp1b'] });
    assert.deepEqual(readFilteredInstances(ids.slice(1).join()), { value: ids.slice(1) });
    assert.equal(
      readFilteredInstances(ids.join()).problem,
      'Cloud Backup takes at most 100 instances. You entered 101.',
    );
    assert.equal(readFilteredInstances('i-bp1a web-01').problem, "web-01 isn't an instance ID.");
    assert.deepEqual(readFilteredInstances(' '), { value: [] });
  });

  it('are the ID of one cluster', () => {
    assert.deepEqual(readClusterId(' cl-000abc '), { value: 'cl-000abc' });
    assert.deepEqual(readClusterId(''), { value: '' });
    assert.equal(readClusterId('000abc').problem, 'Enter a cluster ID, such as cl-000….');
  });
});
