import type { Strategy } from '../../src/core/operations/operation';
import type { Action } from '../../src/core/schedules';
import type { DiskFault } from './disk';
import type { NetworkFault } from './network';
import { createRandom, type Random } from './random';
import type { ServiceFault } from './service';
import {
  profileIds,
  type MachineKind,
  type ProfileId,
  type Setting,
  type Story,
  type StoryEvent,
} from './story';
import type { TaskFate } from './tasks';

const second = 1_000;
const minute = 60 * second;

/** What may go wrong in one story. Few kinds in each, so that every kind is also seen without the others. */
interface Troubles {
  readonly disk: boolean;
  readonly network: boolean;
  readonly service: boolean;
  readonly deaths: boolean;
  readonly pauses: boolean;
  readonly clock: boolean;
  readonly decisions: boolean;
  readonly damage: boolean;
}

/** Makes the story of a seed. */
export function storyOf(seed: number): Story {
  const random = createRandom(`story ${seed}`);
  const troubles: Troubles = {
    disk: random.chance(0.3),
    network: random.chance(0.4),
    service: random.chance(0.3),
    deaths: random.chance(0.3),
    pauses: random.chance(0.25),
    clock: random.chance(0.25),
    decisions: random.chance(0.5),
    damage: random.chance(0.08),
  };
  const setting = settingOf(random, troubles);
  const starts = startsOf(random, setting);
  const count = random.integer(1, 5);
  const kinds = eventKinds.filter(({ trouble }) => troubles[trouble]);
  const others = kinds.length === 0 ? [] : Array.from({ length: count }, () => random.pick(kinds));
  const events = others.flatMap(({ make }) => make(random, setting, momentNear(random, starts)));
  return { seed, setting, events: [...starts, ...events].sort((a, b) => a.atMs - b.atMs) };
}

const words = [
  'upgrade',
  'install',
  'uninstall',
  'operation',
  'intent',
  'answer',
  'sendingStopped',
  'ECS_CLIENT',
  'ACTIVATED',
  'completed',
  '123456',
  'bp1234',
];
const fateChoices: readonly (readonly TaskFate[])[] = [
  ['completes'],
  ['completes'],
  ['completes', 'partlyFails'],
  ['completes', 'fails', 'expires', 'cancelled'],
  ['completes', 'arrivesThoughCancelled', 'arrivesThoughFailed'],
  ['completes', 'forgotten', 'unnamed'],
];

function settingOf(random: Random, troubles: Troubles): Setting {
  const count = random.chance(0.05) ? random.integer(21, 26) : random.integer(1, 6);
  const bareShare = random.pick([0, 0, 0.3, 1]);
  const kindOf = (): MachineKind =>
    random.chance(0.12) ? 'twins' : random.chance(bareShare) ? 'bare' : 'outdated';
  const isSlow = random.chance(0.3);
  return {
    windows: random.pick([1, 2, 2, 3]),
    machines: Array.from({ length: count }, kindOf),
    slowness: random.pick([0.3, 1, 1, 2, 5]),
    fates: random.pick(fateChoices),
    stopped: troubles.service && random.chance(0.4) ? [random.integer(0, count - 1)] : [],
    clockOffsetMs: troubles.clock
      ? random.pick([-14, -10, -5, 0, 5, 10, 14]) * minute
      : random.integer(-900, 900),
    dateShiftMs: random.chance(0.05) ? undefined : 0,
    wordAsSecret: random.chance(0.15) ? random.pick(words) : undefined,
    quotesSecrets: random.chance(0.3),
    slowKeys: random.chance(0.1),
    disk: {
      slowShare: isSlow ? 0.3 : 0.02,
      slowestMs: random.pick([5, 50, 500]),
      lostEvents: random.pick([0, 0.2, 1]),
    },
    network: { slowestMs: random.pick([5, 50, 300]) },
  };
}

function startsOf(random: Random, setting: Setting): readonly StoryEvent[] {
  const allBare = setting.machines.every((kind) => kind === 'bare');
  const start = (atMs: number): StoryEvent => {
    const action: Action = random.chance(allBare ? 0.9 : 0.1)
      ? 'install'
      : random.pick(['upgrade', 'upgrade', 'uninstall']);
    return {
      atMs,
      does: 'start',
      window: random.integer(0, setting.windows - 1),
      profile: random.chance(0.7) ? 'own' : random.pick<ProfileId>(profileIds),
      action,
      rows: rowsOf(random, setting.machines.length),
      strategy: random.pick<Strategy>([
        { kind: 'all' },
        { kind: 'canary' },
        { kind: 'zones' },
        { kind: 'batches', size: 1 },
        { kind: 'batches', size: 2 },
      ]),
      maxFailures: random.pick([0, 0, 1, 2]),
    };
  };
  const first = random.integer(0, 2 * second);
  const more = random.pick([0, 0, 1, 1, 2]);
  // The next one comes within milliseconds, or while the first goes on, or after it.
  const gaps = [5, 200, 10 * second, 2 * minute, 8 * minute];
  const starts = [start(first)];
  for (let n = 0, at = first; n < more; n++) {
    at += random.integer(0, random.pick(gaps));
    starts.push(start(at));
  }
  return starts;
}

