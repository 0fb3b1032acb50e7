import { strict as assert } from 'node:assert';
import { jsonObjectIn } from '../../../src/credentials/json';
import { BrokenFile } from '../../../src/credentials/smallFile';

function brokenBecause(text: string): string {
  try {
    jsonObjectIn(text);
  } catch (error) {
    if (error instanceof BrokenFile) return error.sentence;
    throw error;
  }
  return assert.fail(`was read: ${text}`);
}

describe('the JSON object in a file', () => {
  it('is read behind a byte order mark', () => {
    assert.deepEqual(jsonObjectIn('\uFEFF{"a":[1]}'), { a: [1] });
  });

  it('is refused where it stops being JSON, with line and column, and nothing of it', () => {
    const broken: readonly (readonly [text: string, line: number, column: number])[] = [
      ['', 1, 1],
      ['{', 1, 2],
      ['{"a":1,}', 1, 8],
      ['{a:1}', 1, 2],
      ['{\n"a": 1,\n"b": x\n}', 3, 6],
      ['{"a":\r\n"SECRET" "x"}', 2, 10],
      ['{"a":1} // comment', 1, 9],
      ['{"a":"\\x"}', 1, 6],
    ];
    for (const [text, line, column] of broken) {
      assert.equal(brokenBecause(text), `It isn't valid JSON in line ${line}, column ${column}.`, text);
    }
  });

  it('has a place also where it is nested too deeply to look for one', () => {
    assert.match(brokenBecause('['.repeat(200_000)), /line 1, column \d+/);
  });

  it('is not a list, a text or null', () => {
    for (const text of ['[]', '"a"', 'null', '7']) {
      assert.equal(brokenBecause(text), "It doesn't contain a JSON object.", text);
    }
  });
});
