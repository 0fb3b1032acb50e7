import { closedOperationsFolder, openOperationsFolder } from '../../src/storage/layout';
import type { Scope } from '../../src/core/service/scope';
import { SimulatedDisk, storageFolder } from './disk';
import { Evidence, type Sent } from './evidence';
import type { HttpRequest } from './http';
import type { SimulatedJob } from './jobs';
import { latestVersion, type SimulatedClient } from './machines';
import { SimulatedNetwork } from './network';
import { createRandom } from './random';
import type { Owner } from './scheduler';
import { SimulatedService } from './service';
import type { MachineKind, ProfileId, Setting, Story, StoryEvent } from './story';
import { SimulatedWindow, type Sabotage } from './window';
import { witnessSending } from './witness';
import { beginningMs, World } from './world';

/** What a change of settings sets besides. */
export const proxyPassword = 'pr0xy-passw0rd';

/** Passwords that may reach no file. The keys of profiles are others: see `SimulatedWindow`. */
export const properSecrets = [
  'secret-of-own',
  'secret-of-second',
  'secret-of-across',
  'secret-of-unverified',
  proxyPassword,
];

export interface RunOptions {
  /** Hears each line of the trace. */
  readonly listener?: (line: string) => void;
  readonly sabotage?: Sabotage;
}

/** Everything that one run is made of. */
export class Stage {
  readonly world: World;
  readonly disk: SimulatedDisk;
  readonly network: SimulatedNetwork;
  readonly service: SimulatedService;
  readonly evidence = new Evidence();
  readonly setting: Setting;
  /** The living process of each window, by number. */
  readonly windows = new Map<number, SimulatedWindow>();
  isReadOnly = false;
  /** Operations whose file was damaged: nobody can say what was decided. */
  readonly damaged = new Map<string, Set<'first' | 'last'>>();
  readonly #sabotage: Sabotage;
  #opened = 0;
  #sleepsUntilMs = 0;
  readonly #onTheWay = new Map<HttpRequest, Sent>();

  constructor({ seed, setting }: Story, { listener, sabotage = {} }: RunOptions = {}) {
    this.#sabotage = sabotage;
    this.setting = setting;
    this.world = new World(createRandom(`run ${seed}`), listener);
    this.world.clockOffsetMs = setting.clockOffsetMs;
    this.disk = new SimulatedDisk(this.world, setting.disk);
    this.disk.tree.ensureFolder(storageFolder);
    this.service = new SimulatedService(this.world, clientsOf(setting), {
      slowness: setting.slowness,
      fates: setting.fates,
      stoppedInstances: setting.stopped.map(instanceIdOf),
      quote: setting.quotesSecrets ? properSecrets.join(' ') : '',
      refusesStatuses: setting.refusesStatuses,
      dateShiftMs: setting.dateShiftMs,
    });
    this.network = new SimulatedNetwork(this.world, setting.network, {
      sent: (owner, request) => {
        const sent = witnessSending(this, owner, request);
        if (sent) this.#onTheWay.set(request, sent);
      },
      answer: (owner, request) => {
        const answer = this.service.answer(owner, request);
        const sent = this.#onTheWay.get(request);
        if (sent && answer.write) sent.arrived = answer.write;
        return answer;
      },
    });
  }

  get jobs(): readonly SimulatedJob[] {
    return this.service.jobs;
  }

  get names(): readonly string[] {
    return Array.from({ length: this.setting.windows }, (_, number) => nameOf(number));
  }

  /** Starts the process of a window unless it runs. */
  open(number: number): void {
    if (this.windows.has(number)) return;
    const { world, disk, network, evidence, setting } = this;
    const window = nameOf(number);
    const owner: Owner = { name: `${window}.${++this.#opened}`, window, frozenUntil: 0, dead: false };
    const slowness = world.random.fork(`keys ${owner.name}`);
    const opened = new SimulatedWindow({
      sabotage: this.#sabotage,
      world,
      owner,
      disk: disk.for(owner),
      agents: network.agents(owner),
      evidence,
      secrets: [...properSecrets, ...(setting.wordAsSecret === undefined ? [] : [setting.wordAsSecret])],
      keyDelayMs: () => (setting.slowKeys && slowness.chance(0.3) ? slowness.integer(10, 15_000) : 0),
    });
    this.windows.set(number, opened);
    world.trace(owner, 'opened');
    opened.safety.current.readOnly = this.isReadOnly;
    void opened.resume();
  }

  /** A backup or restore begins on the client of a machine, if it has one. */
  beginJob({ machine, kind, word, laterWord, forMs }: Extract<StoryEvent, { does: 'job' }>): void {
    const { jobs, clients } = this.service;
    const client = clients.findLast(({ instanceId }) => instanceId === instanceIdOf(machine));
    if (!client || client.clientId === '') return;
    const id = `${kind === 'backup' ? 'job' : 'r'}-${jobs.length + 1}`;
    jobs.push({ kind, id, client, word, laterWord, beganMs: this.world.now, endsMs: this.world.now + forMs });
  }

