import { strict as assert } from 'node:assert';
import { readableMarkdown } from '../../../src/core/kernel/markdownText';

describe('a text in a Markdown file', () => {
  const texts: readonly (readonly [string, string])[] = [
    // Stays as it is, for readers of the file itself.
    ['i-bp1abc', 'i-bp1abc'],
    ['2.10.0 → 2.13.2', '2.10.0 → 2.13.2'],
    ['web_01 (a: b), c!', 'web_01 (a: b), c!'],
    ['12:06:30', '12:06:30'],
    ['REQ-1 #4', 'REQ-1 #4'],
    // Would be markup.
    ['[a](b)', '\\[a](b)'],
    ['![a](b)', '!\\[a](b)'],
    ['*a* `b` ~c~', '\\*a\\* \\`b\\` \\~c\\~'],
    ['__init__ _x_', '\\_\\_init\\_\\_ \\_x\\_'],
    ['a|b', 'a\\|b'],
    ['<img src=x>', '\\<img src=x>'],
    ['a\\b', 'a\\\\b'],
    ['&lt;', '\\&lt;'],
    ['AT&T', 'AT&T'],
    ['- a', '\\- a'],
    ['# a', '\\# a'],
    ['> a', '\\> a'],
    ['1. a', '1\\. a'],
    ['a\r\n# b', 'a # b'],
    // Would be a link, a mention, or an emoji.
    ['https://evil.example', 'https\\://evil.example'],
    ['www.evil.example', 'www\\.evil.example'],
    ['me@evil.example', 'me\\@evil.example'],
    [':smile:', '\\:smile:'],
  ];
  for (const [text, expected] of texts) {
    it(`shows ${JSON.stringify(text)} literally`, () => {
      assert.equal(readableMarkdown(text), expected);
    });
  }
});
