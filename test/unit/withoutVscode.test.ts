import { strict as assert } from 'node:assert';
import { createRequire } from 'node:module';
import * as path from 'node:path';

describe('unit tests', () => {
  it('run where vscode does not exist, so that nothing they test can need it', () => {
    const load = createRequire(path.join(process.cwd(), 'package.json'));
    assert.throws(() => load.resolve('vscode'), { code: 'MODULE_NOT_FOUND' });
  });
});
