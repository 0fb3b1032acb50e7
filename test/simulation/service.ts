import type { OperationAction } from '../../src/core/service/actions';
import type { HttpReply, HttpRequest } from './http';
import { asksForUnfinished, jobsBody, type SimulatedJob } from './jobs';
import { changeCores, rowOf, settleClient, type SimulatedClient } from './machines';
import type { Random } from './random';
import type { Owner } from './scheduler';
import { startTask, taskBody, type Task, type TaskFate } from './tasks';
import type { World } from './world';

export type ServiceFaultKind =
  'throttled' | 'throttledByHeader' | 'failsAfterRunning' | 'unavailable' | 'denied';

/** The service answers otherwise than it should. */
export interface ServiceFault {
  readonly kind: ServiceFaultKind;
  readonly calls: 'reads' | 'writes' | 'tasks' | 'jobs' | 'all';
  readonly retryAfterMs?: number;
  times: number;
  readonly untilMs: number;
}

/** One call that would change machines, as the service knows it. */
export interface JournaledWrite {
  readonly number: number;
  /** The window that sent it. */
  readonly sender: string;
  readonly action: OperationAction;
  readonly instanceIds: readonly string[];
  readonly clientIds: readonly string[];
  /** What a change of settings sets. */
  readonly cores: number;
  readonly arrivedMs: number;
  /** True when it changed anything. */
  executed: boolean;
  /** Clients that it reached, executed or not. */
  readonly reached: readonly SimulatedClient[];
  /** `200`, or the code of the refusal. */
  code: string;
  /** True once the window had the whole reply. */
  delivered: boolean;
}

export interface ServiceHabits {
  /** What task durations are multiplied with. */
  readonly slowness: number;
  readonly fates: readonly TaskFate[];
  /** Instances on which nothing can be changed, since they do not run. */
  readonly stoppedInstances: readonly string[];
  /** Text that failures quote, as a service that repeats what it was sent. */
  readonly quote: string;
  /** It refuses to list jobs by the statuses of those that run. */
  readonly refusesStatuses: boolean;
  /** How far its `Date` header is off, in milliseconds; undefined: it sends none. */
  readonly dateShiftMs: number | undefined;
}

const largestSkewMs = 15 * 60_000;

interface Answer {
  readonly reply: HttpReply;
  /** Called once the whole reply has reached the window. */
  readonly delivered: () => void;
  /** The entry of the journal, for a call that would change machines. */
  readonly write: JournaledWrite | undefined;
}

/** Answers that the call was refused. */
type Refuse = (code: string, status: number, headers?: Readonly<Record<string, string>>) => HttpReply;

/** The service with one account's machines in one region: what is true, and a journal of every write. */
export class SimulatedService {
  readonly journal: JournaledWrite[] = [];
  readonly faults: ServiceFault[] = [];
  readonly clients: readonly SimulatedClient[];
  readonly jobs: SimulatedJob[] = [];
  readonly habits: ServiceHabits;
  readonly #world: World;
  readonly #random: Random;
  readonly #tasks = new Map<string, Task>();
  /** Everything that only asked, in the order of arrival. */
  readonly reads: { readonly sender: string; readonly atMs: number }[] = [];

  constructor(world: World, clients: readonly SimulatedClient[], habits: ServiceHabits) {
    this.#world = world;
    this.clients = clients;
    this.habits = habits;
    this.#random = world.random.fork('service');
  }