/** Many or all of them as a rule, so that two starts often want the same ones. */
function rowsOf(random: Random, count: number): readonly number[] {
  const share = random.pick([0.4, 1, 1]);
  const rows = Array.from({ length: count }, (_, row) => row).filter(() => random.chance(share));
  return rows.length > 0 ? rows : [random.integer(0, count - 1)];
}

/** A time at which something goes on: soon after a start as a rule. */
function momentNear(random: Random, starts: readonly StoryEvent[]): number {
  return (
    random.pick(starts).atMs +
    random.integer(0, random.pick([50, 2 * second, 30 * second, 3 * minute, 12 * minute]))
  );
}

interface EventKind {
  readonly trouble: keyof Troubles;
  readonly make: (random: Random, setting: Setting, atMs: number) => readonly StoryEvent[];
}

const windowIn = (random: Random, { windows }: Setting): number => random.integer(0, windows - 1);
/** One window, or absent for all. */
const perhapsWindow = (random: Random, setting: Setting): { readonly window?: number } =>
  random.chance(0.6) ? { window: windowIn(random, setting) } : {};
/** Once, a few times, or all the while. */
const howOften = (random: Random): { readonly times: number; readonly forMs: number } =>
  random.pick([
    { times: 1, forMs: 10 * minute },
    { times: random.integer(2, 6), forMs: 5 * minute },
    { times: 10_000, forMs: random.integer(1, 90) * second },
  ]);

const eventKinds: readonly EventKind[] = [
  {
    trouble: 'decisions',
    make: (random, setting, atMs) => [
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
        window: windowIn(random, setting),
        operation: random.pick([0, 0, 1]),
      },
    ],
  },
  {
    trouble: 'decisions',
    make: (random, setting, atMs) => {
      if (random.chance(0.3)) return [{ atMs, does: 'clearFinished', window: windowIn(random, setting) }];
      return [
        { atMs, does: 'readOnly', on: true },
        { atMs: atMs + random.integer(1, 120) * second, does: 'readOnly', on: false },
      ];
    },
  },
  {
    trouble: 'disk',
    make: (random, setting, atMs) => {
      const code = random.pick<DiskFault['code']>(['ENOSPC', 'ENOSPC', 'EIO', 'EIO', 'EMFILE', 'EACCES']);
      const works: Partial<Record<DiskFault['code'], readonly DiskFault['works'][]>> = {
        ENOSPC: [['append', 'replace'], ['append']],
        EIO: [['read'], ['sync'], ['append'], ['read', 'stat', 'list'], ['rename']],
        EMFILE: [['open', 'read', 'list', 'syncFolder'], ['list']],
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
          ...perhapsWindow(random, setting),
          ...howOften(random),
        },
      ];
    },
  },
  {
    trouble: 'network',
    make: (random, setting, atMs) => [
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
          'requestLost',
          'requestSwallowed',
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
          { calls: 'reads' },
          { calls: 'tasks' },
        ]),
        ...perhapsWindow(random, setting),
        ...howOften(random),
      },
    ],
  },
  {
    trouble: 'service',
    make: (random, _setting, atMs) => [
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
    trouble: 'deaths',
    make: (random, setting, atMs) => {
      const window = windowIn(random, setting);
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
    make: (random, setting, atMs) => [
      random.chance(0.7)
        ? {
            atMs,
            does: 'freeze',
            window: windowIn(random, setting),
            forMs: random.pick([3, 14, 20, 45, 300]) * second,
          }
        : { atMs, does: 'sleep', forMs: random.pick([10, 60, 600, 3_600]) * second },
    ],
  },
  {
    trouble: 'clock',
    make: (random, _setting, atMs) => [
      { atMs, does: 'setClock', byMs: random.pick([-3_600, -600, -30, 30, 600, 3_600]) * second },
    ],
  },
  {
    trouble: 'damage',
    make: (random, _setting, atMs) => [
      { atMs, does: 'damage', line: random.pick(['first', 'first', 'last']) },
    ],
  },
];
