import { strict as assert } from 'node:assert';
import type { Operation } from '../../../src/core/operations/operation';
import type { MachineOutcome } from '../../../src/core/operations/outcomes';
import { runningStatusOf } from '../../../src/core/operations/runningStatus';
import { diffTaskTrees } from '../../../src/core/operations/diffTaskTrees';
import { buildTaskTree, pathToTaskRow, type KeptTaskRows } from '../../../src/core/operations/taskTree';
import { aMachine, anOperation } from './taskPageOperations';

const day = 86_400_000;
const noon = new Date(2026, 10, 21, 12).getTime();
const treeOf = (operations: readonly Operation[]) =>
  buildTaskTree(operations, {
    nowMs: noon,
    dayInWords: (ms) => `day ${String(new Date(ms).getDate())}`,
    timeInWords: () => '09:00',
  });
const ended = (id: string, startedAt: number, ...outcomes: readonly MachineOutcome[]): Operation =>
  anOperation({
    id,
    startedAt,
    endedAt: startedAt + 60_000,
    phase: 'ended',
    machines: outcomes.map((outcome, at) => aMachine({ outcome }, `m-${String(at)}`)),
  });

describe('the Tasks view', () => {
  it('shows what runs first, then the history by day', () => {
    const roots = treeOf([
      ended('old', noon - 3 * day, 'done'),
      ended('today', noon - 1000, 'done'),
      anOperation({ id: 'run', startedAt: noon - 5 * day }),
      ended('yesterday', noon - day, 'failed', 'done'),
    ]);
    assert.deepEqual(
      roots.map(({ label, folding }) => `${label}: ${folding}`),
      ['Upgrade web-01 and 1 more: open', 'Today: open', 'Yesterday: open', 'day 18: closed'],
    );
    assert.equal(roots[2]?.description, '1 operation · 1 with errors');
  });

  it('says of an operation whose records are damaged what may be missing', () => {
    const [whole, damaged] = [anOperation({}), anOperation({ damaged: true })].map((one) => treeOf([one])[0]);
    assert.doesNotMatch(whole?.tooltip ?? '', /damaged/);
    assert.match(damaged?.tooltip ?? '', /records on disk are damaged\. Clients .* are missing here/);
  });

  it('leaves an operation that ended in its place for ten seconds, so that it can be clicked', () => {
    const places = [0, 9_999, 10_000, -1].map((since) =>
      treeOf([ended('a', noon - 60_000 - since, 'done')]).map(({ label }) => label),
    );
    assert.deepEqual(places, [['Upgrade m-0'], ['Upgrade m-0'], ['Today'], ['Today']]);
  });

  it('says of a running operation its state, counts and how long it takes', () => {
    const machines = [aMachine({ outcome: 'done' }), aMachine({ outcome: 'failed' }, 'b'), aMachine({}, 'c')];
    const [root] = treeOf([anOperation({ startedAt: noon - 65_000, machines })]);
    assert.equal(root?.description, 'Running · 1 completed · 1 failed · 1 running · 1 min 0 s');
    assert.equal(root.icon?.id, 'sync~spin');
    assert.deepEqual(root.words, ['operation', 'watching', 'hasRequestIds']);
  });

  it('says of each operation where it is as soon as they are in several places', () => {
    const here = anOperation({ id: 'here' });
    const scope = { ...here.scope, regionId: 'cn-shanghai' };
    const there = anOperation({ id: 'there', scope, startedAt: here.startedAt - 1 });
    const demo = anOperation({ id: 'demo', demo: true, startedAt: here.startedAt - 2 });
    assert.doesNotMatch(treeOf([here])[0]?.description ?? '', /Production|cn-/);
    assert.deepEqual(
      treeOf([here, there, demo]).map(({ description }) => description.split(' · ').slice(2)),
      [
        ['Production', 'cn-hangzhou'],
        ['Production', 'cn-shanghai'],
        ['Demo', 'cn-hangzhou'],
      ],
    );
  });

  it('offers a retry only for what failed for certain', () => {
    const retryable = (...outcomes: readonly MachineOutcome[]) =>
      treeOf([ended('a', noon, ...outcomes)])[0]
        ?.children()[0]
        ?.words.includes('retryable');
    assert.deepEqual(
      [retryable('done', 'failed'), retryable('not-sent'), retryable('done', 'unknown'), retryable('done')],
      [true, true, false, false],
    );
  });

  it('offers no second retry of machines that were tried again already', () => {
    const first = ended('first', noon - 2000, 'failed', 'not-sent');
    const retryOfOne = { ...ended('retry', noon - 1000, 'failed'), retryOf: 'first' };
    const retryable = (operations: readonly Operation[], id: string) =>
      pathToTaskRow(treeOf(operations), id).at(-1)?.words.includes('retryable');
    assert.equal(retryable([first, retryOfOne], 'first'), true);
    const retryOfAll = { ...ended('retry', noon - 1000, 'failed', 'done'), retryOf: 'first' };
    assert.equal(retryable([first, retryOfAll], 'first'), false);
    assert.equal(retryable([first, retryOfAll], 'retry'), true);
  });

  it('groups the machines of a big operation by outcome, problems first, and finds each of them', () => {
    const outcomes = Array.from({ length: 1000 }, (_, at) => (at % 10 === 0 ? 'failed' : 'done'));
    const tree = treeOf([ended('big', noon, ...outcomes)]);
    assert.deepEqual(
      tree[0]
        ?.children()[0]
        ?.children()
        .map(({ label, description }) => `${label} ${description}`),
      ['Failed 100', 'Completed 900'],
    );
    assert.equal(pathToTaskRow(tree, 'big', 'k-m-990').at(-1)?.label, 'm-990');
  });

  it('gives a large group in ranges of some hundred rows, which stay where they are as clients leave', () => {
    const running = anOperation({
      id: 'big',
      machines: Array.from({ length: 5_000 }, (_, n) => aMachine({}, `web-${n}`)),
    });
    const rangesOf = (operation: Operation) => {
      const [group] =
        pathToTaskRow(treeOf([operation]), 'big')
          .at(-1)
          ?.children() ?? [];
      return group?.children() ?? [];
    };
    const ranges = rangesOf(running);
    assert.equal(ranges.length, 20);
    assert.equal(ranges[1]?.label, 'web-250 … web-499');
    assert.ok(ranges.every((range) => range.children().length === 250));
    const machines = running.machines.map((machine, n) =>
      n === 251 ? { ...machine, outcome: 'done' as const } : machine,
    );
    const later = rangesOf({ ...running, machines });
    assert.deepEqual(
      later.map(({ id, label }) => `${id} ${label}`),
      ranges.map(({ id, label }) => `${id} ${label}`),
    );
    assert.equal(later[1]?.description, '249');
    const path = pathToTaskRow(treeOf([running]), 'big', 'k-web-4999');
    assert.deepEqual(
      path.map(({ label }) => label),
      ['Upgrade web-0 and 4,999 more', 'Running', 'web-4750 … web-4999', 'web-4999'],
    );
  });

  it('draws again only what looks different', () => {
    const one = ended('one', noon - 2000, 'done');
    const two = anOperation({ id: 'two', startedAt: noon - 1000 });
    assert.deepEqual(diffTaskTrees(treeOf([one, two]), treeOf([one, two])), { root: false, ids: [] });
    const moved = { ...two, machines: [aMachine({ outcome: 'done' }), aMachine({}, 'db-02')] };
    assert.deepEqual(diffTaskTrees(treeOf([one, two]), treeOf([one, moved])), { root: false, ids: ['two'] });
    assert.deepEqual(diffTaskTrees(treeOf([one, two]), treeOf([two])), { root: true, ids: [] });
    const another = ended('three', noon - 3000, 'done');
    assert.equal(diffTaskTrees(treeOf([one]), treeOf([one, another])).ids.length, 1);
  });

  it('says of a machine that is done nevertheless what its task reported, and nothing before the list was read', () => {
    const tooltipOf = (outcome: MachineOutcome) =>
      treeOf([
        anOperation({ machines: [aMachine({ outcome, reason: 'cancelled' }, 'web')], startedAt: noon }),
      ])[0]?.children()[0]?.tooltip;
    assert.equal(
      tooltipOf('done'),
      'web\nCompleted\nVerified by the client list, although the task reported cancelled.',
    );
    assert.equal(tooltipOf('confirming'), 'web\nVerifying');
  });

  it('names the first of several clients in the row, and counts them all in its tooltip', () => {
    const rows = (['install', 'upgrade', 'uninstall', 'settings'] as const).map((action) => {
      const machines = ['cache-test-04', 'b', 'c'].map((name) => aMachine({}, name));
      return treeOf([anOperation({ action, machines, startedAt: noon })])[0];
    });
    assert.deepEqual(
      rows.map((row) => row?.label),
      [
        'Install cache-test-04 and 2 more',
        'Upgrade cache-test-04 and 2 more',
        'Uninstall cache-test-04 and 2 more',
        'Change settings of cache-test-04 and 2 more',
      ],
    );
    assert.match(rows[1]?.tooltip ?? '', /^Upgrade 3 clients\n/);
    assert.equal(treeOf([ended('one', noon, 'done')])[0]?.children()[0]?.label, 'Upgrade m-0');
  });

  it('makes the rows of what has ended once, and again where what they show differs', () => {
    const kept: KeptTaskRows = new WeakMap();
    const build = (...operations: readonly Operation[]) =>
      buildTaskTree(operations, { nowMs: noon, dayInWords: String, timeInWords: () => '09:00' }, kept);
    const old = ended('old', noon - 5 * day, 'failed');
    const running = anOperation({ id: 'run', startedAt: noon });
    const rowOf = (roots: ReturnType<typeof build>) => pathToTaskRow(roots, 'old').at(-1);
    const first = rowOf(build(running, old));
    assert.ok(first);
    assert.equal(rowOf(build({ ...running, phase: 'confirming' }, old)), first);
    const retried = rowOf(build(anOperation({ id: 'again', startedAt: noon, retryOf: 'old' }), old));
    assert.notEqual(retried, first);
    assert.match(retried?.tooltip ?? '', /Retried at 09:00/);
    assert.notEqual(rowOf(build(anOperation({ startedAt: noon, profileName: 'Other' }), old)), first);
  });

  it('names a followed task by its id', () => {
    assert.equal(treeOf([anOperation({ foreign: true, startedAt: noon })])[0]?.label, 'Task t-1');
  });
});

describe('the status bar', () => {
  it('counts machines of what runs, and is empty when nothing does', () => {
    const machines = [aMachine({ outcome: 'done' }), aMachine({}, 'b')];
    const status = runningStatusOf([anOperation({ machines }), ended('x', 0, 'done')]);
    assert.equal(status?.text, 'Upgrading 1/2');
    const install = anOperation({ action: 'install', machines });
    assert.equal(runningStatusOf([anOperation({ machines }), install])?.text, 'Running 2/4');
    assert.equal(runningStatusOf([anOperation({ machines: [] })])?.text, 'Upgrading');
    assert.equal(status.tooltip, 'Upgrade 2 clients · Running · 1 completed · 1 running');
    assert.equal(runningStatusOf([ended('x', 0, 'done')]), undefined);
  });
});
