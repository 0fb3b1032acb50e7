import { strict as assert } from 'node:assert';
import { CancelledError } from '../../../src/core/kernel/cancelled';
import { commandIds } from '../../../src/core/interaction/commandIds';
import {
  ofRow,
  ofView,
  ofViewAndRow,
  orSelected,
  runCommand,
  type CommandHandlers,
} from '../../../src/core/interaction/commandHandler';
import type { TreeElement } from '../../../src/core/interaction/treeElement';

describe('a command in the menus of rows', () => {
  const row = { id: 'cn-hangzhou/i-1' };
  const other = { id: 'cn-hangzhou/i-2' };

  const runWith = (...args: unknown[]): { ran: unknown[][]; told: number } => {
    const done: { ran: unknown[][]; told: number } = { ran: [], told: 0 };
    const command = ofRow((...given) => done.ran.push(given), {
      info: () => void (done.told += 1),
    });
    command(...args);
    return done;
  };

  it('gets the row and the selected rows of a menu', () => {
    assert.deepEqual(runWith(row, undefined), { ran: [[row, undefined]], told: 0 });
    assert.deepEqual(runWith(row, [row, other]), { ran: [[row, [row, other]]], told: 0 });
  });

  it('is told of and not run when VS Code lost its row, which would mean all rows', () => {
    for (const nothing of [undefined, null]) {
      assert.deepEqual(runWith(nothing, undefined), { ran: [], told: 1 });
      assert.deepEqual(runWith(nothing, null), { ran: [], told: 1 });
    }
  });

  it('is told of and not run when one of the selected rows was lost, which would change fewer than agreed', () => {
    assert.deepEqual(runWith(row, [row, undefined]), { ran: [], told: 1 });
    assert.deepEqual(runWith(undefined, [undefined, other]), { ran: [], told: 1 });
  });

  it('runs without a row from the palette and by a key', () => {
    assert.deepEqual(runWith(), { ran: [[]], told: 0 });
    assert.deepEqual(runWith(undefined), { ran: [[undefined]], told: 0 });
  });
});

describe('a command of a view', () => {
  it('ignores the focused row, which VS Code passes to commands in the title of a view', () => {
    const given: unknown[][] = [];
    ofView((...args: unknown[]) => given.push(args))({ id: 'focused' });
    assert.deepEqual(given, [[]]);
  });

  it('means the row only as its twin', () => {
    const given: unknown[][] = [];
    const handlers = ofViewAndRow('cloudBackup.refresh', (...args) => given.push(args), {
      info: () => undefined,
    });
    handlers['cloudBackup.refresh']({ id: 'row' });
    handlers['cloudBackup.refreshOnRow']({ id: 'row' }, undefined);
    assert.deepEqual(given, [[], [{ id: 'row' }, undefined]]);
  });
});

describe('running a command', () => {
  const failures: string[] = [];
  const notices = { failure: (error: Error) => failures.push(error.message) };
  const run = (id: string, handler: () => unknown) =>
    runCommand({ 'cloudBackup.refresh': handler } as unknown as CommandHandlers, id, [], notices);
  beforeEach(() => (failures.length = 0));

  it('answers what the handler answers', async () => {
    assert.equal(await run('cloudBackup.refresh', () => Promise.resolve(7)), 7);
  });

  it('shows a failure, and ends quietly for a cancel', async () => {
    assert.equal(await run('cloudBackup.refresh', () => Promise.reject(new Error('no disk'))), undefined);
    await run('cloudBackup.refresh', () => Promise.reject(new CancelledError()));
    assert.deepEqual(failures, ['no disk']);
  });

  it('shows a failure for a command that nothing handles, also one of the name of an object’s own', async () => {
    await run('cloudBackup.unknown', () => 7);
    await run('constructor', () => 7);
    assert.deepEqual(failures, [
      'no handler for the command cloudBackup.unknown',
      'no handler for the command constructor',
    ]);
  });
});

describe('the commands', () => {
  it('are named once each', () => {
    assert.equal(new Set(commandIds).size, commandIds.length);
  });

  it('of rows mean the selected ones when the palette or a key starts them, and their own in a menu', async () => {
    const got: unknown[][] = [];
    const view: { selection: readonly TreeElement[]; visible: boolean } = {
      selection: [{ id: 'a' }, { id: 'b' }],
      visible: true,
    };
    const { 'cloudBackup.copyName': run } = orSelected(view, {
      'cloudBackup.copyName': (...args) => void got.push(args),
    });
    await run();
    await run({ id: 'c' }, undefined);
    view.visible = false;
    await run();
    view.selection = [];
    view.visible = true;
    await run();
    assert.deepEqual(got, [[{ id: 'a' }, [{ id: 'a' }, { id: 'b' }]], [{ id: 'c' }, undefined], [], []]);
  });
});
