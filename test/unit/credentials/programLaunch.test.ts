import { strict as assert } from 'node:assert';
import { launchOf, type LaunchPlace } from '../../../src/credentials/programLaunch';

const files = new Set([
  'C:\\npm\\acs-sso.cmd',
  'C:\\tools\\get key.bat',
  'C:\\tools\\both.exe',
  'C:\\tools\\both.cmd',
  'C:\\Users\\me\\own.cmd',
  'C:\\100%\\odd.cmd',
]);
const windows: LaunchPlace = {
  platform: 'win32',
  env: { SystemRoot: 'C:\\Windows', PATH: 'C:\\npm;C:\\tools;C:\\100%' },
  folder: 'C:\\Users\\me',
  exists: (path) => files.has(path),
};
const prompt = 'C:\\Windows\\System32\\cmd.exe';
const batch = (line: string) => ({
  file: prompt,
  args: ['/d', '/v:off', '/s', '/c', `"${line}"`],
  verbatim: true,
});

describe('starting a program', () => {
  it('starts a batch file through the command prompt of Windows, by its full path', () => {
    for (const [argv, line] of [
      [['acs-sso.cmd', 'login'], '"C:\\npm\\acs-sso.cmd" "login"'],
      [['acs-sso', 'login', '--profile', 'my work'], '"C:\\npm\\acs-sso.cmd" "login" "--profile" "my work"'],
      [['C:\\tools\\get key.bat', 'a=b', 'x@y.z', ''], '"C:\\tools\\get key.bat" "a=b" "x@y.z" ""'],
      [['.\\own', '/q'], '"C:\\Users\\me\\own.cmd" "/q"'],
    ] as const) {
      assert.deepEqual(launchOf(argv, windows), batch(line));
    }
  });

  it('starts no batch file with arguments that the prompt would read as more than text', () => {
    for (const arg of [
      'a&b',
      '%PATH%',
      'a"b',
      'a^b',
      '!x!',
      'a|b',
      '>x',
      '$(x)',
      'a\nb',
      'a;b',
      'ü',
      'end\\',
    ]) {
      assert.equal(launchOf(['acs-sso', arg], windows), 'unsafe-batch', arg);
    }
    assert.equal(launchOf(['odd.cmd'], windows), 'unsafe-batch');
  });

  it('starts everything else as it is, without a prompt', () => {
    for (const argv of [['both', 'a&b'], ['both.exe'], ['nowhere.cmd'], ['nowhere']] as const) {
      const [file, ...args] = argv;
      assert.deepEqual(launchOf(argv, windows), { file, args, verbatim: false });
    }
    const argv = ['acs-sso.cmd', 'a&b'] as const;
    assert.deepEqual(launchOf(argv, { ...windows, platform: 'linux' }), {
      file: 'acs-sso.cmd',
      args: ['a&b'],
      verbatim: false,
    });
  });
});