  /** Brings every machine to what it is now. */
  settle(): void {
    for (const client of this.clients) settleClient(client, this.#world.now);
  }

  answer(owner: Owner, request: HttpRequest): Answer {
    this.settle();
    const action = writeActionOf(request.action);
    const fault = this.#faultFor(request.action, action);
    const journaled = action && this.#note(owner, request, action);
    if (!journaled) this.reads.push({ sender: owner.name, atMs: this.#world.now });
    const reply = this.#reply(request, fault, journaled);
    this.#world.trace(owner, `arrived ${request.action}: ${reply.status} ${journaled?.code ?? ''}`);
    return {
      reply,
      write: journaled,
      delivered: () => {
        if (journaled) journaled.delivered = true;
      },
    };
  }

  /** Rows of all machines, as a listing would give them now. */
  listing(): Readonly<Record<string, unknown>> {
    this.settle();
    return {
      RequestId: 'LISTING',
      Success: true,
      TotalCount: this.clients.length,
      Clients: this.clients.map((client) => rowOf(client, this.#world.now)),
    };
  }

  #note(owner: Owner, { parameters }: HttpRequest, action: OperationAction): JournaledWrite {
    const instanceIds = idsIn(parameters.get('InstanceIds'));
    const one = parameters.get('ClientId');
    const clientIds = one === undefined ? idsIn(parameters.get('ClientIds')) : [one];
    const write: JournaledWrite = {
      number: this.journal.length + 1,
      sender: owner.name,
      action,
      instanceIds,
      clientIds,
      cores: Number(parameters.get('MaxCpuCore') ?? 0),
      arrivedMs: this.#world.now,
      executed: false,
      // An instance id means every client on it.
      reached: this.clients.filter(
        ({ instanceId, clientId }) => instanceIds.includes(instanceId) || clientIds.includes(clientId),
      ),
      code: '',
      delivered: false,
    };
    this.journal.push(write);
    return write;
  }

  #reply(
    request: HttpRequest,
    fault: ServiceFault | undefined,
    write: JournaledWrite | undefined,
  ): HttpReply {
    const refuse: Refuse = (code, status, headers = {}) => {
      if (write) write.code = code;
      const message = `The call failed. ${this.habits.quote}`;
      return this.#send(status, { RequestId: this.#requestId(), Code: code, Message: message }, headers);
    };
    const shownMs = Date.parse(request.headers.get('x-acs-date') ?? '');
    if (Math.abs(shownMs - this.#world.now) > largestSkewMs) return refuse('InvalidTimeStamp.Expired', 400);
    const retryAfter =
      fault?.retryAfterMs === undefined ? {} : { 'x-acs-retry-after': String(fault.retryAfterMs) };
    switch (fault?.kind) {
      case 'throttled':
        return refuse('Throttling.User', 400, retryAfter);
      case 'throttledByHeader':
        return refuse('FlowControl', 400, { 'x-acs-retry-after': String(fault.retryAfterMs ?? 1_500) });
      case 'denied':
        return refuse('NoPermission', 403);
      case 'unavailable':
        return refuse('ServiceUnavailable', 503);
      case 'failsAfterRunning':
        if (write) this.#execute(write);
        return refuse('InternalError', 500);
      default:
    }
    if (write) return this.#change(write, refuse);
    switch (request.action) {
      case 'DescribeBackupClients':
        return this.#list(request);
      case 'DescribeTask':
        return this.#task(request, refuse);
      case 'DescribeBackupJobs2':
      case 'DescribeRestoreJobs2': {
        const { parameters } = request;
        if (this.habits.refusesStatuses && asksForUnfinished(parameters)) return refuse('InvalidStatus', 400);
        const kind = request.action === 'DescribeBackupJobs2' ? 'backup' : 'restore';
        return this.#send(200, {
          ...this.#common(),
          ...jobsBody(kind, this.jobs, parameters, this.#world.now),
        });
      }
      case 'DescribeBackupPlans':
        return this.#send(200, { ...this.#common(), BackupPlans: { BackupPlan: [] }, TotalCount: 0 });
      default:
        return refuse('InvalidApi.NotFound', 404);
    }
  }

  #change(write: JournaledWrite, refuse: Refuse): HttpReply {
    const { statuses, taskId } = this.#execute(write);
    const [only] = statuses;
    // With one machine there is no list of refusals: the call itself fails.
    if (statuses.length === 1 && only !== undefined && only.ErrorCode !== '')
      return refuse(only.ErrorCode, 400);
    write.code = '200';
    return this.#send(200, { ...this.#common(), TaskId: taskId, InstanceStatuses: statuses });
  }

  #execute(write: JournaledWrite): {
    readonly taskId: string;
    readonly statuses: readonly { readonly InstanceId: string; readonly ErrorCode: string }[];
  } {
    const { action } = write;
    if (action === 'settings') {
      write.executed = write.reached.length > 0;
      for (const client of write.reached) changeCores(client, write.number, write.cores, this.#world.now);
      return { taskId: '', statuses: [] };
    }
    const { habits } = this;
    const isStopped = ({ instanceId }: SimulatedClient): boolean =>
      habits.stoppedInstances.includes(instanceId);
    const targets = write.reached.filter((client) => !isStopped(client));
    const statuses = write.reached.map((client) => ({
      InstanceId: client.instanceId,
      ValidInstance: !isStopped(client),
      ErrorCode: isStopped(client) ? 'InstanceNotRunning' : '',
    }));
    if (targets.length === 0) return { taskId: '', statuses };
    write.executed = true;
    const fate = this.#random.pick(habits.fates);
    const taskId = `t-${String(this.#tasks.size + 1).padStart(4, '0')}`;
    const order = { fate, slowness: habits.slowness, nowMs: this.#world.now };
    this.#tasks.set(taskId, startTask(write, action, targets, order));
    return { taskId: fate === 'unnamed' ? '' : taskId, statuses };
  }

  #list({ parameters }: HttpRequest): HttpReply {
    const instanceIds = idsIn(parameters.get('InstanceIds'));
    const clientIds = idsIn(parameters.get('ClientIds'));
    const matching = this.clients.filter(
      (client) =>
        (instanceIds.length === 0 || instanceIds.includes(client.instanceId)) &&
        (clientIds.length === 0 || clientIds.includes(client.clientId)),
    );
    const [page, size] = [
      Number(parameters.get('PageNumber') ?? 1),
      Number(parameters.get('PageSize') ?? 10),
    ];
    const rows = matching.slice((page - 1) * size, page * size);
    return this.#send(200, {
      ...this.#common(),
      PageNumber: page,
      PageSize: size,
      TotalCount: matching.length,
      Clients: rows.map((client) => rowOf(client, this.#world.now)),
    });
  }

  #task({ parameters }: HttpRequest, refuse: Refuse): HttpReply {
    const task = this.#tasks.get(parameters.get('TaskId') ?? '');
    const body = task && taskBody(task, this.#world.now);
    return body ? this.#send(200, { ...this.#common(), ...body }) : refuse('TaskNotFound', 404);
  }

  #common(): object {
    return { RequestId: this.#requestId(), Success: true, Code: '200', Message: 'successful' };
  }

  #send(status: number, body: object, headers: Readonly<Record<string, string>> = {}): HttpReply {
    const { dateShiftMs } = this.habits;
    const date =
      dateShiftMs === undefined ? {} : { date: new Date(this.#world.now + dateShiftMs).toUTCString() };
    return {
      status,
      headers: { 'content-type': 'application/json', ...date, ...headers },
      body: JSON.stringify(body),
    };
  }

  #requestId(): string {
    return `R-${Math.floor(this.#random.next() * 1e9)}`;
  }

  #faultFor(name: string, action: OperationAction | undefined): ServiceFault | undefined {
    const kind = action ? 'writes' : (readKinds[name] ?? 'reads');
    const fault = this.faults.find(
      ({ calls, times, untilMs }) =>
        times > 0 &&
        this.#world.now <= untilMs &&
        (calls === 'all' || calls === kind || (calls === 'reads' && kind !== 'writes')),
    );
    if (fault) fault.times--;
    return fault;
  }
}

const readKinds: Readonly<Record<string, 'tasks' | 'jobs'>> = {
  DescribeTask: 'tasks',
  DescribeBackupJobs2: 'jobs',
  DescribeRestoreJobs2: 'jobs',
  DescribeBackupPlans: 'jobs',
};

/** Calls that change machines. */
const writes: Readonly<Record<string, OperationAction>> = {
  InstallBackupClients: 'install',
  UpgradeBackupClients: 'upgrade',
  UninstallBackupClients: 'uninstall',
  UpdateClientSettings: 'settings',
};

/** What a call changes; undefined for one that only asks. */
export function writeActionOf(name: string): OperationAction | undefined {
  return writes[name];
}

function idsIn(list: string | undefined): readonly string[] {
  const ids: unknown = JSON.parse(list ?? '[]');
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
}
