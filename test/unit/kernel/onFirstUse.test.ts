import { strict as assert } from 'node:assert';
import { onFirstUse } from '../../../src/core/kernel/onFirstUse';

describe('what is made on first use', () => {
  it('is made once, when somebody asks for it', async () => {
    let made = 0;
    const part = onFirstUse(() => Promise.resolve({ number: ++made }));
    assert.equal(made, 0);
    const [one, other] = await Promise.all([part(), part()]);
    assert.deepEqual([one.number, one === other, one === (await part())], [1, true, true]);
  });

  it('is tried again after it failed', async () => {
    let tries = 0;
    const part = onFirstUse(() =>
      ++tries === 1 ? Promise.reject(new Error('the file is gone')) : Promise.resolve(tries),
    );
    await assert.rejects(part(), /the file is gone/);
    assert.equal(await part(), 2);
  });
});
