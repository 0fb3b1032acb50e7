import { strict as assert } from 'node:assert';
import { spawn, type ChildProcess } from 'node:child_process';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { leasesFolder } from '../../../src/storage/layout';
import { createLeaseStore } from '../../../src/storage/leaseStore';
import type { Disk } from '../../../src/storage/disk';
import { nodeDisk } from '../../../src/storage/nodeDisk';
import { createHandClock } from '../../support/handClock';
import { inTemporaryFolder } from '../../support/temporaryFolder';

const second = 1000;

describe('a lease', () => {
  it('is held by one, and free again once given back', () =>
    inTemporaryFolder(async (folder) => {
      const clock = createHandClock();
      const one = createLeaseStore(nodeDisk, folder, clock);
      const two = createLeaseStore(nodeDisk, folder, clock);
      const lease = await one.take('op-1');
      assert.ok(lease);
      assert.equal(await two.take('op-1'), undefined);
      assert.equal(await one.take('op-1'), undefined);
      assert.ok(await two.take('op-2'));
      assert.equal(await lease.isHeld(), true);
      lease.dispose();
      assert.equal(await lease.isHeld(), false);
      assert.ok(await two.take('op-1'));
      assert.equal((await readdir(join(folder, ...leasesFolder))).length, 2);
    }));

  it('stays with a holder that shows that it lives', () =>
    inTemporaryFolder(async (folder) => {
      const clock = createHandClock();
      const lease = await createLeaseStore(nodeDisk, folder, clock).take('op-1');
      const other = createLeaseStore(nodeDisk, folder, clock);
      for (let n = 0; n < 10; n++) {
        await clock.advance(3 * second);
        assert.equal(await lease?.isHeld(), true);
      }
      assert.equal(await other.take('op-1'), undefined);
    }));

  it('passes on after 12 s of silence, and its old holder hears of it', () =>
    inTemporaryFolder(async (folder) => {
      const asleep = createHandClock();
      const awake = createHandClock();
      const old = await createLeaseStore(nodeDisk, folder, asleep).take('op-1');
      const others = createLeaseStore(nodeDisk, folder, awake);
      await awake.advance(12 * second);
      assert.equal(await others.take('op-1'), undefined);
      await awake.advance(1);
      const lease = await others.take('op-1');
      assert.ok(lease && old);
      const losses: string[] = [];
      const lost = new Promise<void>((resolve) => {
        old.onDidLose(() => {
          losses.push('old');
          resolve();
        });
      });
      lease.onDidLose(() => losses.push('new'));
      await asleep.advance(3 * second);
      await lost;
      assert.deepEqual(losses, ['old']);
      assert.equal(await old.isHeld(), false);
      assert.equal(await lease.isHeld(), true);
    }));

  it('is known to be lost before the next beat to a holder that asks', () =>
    inTemporaryFolder(async (folder) => {
      const asleep = createHandClock();
      const awake = createHandClock();
      const old = await createLeaseStore(nodeDisk, folder, asleep).take('op-1');
      await awake.advance(13 * second);
      assert.ok(await createLeaseStore(nodeDisk, folder, awake).take('op-1'));
      assert.equal(await old?.isHeld(), false);
    }));

  it('is lost as soon as a higher generation stands beside it', () =>
    inTemporaryFolder(async (folder) => {
      const lease = await createLeaseStore(nodeDisk, folder, createHandClock()).take('op-1');
      const higher = `${'9'.repeat(14)}.lease`;
      await writeFile(join(folder, ...leasesFolder, `op-10.${higher}`), '');
      assert.equal(await lease?.isHeld(), true);
      await writeFile(join(folder, ...leasesFolder, `op-1.${higher}`), '');
      assert.equal(await lease?.isHeld(), false);
    }));

  it('stays lost to a window that slept while others took it, gave it back and took it again', () =>
    inTemporaryFolder(async (folder) => {
      const asleep = createHandClock();
      const awake = createHandClock();
      const old = await createLeaseStore(nodeDisk, folder, asleep).take('op-1');
      const others = createLeaseStore(nodeDisk, folder, awake);
      await awake.advance(13 * second);
      (await others.take('op-1'))?.dispose();
      await awake.advance(second);
      const lease = await others.take('op-1');
      assert.ok(lease && old);
      assert.equal(await old.isHeld(), false);
      old.dispose();
      assert.equal(await lease.isHeld(), true);
    }));

  it('is not disturbed by others that ask for it', () =>
    inTemporaryFolder(async (folder) => {
      const clock = createHandClock();
      const lease = await createLeaseStore(nodeDisk, folder, clock).take('op-1');
      const other = createLeaseStore(nodeDisk, folder, clock);
      for (let round = 0; round < 20; round++) {
        const [held, ...taken] = await Promise.all([
          lease?.isHeld(),
          ...Array.from({ length: 10 }, () => other.take('op-1')),
        ]);
        assert.equal(held, true);
        assert.ok(taken.every((one) => one === undefined));
      }
    }));

  it('goes to at most one of many that take over at once', () =>
    inTemporaryFolder(async (folder) => {
      const asleep = createHandClock();
      const awake = createHandClock();
      await createLeaseStore(nodeDisk, folder, asleep).take('op-1');
      await awake.advance(13 * second);
      const takers = Array.from({ length: 20 }, () => createLeaseStore(nodeDisk, folder, awake));
      let holders = 0;
      for (let round = 0; round < 10 && holders === 0; round++) {
        const leases = await Promise.all(takers.map((taker) => taker.take('op-1')));
        const held = await Promise.all(leases.flatMap((lease) => lease?.isHeld() ?? []));
        holders = held.filter(Boolean).length;
      }
      assert.equal(holders, 1);
    }));

  it('is kept through a beat that the disk fails, and no longer than others wait for one', () =>
    inTemporaryFolder(async (folder) => {
      const clock = createHandClock();
      const disk = failingDisk();
      const lease = await createLeaseStore(disk, folder, clock).take('op-1');
      assert.ok(lease);
      let lost = 0;
      lease.onDidLose(() => lost++);
      disk.failing = new Set(['touch']);
      await clock.advance(4 * second);
      const held = lease.isHeld();
      disk.failing.clear();
      await clock.advance(2 * second);
      assert.equal(await held, true);
      assert.equal(await lease.isHeld(), true);
      disk.failing.add('list');
      await clock.advance(11 * second);
      assert.equal(lost, 0);
      const asked = lease.isHeld();
      await clock.advance(5 * second);
      assert.equal(await asked, false);
      assert.equal(lost, 1);
      disk.failing.clear();
      assert.ok(await createLeaseStore(nodeDisk, folder, clock).take('op-1'));
    }));

  for (const failing of ['list', 'stat', 'remove'] as const) {
    it(`leaves nothing behind when ${failing} fails while it is taken`, () =>
      inTemporaryFolder(async (folder) => {
        const clock = createHandClock();
        await createLeaseStore(nodeDisk, folder, clock).take('op-1');
        const later = createHandClock(clock.now() + 13 * second);
        for (let nth = 1; nth <= 3; nth++) {
          const disk = failingDisk();
          disk.failNth(failing, nth);
          const taken = await createLeaseStore(disk, folder, later)
            .take('op-1')
            .catch(() => undefined);
          taken?.dispose();
          const lease = await createLeaseStore(nodeDisk, folder, later).take('op-1');
          assert.ok(lease, `nothing holds it after failure ${nth}`);
          lease.dispose();
          await writeFile(join(folder, ...leasesFolder, 'op-1.1.lease'), '');
          await utimes(join(folder, ...leasesFolder, 'op-1.1.lease'), 1, 1);
        }
      }));
  }

  it('takes no name that is a path', () =>
    inTemporaryFolder(async (folder) => {
      await assert.rejects(createLeaseStore(nodeDisk, folder, createHandClock()).take('../x'), {
        code: 'invalid-input',
      });
    }));
});

