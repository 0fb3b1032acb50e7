import { Random } from './random';

export const editions = ['STANDARD', 'BASIC'] as const;
/** BASIC is the Essential Edition. */
export type Edition = (typeof editions)[number];

/** One entry of `BackupJobs.BackupJob` as it goes over the wire. Status is text, so that tests can invent words. */
export interface JobRow {
  readonly JobId: string;
  readonly JobName: string;
  readonly PlanId: string;
  readonly VaultId: string;
  readonly ClientId: string;
  readonly InstanceId: string;
  readonly SourceType: string;
  readonly BackupType: string;
  readonly Status: string;
  /** 0 to 10000. */
  readonly Progress: number;
  readonly BytesTotal: number;
  readonly BytesDone: number;
  readonly ActualBytes: number;
  readonly ItemsTotal: number;
  readonly ItemsDone: number;
  readonly ActualItems: number;
  readonly Speed: number;
  /** UNIX seconds, as the other times; 0 for what has not happened. */
  readonly CreatedTime: number;
  readonly StartTime: number;
  readonly UpdatedTime: number;
  readonly CompleteTime: number;
  readonly ErrorMessage: string;
  readonly Paths: { readonly Path: readonly string[] };
  readonly CrossAccountType: string;
  readonly CrossAccountUserId: number;
}

/** One entry of `RestoreJobs.RestoreJob`. */
export interface RestoreRow {
  readonly RestoreId: string;
  readonly RestoreType: string;
  readonly SourceType: string;
  readonly Status: string;
  readonly Progress: number;
  readonly TargetInstanceId: string;
  readonly TargetClientId: string;
  readonly SourceInstanceId: string;
  readonly SnapshotId: string;
  readonly VaultId: string;
  readonly TargetPath: string;
  readonly BytesTotal: number;
  readonly BytesDone: number;
  readonly CreatedTime: number;
  readonly StartTime: number;
  readonly UpdatedTime: number;
  readonly CompleteTime: number;
  readonly ErrorMessage: string;
}

/** What a job does when; UNIX seconds. */
export interface Course {
  readonly createdS: number;
  readonly startS: number;
  /** Infinity for one that never ends. */
  readonly endS: number;
  /** Its status from then on. */
  readonly end: string;
  readonly errorMessage?: string;
}

/** What a backup backs up, and on whose behalf. */
export interface JobSource {
  readonly instanceId: string;
  readonly clientId: string;
  /** Empty for a backup that nothing planned. */
  readonly planId: string;
  readonly vaultId: string;
  readonly edition: Edition;
}

const endWords: ReadonlySet<string> = new Set([
  ...['COMPLETE', 'PARTIAL_COMPLETE', 'FAILED', 'CANCELED', 'EXPIRED'],
  ...['CLIENT_DELETED', 'UNAVAILABLE', 'VM_UNAVAILABLE'],
]);

/** True for a status in which a job stays. */
export function isEnd(status: string): boolean {
  return endWords.has(status);
}

/** A backup or restore whose status and progress follow from the time, until a test or an uninstall changes it. */
abstract class Timed<Row extends { readonly Status: string }> {
  readonly #course: Course;
  #change: Partial<Row>;

  constructor(course: Course, change: Partial<Row>) {
    this.#course = course;
    this.#change = change;
  }

  get createdS(): number {
    return this.#course.createdS;
  }

  protected get changed(): Partial<Row> {
    return this.#change;
  }

  statusAt(nowS: number): string {
    const { startS, endS, end } = this.#course;
    return this.#change.Status ?? (nowS >= endS ? end : nowS >= startS ? 'RUNNING' : 'QUEUED');
  }

  change(change: Partial<Row>): void {
    this.#change = { ...this.#change, ...change };
  }

  /** The fields that follow from the time. */
  protected timesAt(nowS: number) {
    const { createdS, startS, endS, errorMessage } = this.#course;
    const ended = nowS >= endS;
    const share = ended ? 1 : Math.max(0, (nowS - startS) / (endS - startS));
    return {
      Status: this.statusAt(nowS),
      Progress: Math.floor(share * 10_000),
      CreatedTime: createdS,
      StartTime: nowS >= startS ? startS : 0,
      UpdatedTime: ended ? endS : nowS,
      CompleteTime: ended ? endS : 0,
      ErrorMessage: ended ? (errorMessage ?? '') : '',
    };
  }
}

