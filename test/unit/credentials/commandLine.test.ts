import { strict as assert } from 'node:assert';
import { splitProcessCommand } from '@alicloud/credentials/dist/src/utils/command';
import { BrokenCommandLine, splitCommandLine } from '../../../src/credentials/commandLine';

describe('a command line', () => {
  const posix = (line: string) => splitCommandLine(line, false);
  const windows = (line: string) => splitCommandLine(line, true);

  it('is split at blanks; quotes keep them, also around nothing', () => {
    assert.deepEqual(posix('  tool   --name\tx\n'), ['tool', '--name', 'x']);
    assert.deepEqual(posix(`"/opt/my tool" 'a b' "" c''d`), ['/opt/my tool', 'a b', '', 'cd']);
    assert.deepEqual(posix(`a"b c"'d e'f`), ['ab cd ef']);
  });

  it('follows POSIX in its escapes', () => {
    assert.deepEqual(posix(String.raw`a\ b \"c\" \\`), ['a b', '"c"', '\\']);
    assert.deepEqual(posix(String.raw`"\"\\\$\n" '\n'`), ['"\\$\\n', '\\n']);
    assert.deepEqual(posix('a\\\nb "c\\\nd"'), ['ab', 'cd']);
  });

  it('keeps backslashes on Windows, except before a double quote between double quotes', () => {
    assert.deepEqual(windows(String.raw`C:\tools\cred.exe "C:\My Files\x.ini" "a \"b\""`), [
      'C:\\tools\\cred.exe',
      'C:\\My Files\\x.ini',
      'a "b"',
    ]);
    assert.deepEqual(windows('a\\'), ['a\\']);
  });

  it('means nothing by the marks of a shell', () => {
    assert.deepEqual(posix('tool ; rm -rf $HOME | `x` && $(y) > z * ~'), [
      ...['tool', ';', 'rm', '-rf', '$HOME', '|', '`x`', '&&', '$(y)', '>', 'z', '*', '~'],
    ]);
    assert.deepEqual(posix(`tool $'a\\tb' $"c"`), ['tool', '$a\\tb', '$c']);
  });

  it('is broken with an open quote, a backslash at its end, or nothing to run', () => {
    for (const line of ['a "b', "a 'b", 'a\\', '', '   ', '""', `'' a`]) {
      assert.throws(() => posix(line), BrokenCommandLine, line);
    }
    assert.throws(() => windows('"C:\\x\\"'), BrokenCommandLine);
  });

  it('is split as the official package does, for every line of four pieces', () => {
    const pieces = ['a', ' ', '"', "'", '\\', '$', '\n', '`', ''];
    let compared = 0;
    const outcome = (split: () => readonly string[]): string => {
      try {
        return JSON.stringify(split());
      } catch {
        return 'broken';
      }
    };
    const visit = (line: string, left: number): void => {
      if (left > 0) for (const piece of pieces) visit(line + piece, left - 1);
      else {
        for (const onWindows of [false, true]) {
          const text = `x${line}y`;
          const theirs = outcome(() => splitProcessCommand(text, onWindows));
          assert.equal(
            outcome(() => splitCommandLine(text, onWindows)),
            theirs,
            JSON.stringify(text),
          );
          compared++;
        }
      }
    };
    visit('', 4);
    assert.equal(compared, 2 * pieces.length ** 4);
  });
});