describe('a lease between processes', () => {
  it('is held by one of two, and passes to the other when its holder is killed', async () => {
    await inTemporaryFolder(async (folder) => {
      const script = join(folder, 'leaseHolder.cjs');
      await build({
        entryPoints: [join(process.cwd(), 'test', 'support', 'leaseHolder.ts')],
        bundle: true,
        platform: 'node',
        format: 'cjs',
        outfile: script,
        logLevel: 'silent',
      });
      const one = competitor(script, folder);
      const two = competitor(script, folder);
      try {
        await Promise.all([one.line('ready'), two.line('ready')]);
        const holder = await Promise.race([
          one.line('taken').then(() => one),
          two.line('taken').then(() => two),
        ]);
        const other = holder === one ? two : one;
        assert.equal(other.seen.includes('taken'), false);
        holder.process.kill('SIGKILL');
        await other.line('taken');
        assert.equal(other.seen.includes('lost'), false);
      } finally {
        one.process.kill('SIGKILL');
        two.process.kill('SIGKILL');
      }
    });
  });
});

type Failing = 'touch' | 'list' | 'stat' | 'remove';

/** The disk of this computer, some of whose operations fail as if too many files were open. */
function failingDisk(): Disk & { failing: Set<Failing>; failNth(operation: Failing, nth: number): void } {
  const left = new Map<Failing, number>();
  const check = (operation: Failing): void => {
    const count = left.get(operation);
    if (count !== undefined) left.set(operation, count - 1);
    if (disk.failing.has(operation) || count === 1) {
      throw Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' });
    }
  };
  const disk = {
    ...nodeDisk,
    failing: new Set<Failing>(),
    failNth: (operation: Failing, nth: number) => void left.set(operation, nth),
    touch: async (file: string, ms: number) => {
      check('touch');
      await nodeDisk.touch(file, ms);
    },
    list: async (path: string) => {
      check('list');
      return nodeDisk.list(path);
    },
    stat: async (file: string) => {
      check('stat');
      return nodeDisk.stat(file);
    },
    remove: async (file: string) => {
      check('remove');
      await nodeDisk.remove(file);
    },
  };
  return disk;
}

interface Competitor {
  readonly process: ChildProcess;
  readonly seen: readonly string[];
  /** Resolves when the process has printed the line. */
  line(text: string): Promise<void>;
}

function competitor(script: string, folder: string): Competitor {
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const seen: string[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (text) => {
    seen.push(text);
    for (const look of [...waiting]) look();
  });
  return {
    process: child,
    seen,
    line: (text) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!seen.includes(text)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}