  /** As SIGKILL: from here on nothing of the process happens. */
  kill(number: number): void {
    const window = this.windows.get(number);
    if (!window) return;
    this.world.trace(window.owner, 'killed');
    window.owner.dead = true;
    this.windows.delete(number);
  }

  close(number: number): void {
    const window = this.windows.get(number);
    if (!window) return;
    this.world.trace(window.owner, 'closed');
    window.close();
    this.windows.delete(number);
  }

  /** Everything works again from now on, and somebody is there to finish what is open. */
  calm(): void {
    this.world.onStep = () => undefined;
    this.setReadOnly(false);
    for (const faults of [this.disk.faults, this.network.faults, this.service.faults]) faults.length = 0;
    for (const { owner } of this.windows.values()) owner.frozenUntil = 0;
    if (this.windows.size === 0) this.open(0);
  }

  /** The computer sleeps: its timers stand still, and what comes meanwhile waits until it wakes. */
  sleep(forMs: number): void {
    if (this.world.now < this.#sleepsUntilMs) return;
    this.#sleepsUntilMs = this.world.now + forMs;
    this.world.sleep(forMs);
    for (const { owner } of this.windows.values()) {
      owner.frozenUntil = Math.max(owner.frozenUntil, this.world.now + forMs);
    }
  }

  setReadOnly(on: boolean): void {
    if (on === this.isReadOnly) return;
    this.isReadOnly = on;
    const { readOnly } = this.evidence;
    const last = readOnly.at(-1);
    if (on) readOnly.push({ fromMs: this.world.now, untilMs: Number.POSITIVE_INFINITY });
    else if (last) last.untilMs = this.world.now;
    for (const window of this.windows.values()) {
      this.world.scheduler.after(0, window.owner, () => window.setReadOnly(on));
    }
  }

  /** Some bytes of a line of an open file change, as on a failing disk. */
  damage(line: 'first' | 'last'): void {
    const [id] = this.operationIds('open');
    const inode = id === undefined ? undefined : this.disk.tree.find(pathOf('open', id));
    if (id === undefined || !inode) return;
    const text = inode.bytes.toString('latin1');
    const lines = text.split('\n');
    const at = line === 'first' ? 0 : Math.max(0, lines.length - 2);
    lines[at] = (lines[at] ?? '').replace('"type"', '"ty\u0000e"');
    inode.bytes = Buffer.from(lines.join('\n'), 'latin1');
    this.damaged.set(id, (this.damaged.get(id) ?? new Set()).add(line));
  }

  /** Ids of the operations whose file is among the open or the closed ones. */
  operationIds(place: 'open' | 'closed'): readonly string[] {
    const folder = [
      storageFolder,
      ...(place === 'open' ? openOperationsFolder : closedOperationsFolder),
    ].join('/');
    return this.disk.tree.list(folder).flatMap((name) => /^(.+)\.jsonl$/.exec(name)?.[1] ?? []);
  }

  scopeOf(profileId: ProfileId): Scope {
    const common = { profileId, regionId: 'cn-hangzhou', clientType: 'ECS_CLIENT' } as const;
    switch (profileId) {
      case 'own':
      case 'second':
        return { ...common, accountId: ownAccount };
      case 'across':
        return {
          ...common,
          accountId: '2222222222222222',
          crossAccount: { type: 'CROSS_ACCOUNT', userId: ownAccount, roleName: 'backup' },
        };
      case 'unverified':
        return { ...common, accountId: '' };
    }
  }
}

function folderOf(place: 'open' | 'closed'): string {
  return [storageFolder, ...(place === 'open' ? openOperationsFolder : closedOperationsFolder)].join('/');
}

function pathOf(place: 'open' | 'closed', id: string): string {
  return `${folderOf(place)}/${id}.jsonl`;
}

const ownAccount = '1111111111111111';

function nameOf(number: number): string {
  return `w${number}`;
}

function instanceIdOf(number: number): string {
  return `i-bp123456${number}`;
}

function clientsOf({ machines }: Setting): readonly SimulatedClient[] {
  return machines.flatMap((kind, number) => {
    const client = clientOf(kind, number);
    if (kind !== 'twins') return [client];
    const old: SimulatedClient = {
      ...client,
      clientId: `c-old123456${number}`,
      backupStatus: 'UNPROTECTED',
      status: 'UNKNOWN',
      silentSinceMs: beginningMs - 9 * day,
      changes: [],
    };
    return [old, client];
  });
}

const day = 86_400_000;

function clientOf(kind: MachineKind, number: number): SimulatedClient {
  const isBare = kind === 'bare';
  return {
    clientId: isBare ? '' : `c-123456${number}`,
    instanceId: instanceIdOf(number),
    zoneId: `cn-hangzhou-${'hij'.charAt(number % 3)}`,
    backupStatus: isBare ? 'UNPROTECTED' : 'PROTECTED',
    status: isBare ? 'NOT_INSTALLED' : 'ACTIVATED',
    version: isBare ? '' : '2.12.0',
    isTwin: kind === 'twins',
    latestVersion,
    updatedMs: beginningMs - day,
    silentSinceMs: undefined,
    cores: 1,
    changes: [],
  };
}
