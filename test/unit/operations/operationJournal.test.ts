import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { foldOperation } from '../../../src/core/operations/operationFold';
import { OperationJournal } from '../../../src/core/operations/operationJournal';
import type { OperationFact } from '../../../src/core/operations/operationRecord';
import { createFakeService } from '../../support/fakeService';
import { createHandClock } from '../../support/handClock';
import {
  appendAsItIs,
  createMemoryDisk,
  type MemoryDisk,
  type MemoryWindow,
} from '../../support/memoryRecords';
import { aPlan, createKeptLog, outdatedClients } from '../../support/operationBuilders';

/** What may go wrong with the next writing or reading of a window. */
type Fault = 'none' | 'not written' | 'written and not known' | 'written damaged' | 'not read';

interface Step {
  readonly window: 0 | 1;
  readonly does: 'note' | 'record' | 'reread';
  readonly fact: number;
  readonly fault: Fault;
  readonly waits: boolean;
}

const facts: readonly OperationFact[] = [
  { type: 'intent', call: '1', machineKeys: ['i-0', 'i-1'] },
  { type: 'answer', call: '1', requestId: 'R-1', taskId: 't-1', refusals: [] },
  { type: 'task', call: '1', state: 'created', progress: 10, machines: [], requestId: 'R-2' },
  { type: 'task', call: '1', state: 'completed', progress: 100, machines: [], requestId: 'R-3' },
  { type: 'machines', machines: [{ key: 'i-0', outcome: 'done' }] },
  { type: 'intent', call: '2', machineKeys: ['i-2'] },
  { type: 'resolved', call: '2', finding: 'not-run', reason: 'stopped' },
  { type: 'sendingStopped', reason: 'stopped' },
  { type: 'watchingStopped' },
  { type: 'checkAsked' },
];

const step: fc.Arbitrary<Step> = fc.record({
  window: fc.constantFrom(0 as const, 1 as const),
  does: fc.constantFrom('note' as const, 'note' as const, 'record' as const, 'reread' as const),
  fact: fc.nat(facts.length - 1),
  fault: fc.constantFrom<Fault>(
    'none',
    'none',
    'not written',
    'written and not known',
    'written damaged',
    'not read',
  ),
  waits: fc.boolean(),
});

describe('two windows that write one operation to a disk that fails', () => {
  it('end with all that either noted, each in its order, and both know what the file says', () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const disk = createMemoryDisk();
        const windows = [disk.window(), disk.window()] as const;
        const faults = windows.map((window) => failing(disk, window));
        const clock = createHandClock();
        const worlds = windows.map(({ records }) => ({
          records,
          api: createFakeService(),
          clock,
          log: createKeptLog(),
          redact: (text: string) => text,
        }));
        const [first, second] = worlds;
        assert.ok(first && second);
        const plan = aPlan('upgrade', outdatedClients(3));
        const one = await OperationJournal.begin(first, {
          type: 'operation',
          id: 'op-1',
          plan,
          timeScale: 1,
        });
        const read = await second.records.read('op-1');
        const two = read && OperationJournal.open(second, 'op-1', read);
        assert.ok(two);
        const journals = [one, two] as const;
        const noted: string[][] = [[], []];
        const running: Promise<unknown>[] = [];
        for (const { window, does, fact, fault, waits } of steps) {
          const journal = journals[window];
          const what = facts[fact];
          assert.ok(what);
          // Each fact has a time of its own, by which it is found again.
          await clock.advance(1);
          const now = clock.now();
          faults[window]?.push(fault);
          const work =
            does === 'note'
              ? journal.note(what)
              : does === 'record'
                ? journal.record(what)
                : journal.reread();
          if (does === 'note') noted[window]?.push(String(now));
          running.push(work.catch(() => undefined));
          if (waits) await Promise.all(running);
        }
        await Promise.all(running);
        for (const left of faults) left.length = 0;
        // The second reading brings what the other one wrote at the first.
        for (const journal of [...journals, ...journals]) await journal.reread();
        const lines = disk.lines('op-1');
        for (const times of noted) {
          const places = times.map((at) => lines.findIndex((line) => String(line['at']) === at));
          assert.ok(!places.includes(-1), 'a noted fact is lost');
          assert.deepEqual(
            places,
            places.toSorted((a, b) => a - b),
          );
        }
        const told = foldOperation(lines);
        for (const journal of journals) {
          assert.equal(journal.isWritten, true);
          assert.deepEqual(journal.operation, told);
        }
      }),
      { numRuns: 300, includeErrorInReport: true },
    ));
});

/** Lets the appends and reads of a window fail as the queue says, one fault each. */
function failing(disk: MemoryDisk, { records }: MemoryWindow): Fault[] {
  const faults: Fault[] = [];
  const append = records.append.bind(records);
  const read = records.read.bind(records);
  records.append = async (id, record) => {
    const fault = faults[0] === 'not read' ? 'none' : faults.shift();
    if (fault === 'not written') throw new Error('ENOSPC');
    if (fault === 'written damaged') {
      return appendAsItIs(disk, id, `${disk.open.get(id) ?? ''}{"v":1,"type":"check`, record);
    }
    const span = await append(id, record);
    if (fault === 'written and not known') throw new Error('EIO');
    return span;
  };
  records.read = async (id, from) => {
    if (faults[0] === 'not read') {
      faults.shift();
      throw new Error('EIO');
    }
    return read(id, from);
  };
  return faults;
}
