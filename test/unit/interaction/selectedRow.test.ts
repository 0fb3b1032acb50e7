import { strict as assert } from 'node:assert';
import { selectedRow } from '../../../src/core/interaction/selectedRow';
import { createInstantClock } from '../../support/handClock';

describe('the row that a click has selected', () => {
  const row = { id: 'a' };
  const waiting = { signal: new AbortController().signal };
  const viewThatKnowsAfter = (looks: number) => {
    let looked = 0;
    return {
      get selection() {
        looked += 1;
        return looked > looks ? [row] : [];
      },
    };
  };

  it('is told at once when the view knows it', async () => {
    const clock = createInstantClock();
    const before = clock.now();
    assert.equal(await selectedRow(viewThatKnowsAfter(0), clock, waiting), row);
    assert.equal(clock.now(), before);
  });

  it('is waited for while the view is drawn again', async () => {
    assert.equal(await selectedRow(viewThatKnowsAfter(20), createInstantClock(), waiting), row);
  });

  it('is none when the view knows of none for two seconds', async () => {
    const clock = createInstantClock();
    const before = clock.now();
    assert.equal(await selectedRow<typeof row>({ selection: [] }, clock, waiting), undefined);
    assert.equal(clock.now() - before, 2000);
  });
});
