import { describe, expect, it } from 'vitest';
import { figuresIn, goalsText, mediansOf } from '../bench/goals.mjs';
import type { Figure } from '../bench/figure';

describe('the bench', () => {
  const figure: Figure = { goal: 'g', what: 'w', value: 3, unit: 'ms', limit: 3, better: 'lower' };

  it('reads one figure a line and leaves out what a suite prints beside them', () => {
    expect(figuresIn(`warming up\n${JSON.stringify(figure)}\n`)).toEqual([figure]);
  });

  it('rejects a figure without a limit', () => {
    expect(() => figuresIn('{"goal":"g","what":"w","unit":"ms","better":"lower","value":1}')).toThrow(
      '"limit"',
    );
  });

  it('takes the median of several runs, goal by goal', () => {
    const run = (value: number): Figure[] => [figure, { ...figure, what: 'other', value }];
    expect(mediansOf([run(9), run(1), run(2)]).map(({ value }) => value)).toEqual([3, 2]);
  });

  it('says ok at the limit and short beyond it, on the side that the goal names', () => {
    const text = goalsText({
      ...{ date: '2026-01-01T00:00:00Z', node: 'v20', platform: 'linux x64', cores: 2, cpu: 'cpu' },
      ...{ loadAverage: 0, runs: 1 },
      suites: {
        wire: [
          figure,
          { ...figure, value: 4 },
          { ...figure, better: 'higher' },
          { ...figure, better: 'higher', value: 2 },
        ],
      },
    });
    expect(text.split('\n').flatMap((line) => /^ {2}(ok|short) /.exec(line)?.[1] ?? [])).toEqual([
      'ok',
      'short',
      'ok',
      'short',
    ]);
  });
});
