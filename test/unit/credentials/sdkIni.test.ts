import { strict as assert } from 'node:assert';
import { parseIni } from '../../../src/credentials/sdkIni';
import { BrokenFile } from '../../../src/credentials/smallFile';

const read = (text: string): Record<string, Record<string, string>> =>
  Object.fromEntries([...parseIni(text)].map(([name, values]) => [name, Object.fromEntries(values)]));

const problemOf = (text: string): string => {
  try {
    parseIni(text);
  } catch (error) {
    if (error instanceof BrokenFile) return error.sentence;
    throw error;
  }
  return assert.fail('was read');
};

describe('an INI file', () => {
  it('is read as the documented example has it, with comments behind sections and values', () => {
    const text = [
      '[default]                  # default setting',
      'enable = true              # on unless said otherwise',
      'type = access_key          ; kind',
      'access_key_id=LTAIfoo',
      '  access_key_secret = bar  ',
      '',
      '; a comment',
      '# another',
      '[ client1 ]',
      'type = ecs_ram_role',
    ].join('\r\n');
    assert.deepEqual(read(text), {
      default: {
        enable: 'true',
        type: 'access_key',
        access_key_id: 'LTAIfoo',
        access_key_secret: 'bar',
      },
      client1: { type: 'ecs_ram_role' },
    });
  });

  for (const secret of ['a;b', 'a#b', 'a=b==', 'a;#=;b', 'a\\;b', 'x\\y\\\\z', '"quoted', "it's", 'a"b"c']) {
    it(`keeps the value ${secret} whole, bare and in quotes`, () => {
      assert.equal(read(`[s]\nk = ${secret}`)['s']?.['k'], secret);
      assert.equal(read(`[s]\nk=${secret} # comment`)['s']?.['k'], secret);
      assert.equal(read(`[s]\nk = "${secret}" ; comment`)['s']?.['k'], secret);
      assert.equal(read(`[s]\nk = '${secret}'`)['s']?.['k'], secret);
    });
  }

  it('takes values literally that others would read as JSON', () => {
    const text =
      '[s]\na = true\nb = null\nc = \'123456789012345678901\'\nd = \'{"x":1}\'\ne = "C:\\temp\\new"\nf=';
    assert.deepEqual(read(text)['s'], {
      a: 'true',
      b: 'null',
      c: '123456789012345678901',
      d: '{"x":1}',
      e: 'C:\\temp\\new',
      f: '',
    });
  });

  it('tells a section with a dot from the part of another one', () => {
    assert.deepEqual(read('[prod]\neu = 1\n[prod.eu]\ntype = sts\n[a.b.c]\nx = 1'), {
      prod: { eu: '1' },
      'prod.eu': { type: 'sts' },
      'a.b.c': { x: '1' },
    });
  });

  it('puts the parts of a section together, and lets the later value count', () => {
    assert.deepEqual(read('[s]\na = 1\nb = 1\n[t]\nc = 1\n[s]\na = 2'), {
      s: { a: '2', b: '1' },
      t: { c: '1' },
    });
  });

  it('never reaches the prototype of anything', () => {
    const sections = read(
      '[__proto__]\nx = 1\n[a.__proto__]\nx = 1\n[constructor]\nprototype = 1\n__proto__ = 2',
    );
    assert.deepEqual(Object.keys(sections).sort(), ['__proto__', 'a.__proto__', 'constructor']);
    assert.deepEqual(Object.keys(sections['constructor'] ?? {}), ['prototype', '__proto__']);
    assert.equal(Reflect.get({}, 'x'), undefined);
  });

  it('leaves out lists, which no key is', () => {
    assert.deepEqual(read('[s]\nk[] = 1\nk[] = 2\na = 1'), { s: { a: '1' } });
  });

  it('starts behind a byte order mark', () => {
    assert.deepEqual(read('\uFEFF[s]\nk = v'), { s: { k: 'v' } });
  });

  it('is broken by a line that is none of section, setting and comment, which is named', () => {
    const header = (line: number) => `Line ${line} isn't a valid section header such as [default].`;
    const setting = (line: number) =>
      `Line ${line} is neither a section header nor a name with “=” and a value.`;
    const broken: readonly (readonly [text: string, sentence: string])[] = [
      ['[default\ntype = x', header(1)],
      ['\n[default] x', header(2)],
      ['[ ]\n', header(1)],
      ['# c\n\ntype = x', 'Line 3 comes before the first section.'],
      ['[s]\r\nk = v\r\nsomething', setting(3)],
      ['[s]\rk: v', setting(2)],
      ['[s]\n= v', setting(2)],
    ];
    for (const [text, sentence] of broken) assert.equal(problemOf(text), sentence, text);
  });

  it('says nothing of its content when it is broken', () => {
    assert.throws(
      () => parseIni('[s]\nsecret-of-mine'),
      (error: Error) => !error.message.includes('mine'),
    );
  });
});
