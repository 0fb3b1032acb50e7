import { strict as assert } from 'node:assert';
import type { TreeElement } from '../../../src/core/interaction/treeElement';
import { Elements } from '../../../src/core/interaction/elements';
import { TreeHost } from '../../support/treeHost';

/** Groups, each with its rows, as a provider over `Elements` shows them. */
class Groups {
  readonly elements = new Elements();
  readonly events: (readonly TreeElement[] | undefined)[] = [];
  groups: Readonly<Record<string, readonly string[]>>;

  constructor(groups: Groups['groups']) {
    this.groups = groups;
  }

  readonly children = (element: TreeElement | undefined): readonly TreeElement[] =>
    this.elements.below(element?.id, element ? (this.groups[element.id] ?? []) : Object.keys(this.groups));

  readonly item = ({ id }: TreeElement): { id: string } => {
    this.elements.drawnAgain(id);
    return { id };
  };

  /** Changes the rows and has those redrawn that are named; all without names. */
  change(groups: Groups['groups'], ...redrawn: readonly string[]): void {
    this.groups = groups;
    this.events.push(redrawn.length === 0 ? undefined : redrawn.map((id) => this.elements.of(id)));
    const known = new Set([...Object.keys(groups), ...Object.values(groups).flat()]);
    this.elements.keepOnly((id) => known.has(id));
  }

  lines(): readonly string[] {
    return Object.entries(this.groups).flatMap(([id, rows]) => [`0 ${id}`, ...rows.map((row) => `1 ${row}`)]);
  }
}

/** The window in front of a tree view. What it does next waits until a test lets it. */
class Window {
  readonly groups: Groups;
  readonly host: TreeHost;
  readonly asks: (string | undefined)[] = [undefined];
  readonly #closed: string[] = [];

  constructor(groups: Groups) {
    this.groups = groups;
    this.host = new TreeHost(groups);
  }

  /** The extension host handles the oldest event. */
  handle(): void {
    const [event] = this.groups.events.splice(0, 1);
    const redrawn = this.host.redraw(event);
    if (!redrawn) this.asks.splice(0, this.asks.length, undefined);
    else this.asks.push(...redrawn);
  }

  /** The window asks what it wanted to know first. */
  ask(): void {
    const [id] = this.asks.splice(0, 1);
    const below = this.host.ask(id);
    if (id === undefined) this.asks.push(...below);
  }

  /** A group is closed before the window has asked about it; opening it asks. */
  close(): void {
    const [id] = this.asks.splice(-1, 1);
    if (id === undefined) this.asks.push(id);
    else this.#closed.push(id);
  }

  open(): void {
    this.asks.push(...this.#closed.splice(0));
  }

  settle(): void {
    this.open();
    while (this.asks.length > 0 || this.groups.events.length > 0) {
      if (this.groups.events.length > 0) this.handle();
      else this.ask();
    }
  }
}

describe('the elements of a tree view', () => {
  it('are one object an id, until it is gone', () => {
    const elements = new Elements();
    const first = elements.of('a');
    elements.keepOnly((id) => id === 'a');
    assert.equal(elements.of('a'), first);
    elements.keepOnly(() => false);
    assert.notEqual(elements.of('a'), first);
  });

  it('are below one row at a time, also while a redraw and a move overlap', () => {
    const groups = new Groups({ active: ['x', 'y'], stopped: ['z'] });
    const window = new Window(groups);
    window.settle();
    groups.change({ active: ['x', 'y'], stopped: ['new', 'z'] }, 'stopped');
    window.handle();
    // The window has not asked yet, and VS Code not heard of this.
    groups.change({ active: ['y'], stopped: ['new', 'x', 'z'] }, 'active', 'stopped');
    window.ask();
    assert.deepEqual(window.host.shown(), ['0 active', '1 x', '1 y', '0 stopped', '1 new', '1 z']);
    window.settle();
    assert.deepEqual(window.host.shown(), groups.lines());
  });

  it('are all shown in the end, and never twice, whatever moves, is drawn, opened and closed meanwhile', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = numbers(seed);
      const groups = new Groups({ a: ['1', '2', '3'], b: ['4', '5'], c: ['6'] });
      const window = new Window(groups);
      for (let step = 0; step < 60; step++) {
        const what = random(6);
        if (what === 0) groups.change(...changed(groups.groups, random));
        else if (what === 1 && groups.events.length > 0) window.handle();
        else if (what === 2 && window.asks.length > 0) window.close();
        else if (what === 3) window.open();
        else if (window.asks.length > 0) window.ask();
      }
      window.settle();
      assert.deepEqual(window.host.shown(), groups.lines(), `seed ${seed}`);
    }
  });
});

/** Whole numbers below a limit, the same for the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

/** A row that moved or went, or a new one, with the groups that have to be redrawn; none of them where all have to. */
function changed(
  groups: Groups['groups'],
  random: (below: number) => number,
): [Groups['groups'], ...string[]] {
  const names = Object.keys(groups);
  const from = names[random(names.length)] ?? '';
  const to = names[random(names.length)] ?? '';
  const [row, ...rest] = groups[from] ?? [];
  const removed = { ...groups, [from]: rest };
  if (row === undefined || random(4) === 0) {
    return [{ ...groups, [to]: [`new-${random(1_000_000)}`, ...(groups[to] ?? [])] }, to];
  }
  if (random(5) === 0) return [removed, from];
  const moved = { ...removed, [to]: [...(removed[to] ?? []), row] };
  return random(5) === 0 ? [moved] : [moved, from, to];
}
