import { strict as assert } from 'node:assert';
import { t } from '@vscode/l10n';
import {
  configureLocalization,
  listOf,
  numberInWords,
  plural,
  sentences,
} from '../../../src/core/kernel/localize';

const clientsSelected = (count: number) =>
  plural(count, { one: (n) => t('{0} client selected', n), other: (n) => t('{0} clients selected', n) });
const joined = (separator: string) => ({
  '{before} {next}/Joins two whole sentences. Drop the space where the language has none between sentences.': `{before}${separator}{next}`,
});

describe('texts', () => {
  afterEach(() => configureLocalization({ language: 'en', texts: {} }));

  it('are in English until a language is set', () => {
    assert.deepEqual([0, 1, 2, 1200].map(clientsSelected), [
      '0 clients selected',
      '1 client selected',
      '2 clients selected',
      '1,200 clients selected',
    ]);
    assert.equal(sentences('It failed.', 'Try again.'), 'It failed. Try again.');
  });

  it('take the plural form of the language', () => {
    configureLocalization({
      language: 'fr',
      texts: { '{0} client selected': '{0} sélectionné', '{0} clients selected': '{0} sélectionnés' },
    });
    assert.deepEqual([0, 1, 2].map(clientsSelected), ['0 sélectionné', '1 sélectionné', '2 sélectionnés']);
    configureLocalization({
      language: 'zh-cn',
      texts: { '{0} clients selected': '已选择 {0} 个客户端' },
    });
    assert.deepEqual([1, 2].map(clientsSelected), ['已选择 1 个客户端', '已选择 2 个客户端']);
  });

  it('list items the way the language does', () => {
    const items = ['a', 'b', 'c'];
    assert.deepEqual(
      [listOf(items), listOf(items, 'and'), listOf(items, 'or')],
      ['a, b, c', 'a, b, and c', 'a, b, or c'],
    );
    assert.deepEqual([listOf([]), listOf(['a'], 'and')], ['', 'a']);
    configureLocalization({ language: 'zh-cn', texts: {} });
    assert.deepEqual([listOf(items), listOf(items, 'and')], ['a、b、c', 'a、b和c']);
  });

  it('join sentences without what is empty, with the separator of the language', () => {
    assert.equal(sentences('One.', '', undefined, false, 'Two.', 'Three.'), 'One. Two. Three.');
    assert.equal(sentences(), '');
    configureLocalization({ language: 'zh-cn', texts: joined('') });
    assert.equal(sentences('一。', '二。'), '一。二。');
  });

  it('fall back to English where VS Code names no language', () => {
    configureLocalization({ language: '*', texts: {} });
    assert.equal(numberInWords(1234.5), '1,234.5');
    configureLocalization({ language: 'qps-ploc', texts: { 'Open it': '[Open it]' } });
    assert.equal(t('Open it'), '[Open it]');
    assert.equal(clientsSelected(1), '1 client selected');
  });
});
