import { strict as assert } from 'node:assert';
import { describeFailure, soak } from './report';
import { run } from './run';
import { shrink } from './shrink';
import type { Story } from './story';
import { storyOf } from './storyTeller';

const seedsInAll = 300;
const seedsAtOnce = 50;

describe('the engine in a simulated world', () => {
  for (let from = 1; from <= seedsInAll; from += seedsAtOnce) {
    const to = from + seedsAtOnce - 1;
    it(`breaks no invariant in the stories of seeds ${from} to ${to}`, async () => {
      const { failed, operations } = await soak(from, to, () => true);
      for (const { seed, violations } of failed) assert.fail(await describeFailure(seed, violations));
      assert.ok(operations > seedsAtOnce / 2, 'hardly anything was started');
    });
  }
});

describe('a simulated world', () => {
  it('does the same things at the same times for the same seed', async () => {
    for (const seed of [3, 14, 15, 92, 65]) {
      const [one, other] = [await run(storyOf(seed)), await run(storyOf(seed))];
      assert.equal(one.traceHash, other.traceHash, `seed ${seed}`);
      assert.deepEqual(one, other);
    }
  });

  it('does other things for other seeds', async () => {
    const [one, other] = [await run(storyOf(1)), await run(storyOf(2))];
    assert.notEqual(one.traceHash, other.traceHash);
  });

  it('is shrunk to the events that matter, in the plainest setting', async () => {
    const story: Story = {
      ...storyOf(1),
      events: Array.from({ length: 9 }, (_, n) => ({ atMs: n, does: 'kill', window: n })),
    };
    const kills = ({ events }: Story): readonly number[] => events.map(({ atMs }) => atMs);
    const smallest = await shrink(story, (candidate) =>
      Promise.resolve(kills(candidate).includes(2) && kills(candidate).includes(7)),
    );
    assert.deepEqual(kills(smallest), [2, 7]);
    assert.equal(smallest.setting.clockOffsetMs, 0);
    assert.equal(smallest.setting.machines.length, 1);
  });
});
