import { bindingRow, planRow, policyRow } from './backups';
import { toSeconds } from './clock';
import { idOf, Restore, type Edition, type JobSource } from './jobs';
import type { Random } from './random';
import type { Region } from './region';
import type { ClientRecord } from './rows';
import { Runner, scheduleOf, type Runs } from './runner';

const hourS = 3600;
const dayS = 86_400;

/** What backs one machine up, and what goes on there when the simulator starts. */
interface Setup {
  readonly name: string;
  readonly interval: string;
  /** Seconds since the last run. */
  readonly agoS: number;
  readonly durationS: number;
  readonly queuedS?: number;
  readonly ends?: Runs['ends'];
  /** Days since which all runs have failed. */
  readonly failingDays?: number;
  /** Days since which the plan is suspended. */
  readonly suspendedDays?: number;
  readonly edition?: Edition;
  readonly restoring?: boolean;
}

// The first ones go to clients with an older version, which can be upgraded. Durations aren't divided by the time scale,
// so that users have time to see them. Because of hourly plans, some machine is busy at any later time too.
const setups: readonly Setup[] = [
  { name: 'hourly', interval: 'PT1H', agoS: 20 * 60, durationS: 24 * 60 },
  { name: 'every 2 hours', interval: 'PT2H', agoS: 15 * 60, durationS: 75 * 60 },
  { name: 'hourly', interval: 'PT1H', agoS: 30, durationS: 12 * 60, queuedS: 6 * 60 },
  { name: 'daily', interval: 'P1D', agoS: dayS - 8 * 60, durationS: 20 * 60 },
  { name: 'daily', interval: 'P1D', agoS: 5 * hourS, durationS: 15 * 60, restoring: true },
  { name: 'every 6 hours', interval: 'PT6H', agoS: hourS, durationS: 3.5 * hourS },
  { name: 'daily', interval: 'P1D', agoS: 9 * hourS, durationS: 40 * 60, ends: 'partly' },
  { name: 'daily', interval: 'P1D', agoS: 7 * hourS, durationS: 20 * 60, failingDays: 3 },
  { name: 'daily', interval: 'P1D', agoS: 3 * hourS, durationS: 30 * 60, failingDays: 9 },
  { name: 'before the move', interval: 'P1D', agoS: 10 * hourS, durationS: hourS, suspendedDays: 12 },
  { name: 'weekly', interval: 'P1W', agoS: 5 * dayS, durationS: 2 * hourS, ends: 'well' },
  { name: 'essential', interval: 'P1D', agoS: 11 * hourS, durationS: 25 * 60, edition: 'BASIC' },
  { name: 'essential', interval: 'P1D', agoS: 8 * hourS, durationS: 25 * 60, edition: 'BASIC' },
];
/** How many of them, from the first, go to clients that can be upgraded. */
const setupsOfOutdated = 5;

/** Gives a seeded region its backups: with `varied` of every kind, else one completed backup for each protected client. */
export function seedBackups(
  region: Region,
  random: Random,
  { varied, nowMs }: { readonly varied: boolean; readonly nowMs: number },
): void {
  const seeder = new Seeder(region, random, toSeconds(nowMs));
  if (varied) seeder.vary();
  else seeder.keepQuiet();
}

class Seeder {
  readonly #region: Region;
  readonly #random: Random;
  readonly #nowS: number;

  constructor(region: Region, random: Random, nowS: number) {
    this.#region = region;
    this.#random = random;
    this.#nowS = nowS;
  }

