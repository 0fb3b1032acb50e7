import { strict as assert } from 'node:assert';
import type { PickRow } from '../../../src/core/interaction/interaction';
import { LivePick } from '../../../src/core/interaction/livePick';

const choice = (id: string, picked = false): PickRow<string> => ({
  kind: 'choice',
  id,
  label: id,
  value: `value of ${id}`,
  picked,
});
const blocked = (id: string): PickRow<string> => ({
  kind: 'blocked',
  id,
  label: id,
  description: 'already installed',
});
const heading = (label: string): PickRow<string> => ({ kind: 'heading', label });

describe('a pick over rows that change', () => {
  let rows: readonly PickRow<string>[];
  let textRow: ((typed: string) => PickRow<string> | undefined) | undefined;
  let pick: LivePick<string>;
  const open = (...first: readonly PickRow<string>[]): void => {
    rows = first;
    pick = new LivePick({ ...(textRow && { textRow }) }, { rows: () => rows });
  };
  /** Each row as it is drawn: ticked ones with a star, those that are always shown with an exclamation mark. */
  const draw = (text = ''): readonly string[] => {
    const drawn = send(text);
    pick.hasReached();
    pick.hasShown();
    return drawn;
  };
  const send = (text = ''): readonly string[] =>
    pick
      .draw(text)
      .map(({ row, ticked, alwaysShow }) => `${ticked ? '*' : ''}${row.label}${alwaysShow ? '!' : ''}`);
  const row = (id: string): PickRow<string> => {
    const found = rows.find((one) => one.kind !== 'heading' && one.id === id);
    assert.ok(found);
    return found;
  };

  beforeEach(() => {
    textRow = undefined;
  });

  it('ticks new rows as they say, and only once', () => {
    open(choice('a', true), choice('b'));
    assert.deepEqual(draw(), ['*a', 'b']);
    pick.tick([]);
    assert.deepEqual(draw(), ['a', 'b']);
    rows = [...rows, choice('c', true)];
    assert.deepEqual(draw(), ['a', 'b', '*c']);
  });

  it('lets a row follow what it says, until the user ticks or unticks it', () => {
    open(choice('a', true), choice('b', true), choice('c'), choice('d', true));
    draw();
    pick.tick([row('a'), row('d')]);
    pick.tick([row('a'), row('b'), row('d')]);
    pick.tick([row('a'), row('b'), row('c'), row('d')]);
    pick.tick([row('a'), row('b'), row('c')]);
    rows = [choice('a'), choice('b'), choice('c', true), choice('d')];
    assert.deepEqual(draw(), ['a', '*b', '*c', 'd']);
    pick.tick([row('b')]);
    pick.tick([row('a'), row('b')]);
    rows = [choice('a', true), choice('b', true), choice('c', true), choice('d', true)];
    assert.deepEqual(draw(), ['*a', '*b', 'c', 'd']);
    assert.deepEqual(pick.accept(), { answer: ['value of a', 'value of b'] });
  });

  it('keeps a tick while its row looks different, is blocked, or is gone for a while', () => {
    open(choice('a'), choice('b'));
    draw();
    pick.tick([row('a')]);
    rows = [choice('b')];
    assert.deepEqual(draw(), ['b']);
    rows = [blocked('a'), choice('b')];
    assert.deepEqual(draw(), ['a', 'b']);
    assert.deepEqual(pick.values(), []);
    rows = [choice('a'), choice('b')];
    assert.deepEqual(draw(), ['*a', 'b']);
    assert.deepEqual(pick.values(), ['value of a']);
  });

  it('never answers a blocked row, and unticks it', () => {
    open(choice('a'), blocked('b'));
    draw();
    assert.equal(pick.tick([row('a'), row('b')]), 'restore');
    assert.deepEqual(pick.showTicks(), [row('a')]);
    assert.equal(pick.isTicked(row('b')), false);
    assert.deepEqual(pick.accept(), { answer: ['value of a'] });
  });

  it('takes nothing for the user’s that VS Code reports of a draw', () => {
    open(choice('a', true), choice('b', true), choice('c', true));
    send();
    pick.hasReached();
    assert.equal(pick.tick([]), 'keep');
    assert.equal(pick.tick([row('a')]), 'keep');
    assert.deepEqual(pick.values(), ['value of a', 'value of b', 'value of c']);
    assert.equal(pick.tick([row('a'), row('b'), row('c')]), 'keep');
    assert.equal(pick.hasShown(), 'keep');
    rows = [choice('a'), choice('b', true), choice('c', true)];
    assert.deepEqual(draw(), ['a', '*b', '*c']);
  });

  it('takes what the user unticked while VS Code reported a draw', () => {
    open(choice('a', true), choice('b', true));
    send();
    pick.hasReached();
    pick.tick([]);
    pick.tick([row('a'), row('b')]);
    pick.tick([row('b')]);
    assert.equal(pick.hasShown(), 'keep');
    assert.deepEqual(pick.values(), ['value of b']);
    pick.tick([]);
    assert.deepEqual(pick.values(), []);
  });

  it('answers with what was unticked while VS Code reported a draw', () => {
    open(choice('a', true), choice('b', true));
    send();
    pick.hasReached();
    pick.tick([row('b')]);
    assert.deepEqual(pick.accept(), { answer: ['value of b'] });
  });

  it('shows a tick again that crossed a draw, also where rows have another position', () => {
    textRow = (typed) => (typed === '' ? undefined : choice(typed));
    open(choice('a'), choice('b'), choice('c'));
    draw('x');
    const [first, second, third] = pick.draw('');
    assert.ok(first && second && third);
    // VS Code still shows x, a, b, and c: the row at the second position is a.
    assert.equal(pick.tick([second.row]), 'keep');
    assert.deepEqual(pick.values(), ['value of a']);
    pick.hasReached();
    pick.tick([]);
    assert.equal(pick.hasShown(), 'restore');
    assert.deepEqual(pick.showTicks(), [row('a')]);
    pick.hasReached();
    pick.tick([row('a')]);
    assert.equal(pick.hasShown(), 'keep');
    assert.deepEqual(pick.values(), ['value of a']);
  });

  it('leaves rows where they are, puts new ones below, and adds no heading that comes later', () => {
    open(heading('first'), choice('b'), choice('d'));
    assert.deepEqual(draw(), ['first', 'b', 'd']);
    rows = [heading('first'), choice('a'), choice('b'), heading('second'), choice('c'), choice('d')];
    assert.deepEqual(draw(), ['first', 'b', 'd', 'a', 'c']);
    rows = [heading('first'), choice('c'), choice('b')];
    assert.deepEqual(draw(), ['first', 'b', 'c']);
  });

  describe('that also takes a typed text', () => {
    beforeEach(() => {
      textRow = (typed) => (typed === '' ? undefined : typed === 'bad' ? blocked(typed) : choice(typed));
      open(choice('a'));
      draw();
    });

    it('shows it as a row of its own, unless there is one with its id', () => {
      assert.equal(pick.type('x'), 'draw');
      assert.deepEqual(draw('x'), ['x!', 'a']);
      assert.equal(pick.type('a'), 'draw');
      assert.deepEqual(draw('a'), ['a']);
      assert.equal(pick.type('a'), 'keep');
    });

    it('ticks it on Enter, clears the text, and keeps the row', () => {
      draw('x');
      assert.equal(pick.accept(), 'clear');
      assert.deepEqual(draw(), ['*x', 'a']);
      assert.deepEqual(pick.accept(), { answer: ['value of x'] });
    });

    it('takes it by a tick as well', () => {
      const [drawn] = pick.draw('x');
      assert.ok(drawn);
      pick.hasReached();
      pick.hasShown();
      assert.equal(pick.tick([drawn.row]), 'clear');
      assert.deepEqual(draw(), ['*x', 'a']);
    });

    it('stays open for a text that can’t be used', () => {
      assert.deepEqual(draw('bad'), ['bad!', 'a']);
      assert.equal(pick.accept(), 'keep');
    });
  });

  describe('over 5,000 rows', () => {
    const many = (picked: boolean): readonly PickRow<string>[] =>
      Array.from({ length: 5000 }, (_, n) => choice(`web-${String(n).padStart(4, '0')}`, picked));
    const type = (text: string): void => {
      if (pick.type(text) === 'draw') draw(text);
    };
    const answer = (): readonly string[] => {
      const accepted = pick.accept();
      assert.ok(typeof accepted === 'object');
      return accepted.answer;
    };

    it('gives VS Code the first 200, and says how many more match', () => {
      open(...many(false));
      assert.deepEqual([draw().length, pick.beyond], [200, { more: 4800, ticked: 0 }]);
    });

    it('adds the rows that match what is typed, and leaves the others where they are', () => {
      open(...many(false));
      const first = draw();
      assert.equal(pick.type('Web-49'), 'draw');
      const after = draw('Web-49');
      assert.deepEqual(after.slice(0, 200), first);
      assert.deepEqual([after.length, after.at(-1), pick.beyond?.more], [300, 'web-4999', 0]);
      assert.equal(pick.type('Web-490'), 'keep');
    });

    it('finds a description as well, and hands over 200 rows a text at most', () => {
      open(...many(false).map((one, n) => ({ ...one, description: n < 3000 ? 'zone h' : 'zone f' })));
      draw();
      type('zone f');
      assert.deepEqual([draw('zone f').length, pick.beyond?.more], [400, 1800]);
    });

    it('keeps ticks of rows that VS Code was not given, and those of rows that a text hides', () => {
      open(...many(true));
      draw();
      pick.tick(rows.slice(1, 200));
      type('web-4999');
      pick.tick(rows.slice(1, 200));
      assert.equal(answer().length, 4998);
      assert.ok(!answer().includes('value of web-0000') && !answer().includes('value of web-4999'));
      assert.equal(pick.beyond?.ticked, 4998);
    });

    it('ticks all rows that match at once, and unticks them where all are ticked', () => {
      open(...many(false), blocked('web-49 too'));
      draw();
      type('web-49');
      pick.toggleMatching('web-49');
      assert.equal(answer().length, 100);
      type('');
      pick.toggleMatching('');
      assert.equal(answer().length, 5000);
      pick.toggleMatching('');
      assert.deepEqual(answer(), []);
    });

    it('unticks those too that VS Code was not given when the checkbox above the rows unticks all', () => {
      open(...many(true));
      draw();
      assert.equal(pick.tick([]), 'keep');
      assert.deepEqual([answer(), pick.beyond?.ticked], [[], 0]);
      draw();
      pick.tick([row('web-0007')]);
      pick.tick([]);
      pick.toggleMatching('web-4');
      draw();
      assert.equal(answer().length, 1000);
    });

    it('keeps the others when that checkbox unticks what a text leaves', () => {
      open(...many(true));
      draw();
      pick.tick([]);
      pick.toggleMatching('web-4');
      draw('web-400');
      pick.tick([]);
      assert.equal(answer().length, 990);
    });

    it('keeps what the user unticked although the row is drawn again as picked', () => {
      open(...many(true));
      draw();
      pick.toggleMatching('web-4');
      draw();
      assert.equal(answer().length, 4000);
    });
  });
});