/** A backup. Its sizes and id come from the plan and the time at which it was created. */
export class Job extends Timed<JobRow> {
  readonly #source: JobSource;

  constructor(source: JobSource, course: Course, change: Partial<JobRow> = {}) {
    super(course, change);
    this.#source = source;
  }

  get edition(): Edition {
    return this.#source.edition;
  }

  get jobId(): string {
    return this.changed.JobId ?? idOf('job', `${this.#source.planId} ${this.instanceId} ${this.createdS}`);
  }

  get instanceId(): string {
    return this.changed.InstanceId ?? this.#source.instanceId;
  }

  rowAt(nowS: number): JobRow {
    const { clientId, planId, vaultId } = this.#source;
    const random = new Random(`${this.instanceId} sizes`);
    const BytesTotal = random.integer(200_000_000, 90_000_000_000);
    const ItemsTotal = random.integer(500, 400_000);
    const times = this.timesAt(nowS);
    const done = times.Progress / 10_000;
    return {
      JobId: this.jobId,
      JobName: '',
      PlanId: planId,
      VaultId: vaultId,
      ClientId: clientId,
      InstanceId: this.instanceId,
      SourceType: 'ECS_FILE',
      BackupType: 'COMPLETE',
      ...times,
      BytesTotal,
      BytesDone: Math.floor(BytesTotal * done),
      ActualBytes: Math.floor(BytesTotal * done * 0.05),
      ItemsTotal,
      ItemsDone: Math.floor(ItemsTotal * done),
      ActualItems: Math.floor(ItemsTotal * done * 0.05),
      Speed: times.Status === 'RUNNING' ? 20_480 : 0,
      Paths: { Path: ['/srv'] },
      CrossAccountType: 'SELF_ACCOUNT',
      CrossAccountUserId: 0,
      ...this.changed,
    };
  }

  /** A field that can be filtered by. Making the whole row would take much longer. */
  fieldAt(key: string, nowS: number): string | number {
    switch (key) {
      case 'instanceid':
        return this.instanceId;
      case 'clientid':
        return this.changed.ClientId ?? this.#source.clientId;
      case 'planid':
        return this.changed.PlanId ?? this.#source.planId;
      case 'vaultid':
        return this.changed.VaultId ?? this.#source.vaultId;
      case 'status':
        return this.statusAt(nowS);
      case 'jobid':
        return this.jobId;
      case 'createdtime':
        return this.createdS;
      default:
        return this.changed.CompleteTime ?? this.timesAt(nowS).CompleteTime;
    }
  }
}

/** A restore. */
export class Restore extends Timed<RestoreRow> {
  readonly restoreId: string;
  readonly edition: Edition;

  constructor(restoreId: string, edition: Edition, course: Course, change: Partial<RestoreRow>) {
    super(course, change);
    this.restoreId = restoreId;
    this.edition = edition;
  }

  get targetInstanceId(): string {
    return this.changed.TargetInstanceId ?? '';
  }

  rowAt(nowS: number): RestoreRow {
    const times = this.timesAt(nowS);
    const BytesTotal = 4_294_967_296;
    return {
      RestoreId: this.restoreId,
      RestoreType: 'ECS_FILE',
      SourceType: 'ECS_FILE',
      ...times,
      TargetInstanceId: '',
      TargetClientId: '',
      SourceInstanceId: '',
      SnapshotId: idOf('s', this.restoreId),
      VaultId: idOf('v', this.edition),
      TargetPath: '/',
      BytesTotal,
      BytesDone: Math.floor((BytesTotal * times.Progress) / 10_000),
      ...this.changed,
    };
  }
}

/** An id that always belongs to the same text. */
export function idOf(prefix: string, text: string): string {
  return `${prefix}-000${new Random(`${prefix} ${text}`).characters(17)}`;
}
