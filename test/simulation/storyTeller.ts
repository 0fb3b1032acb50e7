import type { Strategy } from '../../src/core/operations/operation';
import type { OperationAction } from '../../src/core/service/actions';
import { createRandom, type Random } from './random';
import {
  profileIds,
  type MachineKind,
  type ProfileId,
  type Setting,
  type StartEvent,
  type Story,
  type StoryEvent,
} from './story';
import { jobWords } from './jobs';
import type { TaskFate } from './tasks';
import { eventKinds, minute, sceneNear, second, type Troubles } from './troubles';

/** Makes the story of a seed. */
export function storyOf(seed: number): Story {
  const random = createRandom(`story ${seed}`);
  const troubles: Troubles = {
    disk: random.chance(0.35),
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
  const events = others.flatMap(({ make }) => make(sceneNear(random, setting, random.pick(starts))));
  const jobs = jobsOf(createRandom(`jobs ${seed}`), setting, starts);
  return { seed, setting, events: [...starts, ...events, ...jobs].sort((a, b) => a.atMs - b.atMs) };
}

/** What runs on machines, and perhaps that nobody may see it. Drawn apart from all else. */
function jobsOf(random: Random, setting: Setting, starts: readonly StartEvent[]): readonly StoryEvent[] {
  if (!random.chance(0.4)) return [];
  const jobs = Array.from({ length: random.integer(1, 4) }, (): StoryEvent => {
    const start = random.pick(starts);
    const word = random.pick(jobWords);
    return {
      // Before a start as a rule, so that it's there when the wave begins.
      atMs: Math.max(0, start.atMs + random.pick([-10_000, -1_000, -10, 100, 30 * second, 4 * minute])),
      does: 'job',
      machine: random.integer(0, setting.machines.length - 1),
      kind: random.pick(['backup', 'backup', 'restore']),
      word,
      laterWord: random.chance(0.7) ? word : random.pick(jobWords),
      forMs: random.pick([20 * second, 2 * minute, 9 * minute, 50 * minute, 9 * 60 * minute]),
    };
  });
  if (!random.chance(0.3)) return jobs;
  const denied: StoryEvent = {
    atMs: random.pick(starts).atMs + random.integer(0, 3 * minute),
    does: 'serviceFault',
    kind: random.pick(['denied', 'unavailable', 'throttled']),
    calls: 'jobs',
    times: 10_000,
    forMs: random.pick([1, 4, 20]) * minute,
  };
  return [...jobs, denied];
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
    refusesStatuses: random.fork('statuses').chance(0.2),
    disk: {
      slowShare: isSlow ? 0.3 : 0.02,
      slowestMs: random.pick([5, 50, 500]),
      lostEvents: random.pick([0, 0.2, 1]),
    },
    network: { slowestMs: random.pick([5, 50, 300]) },
  };
}

function startsOf(random: Random, setting: Setting): readonly StartEvent[] {
  const allBare = setting.machines.every((kind) => kind === 'bare');
  const agreed = random.fork('agreed');
  const start = (atMs: number): StartEvent => {
    const action = random.chance(allBare ? 0.9 : 0.1)
      ? 'install'
      : random.pick<OperationAction>(['upgrade', 'upgrade', 'uninstall', 'upgrade', 'uninstall', 'settings']);
    return {
      atMs,
      does: 'start',
      window: random.integer(0, setting.windows - 1),
      profile: random.chance(0.7) ? 'own' : random.pick<ProfileId>(profileIds),
      action,
      cores: random.integer(1, 4),
      rows: rowsOf(random, setting.machines.length),
      strategy: random.pick<Strategy>([
        { kind: 'all' },
        { kind: 'canary' },
        { kind: 'zones' },
        { kind: 'batches', size: 1 },
        { kind: 'batches', size: 2 },
      ]),
      maxFailures: random.pick([0, 0, 1, 2]),
      holdLimitMs: agreed.pick([5, 30, 120]) * minute,
      saw: agreed.chance(0.5),
      includes: agreed.chance(0.15),
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