  keepQuiet(): void {
    for (const record of this.#protected()) {
      const startS = this.#nowS - this.#random.integer(hourS, 20 * hourS);
      this.#region.backups.addRunner(
        new Runner(sourceOf(record, '', 'STANDARD'), {
          ...{ startS, intervalS: dayS, fromS: startS, untilS: startS },
          ...{ queuedS: 4, durationS: 600, failsFromS: Infinity, ends: 'well' },
        }),
      );
    }
  }

  vary(): void {
    const all = this.#protected();
    const reporting = all.filter(
      (record) => record.status === 'ACTIVATED' && this.#failsFrom(record) === Infinity,
    );
    const outdated = reporting.filter(({ row }) => row.ClientVersion !== row.MaxClientVersion);
    const first = outdated.slice(0, setupsOfOutdated);
    const chosen = [...first, ...reporting.filter((record) => !first.includes(record))].slice(
      0,
      setups.length,
    );
    const taken = new Set(chosen);
    chosen.forEach((record, index) => {
      for (const setup of setups.slice(index, index + 1)) this.#setUp(record, setup);
    });
    const policyId = this.#policies();
    for (const record of all) {
      if (taken.has(record)) continue;
      if (this.#random.chance(0.08)) this.#bind(record, policyId);
      else this.#setUp(record, this.#ordinary());
    }
  }

  #protected(): readonly ClientRecord[] {
    return this.#region.clients('ECS_CLIENT').filter(({ row }) => row.BackupStatus === 'PROTECTED');
  }

  #ordinary(): Setup {
    const kind = this.#random.next();
    if (kind < 0.08) {
      const agoS = this.#random.integer(0, hourS - 1);
      return { name: 'hourly', interval: 'PT1H', agoS, durationS: this.#random.integer(4, 10) * 60 };
    }
    const weekly = kind < 0.12;
    return {
      name: weekly ? 'weekly' : 'daily',
      interval: weekly ? 'P1W' : 'P1D',
      agoS: this.#random.integer(0, (weekly ? 7 : 1) * dayS - 1),
      durationS: this.#random.integer(10, 40) * 60,
    };
  }

  #setUp(record: ClientRecord, setup: Setup): void {
    const { name, interval, agoS, durationS, edition = 'STANDARD' } = setup;
    const { backups } = this.#region;
    const { intervalS } = scheduleOf(`I|0|${interval}`);
    const lastS = this.#nowS - agoS;
    const startS = lastS - Math.ceil((30 * dayS) / intervalS) * intervalS;
    const plan = planRow(
      {
        ...{ InstanceId: record.instanceId, ClientId: record.clientId, PlanName: name },
        ...{ Schedule: `I|${startS}|${interval}`, CreatedTime: startS - 60, UpdatedTime: startS - 60 },
        ...{ Disabled: setup.suspendedDays !== undefined, VaultId: idOf('v', edition) },
        ...(edition === 'BASIC' && { Options: '{"performanceLevel":"L0"}' }),
      },
      this.#nowS,
    );
    backups.addPlan(plan, edition);
    if (edition === 'BASIC') backups.essentialIds.add(record.instanceId);
    if (setup.restoring === true) this.#restore(record);
    const untilS = setup.suspendedDays === undefined ? Infinity : this.#nowS - setup.suspendedDays * dayS;
    const failsFromS =
      setup.failingDays === undefined ? this.#failsFrom(record) : this.#nowS - setup.failingDays * dayS;
    backups.addRunner(
      new Runner(sourceOf(record, plan.PlanId, edition), {
        ...{ startS, intervalS, durationS, untilS, failsFromS, ends: setup.ends ?? 'as-it-happens' },
        // Some that went well are among them, however long ago that was.
        fromS: Math.min(lastS, untilS, failsFromS) - (intervalS < dayS ? 24 : 7) * intervalS,
        queuedS: setup.queuedS ?? this.#random.integer(2, 10),
      }),
    );
  }

  /** When a client was last heard of that no longer reports; Infinity for one that does. */
  #failsFrom(record: ClientRecord): number {
    const beatS = record.rowAt(this.#nowS).LastHeartBeatTime;
    return this.#nowS - beatS < hourS ? Infinity : beatS;
  }

  /** Two of them; returns the id of the one that machines are bound to. */
  #policies(): string {
    const name = `${this.#region.accountId} ${this.#region.regionId}`;
    const office = policyRow({ PolicyId: idOf('po', name), PolicyName: 'office hours' }, this.#nowS);
    const archive = policyRow({ PolicyId: idOf('po', `archive ${name}`), PolicyName: 'archive' }, this.#nowS);
    const rules = office.Rules.map((rule) =>
      rule.RuleType === 'BACKUP' ? { ...rule, Schedule: this.#officeSchedule } : rule,
    );
    this.#region.backups.policies.push({ ...office, Rules: rules }, archive);
    return office.PolicyId;
  }

  get #officeSchedule(): string {
    return `I|${this.#nowS - 14 * hourS - 30 * dayS}|P1D`;
  }

  #bind(record: ClientRecord, policyId: string): void {
    const binding = bindingRow({ PolicyId: policyId, DataSourceId: record.instanceId }, this.#nowS);
    this.#region.backups.bindings.push(binding);
    const { startS, intervalS } = scheduleOf(this.#officeSchedule);
    const failsFromS = this.#failsFrom(record);
    this.#region.backups.addRunner(
      new Runner(sourceOf(record, policyId, 'STANDARD'), {
        ...{ startS, intervalS, ends: 'as-it-happens', untilS: Infinity, failsFromS },
        fromS: Math.min(this.#nowS, failsFromS) - 7 * dayS,
        queuedS: this.#random.integer(2, 600),
        durationS: this.#random.integer(10, 40) * 60,
      }),
    );
  }

  #restore(record: ClientRecord): void {
    const startS = this.#nowS - 10 * 60;
    this.#region.backups.addRestore(
      new Restore(
        idOf('r', record.instanceId),
        'STANDARD',
        { createdS: startS - 5, startS, endS: this.#nowS + 50 * 60, end: 'COMPLETE' },
        {
          ...{ TargetInstanceId: record.instanceId, TargetClientId: record.clientId },
          SourceInstanceId: record.instanceId,
        },
      ),
    );
  }
}

function sourceOf(record: ClientRecord, planId: string, edition: Edition): JobSource {
  const { instanceId, clientId } = record;
  return { instanceId, clientId, planId, vaultId: idOf('v', edition), edition };
}
