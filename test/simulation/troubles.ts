import type { DiskFault } from './disk';
import type { NetworkFault } from './network';
import type { Random } from './random';
import type { ServiceFault } from './service';
import type { Setting, StartEvent, StoryEvent } from './story';

export const second = 1_000;
export const minute = 60 * second;

/** What may go wrong in one story. Few kinds in each, so that every kind is also seen without the others. */
export interface Troubles {
  readonly disk: boolean;
  readonly network: boolean;
  readonly service: boolean;
  readonly deaths: boolean;
  readonly pauses: boolean;
  readonly clock: boolean;
  readonly decisions: boolean;
  readonly damage: boolean;
}

/** Where in a story something happens. */
interface Scene {
  readonly random: Random;
  readonly setting: Setting;
  /** What it happens near to. */
  readonly start: StartEvent;
  readonly atMs: number;
}

/** A time at which something goes on: soon after a start as a rule. */
export function sceneNear(random: Random, setting: Setting, start: StartEvent): Scene {
  const within = random.pick([50, 2 * second, 30 * second, 3 * minute, 12 * minute]);
  return { random, setting, start, atMs: start.atMs + random.integer(0, within) };
}

interface EventKind {
  readonly trouble: keyof Troubles;
  readonly make: (scene: Scene) => readonly StoryEvent[];
}

/** The window of the start as often as not: there the bytes go out. */
const windowIn = (random: Random, { windows }: Setting, start: StartEvent): number =>
  random.chance(0.5) ? start.window : random.integer(0, windows - 1);
/** One window, or absent for all. */
const perhapsWindow = (random: Random, setting: Setting, start: StartEvent): { readonly window?: number } =>
  random.chance(0.6) ? { window: windowIn(random, setting, start) } : {};
/** Once, a few times, or all the while. */
const howOften = (random: Random): { readonly times: number; readonly forMs: number } =>
  random.pick([
    { times: 1, forMs: 10 * minute },
    { times: random.integer(2, 6), forMs: 5 * minute },
    { times: 10_000, forMs: random.integer(1, 90) * second },
  ]);

