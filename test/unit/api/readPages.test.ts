import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { ClientPage } from '../../../src/api/decode';
import { readPages, type ReadPage } from '../../../src/api/readPages';
import { rowsPerPage } from '../../../src/core/service/api';
import { CancelledError } from '../../../src/core/kernel/cancelled';
import { isCancelled } from '../../../src/core/service/errors';
import type { BackupClient } from '../../../src/core/service/model';
import type { ListingEnd, ListingPage } from '../../../src/core/service/api';
import type { Waiting } from '../../../src/core/kernel/waiting';
import { neverCancelled } from '../../support/apiBuilders';

const servedAt = 1_767_323_045;

const aRow = (name: string, createdTime = servedAt - 1000): BackupClient => ({
  clientId: `c-${name}`,
  instanceId: `i-${name}`,
  clientType: 'ECS_CLIENT',
  status: 'ACTIVATED',
  createdTime,
  tags: [],
});

const rowsOf = (count: number): BackupClient[] =>
  Array.from({ length: count }, (_, index) => aRow(String(index)));

function pageOf(rows: readonly BackupClient[], number: number): ClientPage {
  const clients = rows.slice((number - 1) * rowsPerPage, number * rowsPerPage);
  return { clients, total: rows.length, pageSize: rowsPerPage, servedAt, requestId: `REQUEST-${number}` };
}

interface Listing {
  readonly pages: readonly ListingPage[];
  readonly ids: readonly (string | undefined)[];
  readonly end: ListingEnd;
}

async function listAll(readPage: ReadPage, waiting: Waiting = neverCancelled): Promise<Listing> {
  const pages: ListingPage[] = [];
  const reading = readPages(readPage, waiting);
  for (;;) {
    const step = await reading.next();
    if (step.done === true) {
      const ids = pages.flatMap(({ clients }) => clients.map(({ instanceId }) => instanceId));
      return { pages, ids, end: step.value };
    }
    pages.push(step.value);
  }
}

/** Reads a list that `change` may alter before each read, which it is told the number of. */
function changing(
  rows: BackupClient[],
  change: (read: number) => void,
): { readPage: ReadPage; reads: () => number } {
  let reads = 0;
  return {
    readPage: (number) => {
      change(++reads);
      return Promise.resolve(pageOf(rows, number));
    },
    reads: () => reads,
  };
}

