import { strict as assert } from 'node:assert';
import { parse } from 'ini';
import { BrokenIni, parseIni, type IniProblem } from '../../../src/credentials/sdkIni';

const read = (text: string): Record<string, Record<string, string>> =>
  Object.fromEntries([...parseIni(text)].map(([name, values]) => [name, Object.fromEntries(values)]));

const problemOf = (text: string): IniProblem => {
  try {
    parseIni(text);
  } catch (error) {
    if (error instanceof BrokenIni) return error.problem;
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
    // What the library alone would make of it: a section that is none.
    assert.equal(parse(text)['default'], undefined);
  });

  for (const secret of ['a;b', 'a#b', 'a=b==', 'a;#=;b', 'a\\;b', 'x\\y\\\\z', '"quoted', "it's", 'a"b"c']) {
    it(`keeps the value ${secret} whole, bare and in quotes`, () => {
      assert.equal(read(`[s]\nk = ${secret}`)['s']?.['k'], secret);
      assert.equal(read(`[s]\nk=${secret} # comment`)['s']?.['k'], secret);
      assert.equal(read(`[s]\nk = "${secret}" ; comment`)['s']?.['k'], secret);
      assert.equal(read(`[s]\nk = '${secret}'`)['s']?.['k'], secret);
    });
  }

  it('takes values literally that the library would turn into something else', () => {
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
    assert.deepEqual(Object.keys(sections).sort(), ['a.__proto__', 'constructor']);
    assert.equal(Reflect.get({}, 'x'), undefined);
  });

  it('leaves out lists, which no key is', () => {
    assert.deepEqual(read('[s]\nk[] = 1\nk[] = 2\na = 1'), { s: { a: '1' } });
  });

  it('starts behind a byte order mark', () => {
    assert.deepEqual(read('\uFEFF[s]\nk = v'), { s: { k: 'v' } });
  });

  const broken: readonly (readonly [string, string, IniProblem])[] = [
    ['a section without an end', '[default\ntype = x', { line: 1, kind: 'section-not-closed' }],
    ['words behind a section', '\n[default] x', { line: 2, kind: 'section-not-closed' }],
    ['a section without a name', '[ ]\n', { line: 1, kind: 'section-not-closed' }],
    ['a value before the first section', '# c\n\ntype = x', { line: 3, kind: 'before-first-section' }],
    ['a line without a value', '[s]\r\nk = v\r\nsomething', { line: 3, kind: 'not-a-setting' }],
    ['a colon instead of =', '[s]\rk: v', { line: 2, kind: 'not-a-setting' }],
    ['a value without a name', '[s]\n= v', { line: 2, kind: 'not-a-setting' }],
  ];
  for (const [what, text, problem] of broken) {
    it(`is broken by ${what}, which is found with its line`, () => {
      assert.deepEqual(problemOf(text), problem);
    });
  }

  it('says nothing of its content when it is broken', () => {
    assert.throws(
      () => parseIni('[s]\nsecret-of-mine'),
      (error: Error) => !error.message.includes('mine'),
    );
  });
});