export const eventKinds: readonly EventKind[] = [
  {
    trouble: 'decisions',
    make: ({ random, setting, start, atMs }) => [
      {
        atMs,
        does: random.pick([
          'stopSending',
          'stopSending',
          'stopWatching',
          'refreshNow',
          'refreshNow',
          'remove',
        ]),
        window: windowIn(random, setting, start),
        operation: random.pick([0, 0, 1]),
      },
    ],
  },
  {
    // Somebody looks again and again, also as it ends.
    trouble: 'decisions',
    make: ({ random, setting, start }) => {
      const window = windowIn(random, setting, start);
      const everyMs = random.integer(300, 4_000);
      const atMs = start.atMs + random.integer(20, 200) * second;
      return Array.from({ length: 20 }, (_, n) => ({
        atMs: atMs + n * everyMs,
        does: 'refreshNow',
        window,
        operation: 0,
      }));
    },
  },
  {
    trouble: 'decisions',
    make: ({ random, setting, start, atMs }) => {
      if (random.chance(0.3))
        return [{ atMs, does: 'clearFinished', window: windowIn(random, setting, start) }];
      return [
        { atMs, does: 'readOnly', on: true },
        { atMs: atMs + random.integer(1, 120) * second, does: 'readOnly', on: false },
      ];
    },
  },
  {
    trouble: 'disk',
    make: ({ random, setting, start, atMs }) => {
      const code = random.pick<DiskFault['code']>(['ENOSPC', 'ENOSPC', 'EIO', 'EIO', 'EMFILE', 'EACCES']);
      const works: Partial<Record<DiskFault['code'], readonly DiskFault['works'][]>> = {
        ENOSPC: [['append', 'replace'], ['append']],
        EIO: [['read'], ['sync'], ['append'], ['read', 'stat', 'list'], ['rename'], ['touch']],
        EMFILE: [
          ['open', 'read', 'list', 'syncFolder'],
          ['list', 'touch'],
        ],
        EACCES: [['list', 'read', 'open', 'ensureFolder']],
      };
      const kinds = random.pick(works[code] ?? [undefined]);
      return [
        {
          atMs,
          does: 'diskFault',
          code,
          ...(kinds === undefined ? {} : { works: kinds }),
          ...(random.chance(0.4) ? { path: random.pick(['/leases', '/operations']) } : {}),
          ...perhapsWindow(random, setting, start),
          ...howOften(random),
        },
      ];
    },
  },
  {
    // A record is missing while another window decides.
    trouble: 'disk',
    make: ({ random, setting, start }) => [
      {
        atMs: start.atMs + random.integer(0, 3 * second),
        does: 'diskFault',
        code: 'ENOSPC',
        works: ['append'],
        path: '/operations',
        window: start.window,
        times: random.integer(1, 3),
        forMs: 10 * minute,
      },
      {
        atMs: start.atMs + random.integer(4, 90) * second,
        does: random.pick(['stopSending', 'stopWatching', 'refreshNow']),
        window: (start.window + 1) % setting.windows,
        operation: 0,
      },
    ],
  },
  {
    // A window dies, and the disk fails when another one takes over.
    trouble: 'disk',
    make: ({ random, start, atMs }) => [
      { atMs, does: 'kill', window: start.window },
      {
        atMs: atMs + random.integer(0, 14) * second,
        does: 'diskFault',
        code: random.pick(['EIO', 'EMFILE']),
        works: ['read', 'open'],
        path: '/operations',
        times: 10_000,
        forMs: random.integer(2, 30) * second,
      },
    ],
  },
  {
    trouble: 'network',
    make: ({ random, setting, start, atMs }) => [
      {
        atMs,
        does: 'networkFault',
        kind: random.pick<NetworkFault['kind']>([
          'refused',
          'unreachable',
          'noName',
          'connectTimesOut',
          'handshakeFails',
          'requestLost',
          'requestSwallowed',
          'replyLost',
          'replyLost',
          'replyLost',
          'replyCut',
          'replyCutQuietly',
          'replyNeverComes',
          'replySlow',
          'captivePage',
          'gatewayPage',
          'gatewayPageAfterRunning',
        ]),
        ...random.pick<{ readonly calls?: 'writes' | 'reads' | 'tasks' }>([
          {},
          { calls: 'writes' },
          { calls: 'writes' },
          { calls: 'writes' },
          { calls: 'reads' },
          { calls: 'tasks' },
        ]),
        ...perhapsWindow(random, setting, start),
        ...howOften(random),
      },
    ],
  },
  {
    trouble: 'service',
    make: ({ random, atMs }) => [
      {
        atMs,
        does: 'serviceFault',
        kind: random.pick<ServiceFault['kind']>([
          'throttled',
          'throttled',
          'throttledByHeader',
          'failsAfterRunning',
          'unavailable',
          'denied',
        ]),
        calls: random.pick<ServiceFault['calls']>(['writes', 'writes', 'reads', 'tasks', 'all']),
        ...random.pick<{ readonly retryAfterMs?: number }>([
          {},
          { retryAfterMs: 2 * second },
          { retryAfterMs: 20 * second },
        ]),
        ...howOften(random),
      },
    ],
  },
  {
    // A permission that is missing: the list still tells.
    trouble: 'service',
    make: ({ random, atMs }) => [
      {
        atMs,
        does: 'serviceFault',
        kind: 'denied',
        calls: 'tasks',
        times: 10_000,
        forMs: random.pick([5, 30]) * minute,
      },
    ],
  },
  {
    trouble: 'deaths',
    make: ({ random, setting, start, atMs }) => {
      const window = windowIn(random, setting, start);
      const backMs = random.pick([100, 5 * second, 20 * second, 3 * minute, 40 * minute]);
      const death = random.pick<readonly StoryEvent[]>([
        [{ atMs, does: 'kill', window }],
        [{ atMs, does: 'killAtStep', window, step: random.integer(1, random.pick([20, 100, 400])) }],
        [{ atMs, does: 'close', window }],
        [{ atMs, does: 'powerCut', reorders: random.chance(0.5), zeros: random.chance(0.3) }],
      ]);
      return random.chance(0.8) ? [...death, { atMs: atMs + backMs, does: 'open', window }] : death;
    },
  },
  {
    trouble: 'pauses',
    make: ({ random, setting, start, atMs }) => [
      random.chance(0.7)
        ? {
            atMs,
            does: 'freeze',
            window: windowIn(random, setting, start),
            forMs: random.pick([3, 14, 20, 45, 300]) * second,
          }
        : { atMs, does: 'sleep', forMs: random.pick([10, 60, 600, 3_600]) * second },
    ],
  },
  {
    // An attempt waits for its turn while its window gets none, and another window goes on.
    trouble: 'pauses',
    make: ({ random, start }) => [
      {
        atMs: Math.max(0, start.atMs - 1),
        does: 'serviceFault',
        kind: 'throttled',
        calls: 'writes',
        retryAfterMs: random.pick([1, 2, 5]) * second,
        times: 1,
        forMs: minute,
      },
      {
        atMs: start.atMs + random.integer(50, 2_000),
        does: 'freeze',
        window: start.window,
        forMs: random.pick([14, 20, 45]) * second,
      },
    ],
  },
  {
    trouble: 'clock',
    make: ({ random, atMs }) => [
      { atMs, does: 'setClock', byMs: random.pick([-3_600, -600, -30, 30, 600, 3_600]) * second },
    ],
  },
  {
    // While a task is followed, somebody sets the clock back and looks.
    trouble: 'clock',
    make: ({ random, start }) => {
      const atMs = start.atMs + random.integer(32, 150) * second;
      return [
        { atMs, does: 'setClock', byMs: -3_600 * second },
        {
          atMs: atMs + random.integer(1, 20) * second,
          does: 'refreshNow',
          window: start.window,
          operation: 0,
        },
      ];
    },
  },
  {
    trouble: 'damage',
    make: ({ random, atMs }) => [{ atMs, does: 'damage', line: random.pick(['first', 'first', 'last']) }],
  },
];