describe('readPages', () => {
  it('reads a quiet list once, page by page, with the count of all', async () => {
    const { readPage, reads } = changing(rowsOf(250), () => undefined);
    const { pages, ids, end } = await listAll(readPage);
    assert.deepEqual(
      pages.map(({ clients, total }) => [clients.length, total]),
      [
        [99, 250],
        [99, 250],
        [52, 250],
      ],
    );
    assert.equal(new Set(ids).size, 250);
    assert.equal(reads(), 3);
    assert.equal(end.changedWhileReading, false);
  });

  it('reads a list of one page once, however new its rows are', async () => {
    const { readPage, reads } = changing([aRow('new', servedAt), aRow('old')], () => undefined);
    assert.deepEqual(await listAll(readPage).then(({ ids, end }) => [ids.length, end.changedWhileReading]), [
      2,
      false,
    ]);
    assert.equal(reads(), 1);
  });

  it('reads an empty list with one call', async () => {
    const { readPage, reads } = changing([], () => undefined);
    assert.deepEqual((await listAll(readPage)).ids, []);
    assert.equal(reads(), 1);
  });

  it('follows full pages when the service sends no count', async () => {
    const rows = rowsOf(230);
    const { ids, end } = await listAll((number) =>
      Promise.resolve({ ...pageOf(rows, number), total: undefined }),
    );
    assert.equal(new Set(ids).size, 230);
    assert.equal(end.changedWhileReading, false);
  });

  /** A service that gives so many rows a page, whatever is asked, with this count and account of its page size. */
  function odd(
    rows: readonly BackupClient[],
    size: number,
    say: (page: { readonly number: number; readonly rows: number }) => {
      readonly total?: number | undefined;
      readonly pageSize?: number | undefined;
    },
  ): { readPage: ReadPage; reads: () => number } {
    let reads = 0;
    return {
      readPage: async (number) => {
        reads++;
        // Answers come in their own turn, so that reads run at once.
        await new Promise((resolve) => setImmediate(resolve));
        const clients = rows.slice((number - 1) * size, number * size);
        const said = say({ number, rows: clients.length });
        const requestId = `REQUEST-${number}`;
        return { total: undefined, pageSize: undefined, ...said, clients, servedAt, requestId };
      },
      reads: () => reads,
    };
  }

  it('reads all of a list whose pages are smaller than asked for, whatever they say of their size', async () => {
    for (const pageSize of [50, 99, undefined]) {
      const { readPage, reads } = odd(rowsOf(250), 50, () => ({ total: 250, pageSize }));
      const { ids, end } = await listAll(readPage);
      assert.deepEqual([new Set(ids).size, ids.length, end.changedWhileReading], [250, 250, false]);
      assert.equal(reads(), 5);
    }
    const uncounted = odd(rowsOf(250), 50, () => ({ pageSize: 50 }));
    assert.equal((await listAll(uncounted.readPage)).ids.length, 250);
  });

  it('reads all of a list whose pages are larger than asked for', async () => {
    const { readPage } = odd(rowsOf(250), 100, () => ({ total: 250, pageSize: 100 }));
    const { ids, end } = await listAll(readPage);
    assert.deepEqual([ids.length, end.changedWhileReading], [250, false]);
  });

  it('goes on while pages are full when the count cannot be true, without a warning', async () => {
    for (const total of [0, -1, 7, 98, 150]) {
      const { readPage } = odd(rowsOf(250), 99, () => ({ total, pageSize: 99 }));
      const { ids, end, pages } = await listAll(readPage);
      assert.deepEqual([ids.length, end.changedWhileReading], [250, false], String(total));
      assert.equal(pages.at(-1)?.total, 250);
    }
    // A count of the page in the place of a count of the list.
    const { ids, end } = await listAll(odd(rowsOf(250), 99, ({ rows }) => ({ total: rows })).readPage);
    assert.deepEqual([ids.length, end.changedWhileReading], [250, false]);
  });

  it('looks behind a first page that is full, unless no more rows than fit on it are expected', async () => {
    for (const [fewRows, expected] of [
      [false, 2],
      [true, 1],
    ] as const) {
      const { readPage, reads } = odd(rowsOf(99), 99, () => ({ total: 99, pageSize: 99 }));
      const reading = readPages(readPage, neverCancelled, fewRows);
      while ((await reading.next()).done !== true);
      assert.equal(reads(), expected);
    }
  });

  it('ends at the first empty page when the count is far too high', async () => {
    const { readPage, reads } = odd(rowsOf(250), 99, () => ({ total: 1_000_000, pageSize: 99 }));
    const { ids, end } = await listAll(readPage);
    assert.deepEqual([ids.length, end.changedWhileReading], [250, false]);
    assert.ok(reads() <= 64, String(reads()));
  });

  it('ends when the service gives the same page whatever is asked', async () => {
    let reads = 0;
    const { ids, end } = await listAll((number) => {
      reads++;
      return Promise.resolve({ ...pageOf(rowsOf(250), 1), requestId: `REQUEST-${number}` });
    });
    assert.deepEqual([ids.length, end.changedWhileReading], [99, true]);
    assert.ok(reads <= 9, String(reads));
  });

  it('reads 100,000 clients', async () => {
    const rows = rowsOf(100_000);
    const { ids, end } = await listAll((number) => Promise.resolve(pageOf(rows, number)));
    assert.deepEqual([new Set(ids).size, end.changedWhileReading], [100_000, false]);
  });

  it('fails when the pages never end', async () => {
    let reads = 0;
    const endless = listAll((number) => {
      reads++;
      // Of one row, so that ten thousand of them are read in no time.
      const clients = [aRow(String(number))];
      return Promise.resolve({ clients, total: undefined, pageSize: 1, servedAt, requestId: 'R' });
    });
    await assert.rejects(endless, { code: 'unexpected-reply', message: /pages do not end/ });
    assert.equal(reads, 10_000);
  });

  it('gives every client once whatever a service says of its count and its pages', async () => {
    const said = fc.option(fc.integer({ min: -2, max: 1200 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: 1, max: 120 }),
        said,
        fc.boolean(),
        async (count, size, total, honest) => {
          // A service that says nothing of its small pages, nor how many rows there are, cannot be read to its end.
          fc.pre(size >= rowsPerPage || honest);
          // Nor one with a wrong count that all pages up to it bear out.
          fc.pre(total === undefined || total <= size || total >= count || total % size !== 0);
          const page = () => ({ total, pageSize: honest ? size : undefined });
          const { readPage, reads } = odd(rowsOf(count), size, page);
          const { ids } = await listAll(readPage);
          assert.deepEqual([new Set(ids).size, ids.length], [count, count]);
          assert.ok(reads() <= 3 * (Math.ceil(count / size) + 33));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('gives each client that has no id, however alike they look, once in all passes', async () => {
    const nameless: BackupClient = { clientType: 'ECS_CLIENT', status: 'ACTIVATED', tags: [] };
    const rows = [nameless, { ...nameless }, ...rowsOf(200), { ...nameless }];
    const { readPage } = changing(rows, (read) => {
      // Makes another pass necessary.
      if (read === 2) rows.splice(5, 1);
    });
    const { ids } = await listAll(readPage);
    assert.equal(ids.filter((id) => id === undefined).length, 3);
  });

  it('finds the row that a deletion moved to a page already read', async () => {
    const rows = rowsOf(300);
    const { readPage } = changing(rows, (read) => {
      if (read === 2) rows.splice(5, 1);
    });
    const { ids, end } = await listAll(readPage);
    assert.ok(ids.includes('i-99'));
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(end.changedWhileReading, false);
  });

  it('sees through one deletion and one insertion that leave the count as it was', async () => {
    const rows = rowsOf(300);
    const { readPage } = changing(rows, (read) => {
      if (read !== 2) return;
      rows.splice(5, 1);
      rows.push(aRow('new', servedAt));
    });
    const { ids } = await listAll(readPage);
    assert.ok(ids.includes('i-99'));
    assert.ok(ids.includes('i-new'));
  });

  it('gives no client twice when an insertion pushes rows to the next page', async () => {
    const rows = rowsOf(300);
    const { readPage } = changing(rows, (read) => {
      if (read === 2) rows.unshift(aRow('new'));
    });
    const { ids } = await listAll(readPage);
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(ids.length, 301);
  });

  it('stops after three passes over a list that never rests, and says so', async () => {
    const rows = rowsOf(300);
    const { readPage, reads } = changing(rows, () => {
      rows.shift();
    });
    const { end } = await listAll(readPage);
    assert.equal(end.changedWhileReading, true);
    assert.ok(reads() <= 4 * 3);
  });

  it('gives every client that was there throughout exactly once, or says that the list changed', async () => {
    const change = fc.record({
      read: fc.integer({ min: 1, max: 12 }),
      at: fc.nat(399),
      insert: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 400 }),
        fc.array(change, { maxLength: 2 }),
        async (count, changes) => {
          const rows = rowsOf(count);
          const deleted = new Set<string | undefined>();
          const { readPage } = changing(rows, (read) => {
            for (const [index, { at, insert }] of changes.filter((one) => one.read === read).entries()) {
              if (insert) rows.splice(at, 0, aRow(`new-${read}-${index}`, servedAt));
              else for (const row of rows.splice(at, 1)) deleted.add(row.instanceId);
            }
          });
          const { ids, end } = await listAll(readPage);
          assert.equal(new Set(ids).size, ids.length);
          if (end.changedWhileReading) return;
          const throughout = rowsOf(count).filter(({ instanceId }) => !deleted.has(instanceId));
          for (const { instanceId } of throughout) assert.ok(ids.includes(instanceId), instanceId);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes a client that gets its id between two passes for the same client', async () => {
    const nameless: BackupClient = {
      instanceId: 'i-0',
      clientType: 'ECS_CLIENT',
      status: 'INSTALLING',
      tags: [],
    };
    const rows = [nameless, ...rowsOf(200).slice(1)];
    const { readPage } = changing(rows, (read) => {
      if (read !== 2) return;
      rows[0] = aRow('0');
      rows.pop();
    });
    const { ids } = await listAll(readPage);
    assert.equal(ids.filter((id) => id === 'i-0').length, 1);
  });

  it('keeps two clients of one machine apart', async () => {
    const rows = [aRow('0'), { ...aRow('0'), clientId: 'c-second' }];
    const { ids, end } = await listAll(changing(rows, () => undefined).readPage);
    assert.equal(ids.length, 2);
    assert.equal(end.changedWhileReading, false);
  });

  it('runs sixteen reads at first, more as answers come, never more than thirty-two', async () => {
    const rows = rowsOf(99 * 200);
    let running = 0;
    const seen: number[] = [];
    await listAll(async (number) => {
      seen.push(++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return pageOf(rows, number);
    });
    assert.equal(Math.max(...seen.slice(0, 17)), 16);
    assert.equal(Math.max(...seen), 32);
  });

  it('gives a page before the pages after it are there', async () => {
    const rows = rowsOf(300);
    const reading = readPages(
      (number) => (number === 1 ? Promise.resolve(pageOf(rows, 1)) : new Promise(() => undefined)),
      neverCancelled,
    );
    const first = await reading.next();
    assert.equal(first.done, false);
  });

  it('aborts the other reads when one fails, and fails with its error', async () => {
    const rows = rowsOf(500);
    let aborted = 0;
    const reading = listAll((number, _, { signal }) => {
      if (number === 1) return Promise.resolve(pageOf(rows, 1));
      if (number === 3) return Promise.reject(new Error('page three'));
      return untilAborted(signal, () => aborted++);
    });
    await assert.rejects(reading, /page three/);
    assert.equal(aborted, 4);
  });

  it('ends all reads when the listing is cancelled', async () => {
    const rows = rowsOf(500);
    const controller = new AbortController();
    let aborted = 0;
    const reading = listAll((number, _, { signal }) => {
      if (number === 1) return Promise.resolve(pageOf(rows, 1));
      if (number === 6) setImmediate(() => controller.abort());
      return untilAborted(signal, () => aborted++);
    }, controller);
    await assert.rejects(reading, isCancelled);
    assert.equal(aborted, 5);
  });

  it('ends all reads when the caller stops early', async () => {
    const rows = rowsOf(500);
    let aborted = 0;
    const reading = readPages((number, _, { signal }) => {
      return number === 1 ? Promise.resolve(pageOf(rows, 1)) : untilAborted(signal, () => aborted++);
    }, neverCancelled);
    await reading.next();
    await reading.return({ changedWhileReading: false });
    assert.equal(aborted, 5);
  });
});

function untilAborted(signal: AbortSignal, onAbort: () => void): Promise<ClientPage> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      onAbort();
      reject(new CancelledError());
    });
  });
}
