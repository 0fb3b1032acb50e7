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
});
