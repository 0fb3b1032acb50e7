import { leasesFolder } from '../../src/storage/layout';
import { storageFolder, type SimulatedDisk } from './disk';
import type { CallMade, Evidence, Sent } from './evidence';
import type { HttpRequest } from './http';
import { hasIntent, heldIn, recordsOf } from './ledgerFiles';
import { isBusyWith, type SimulatedJob } from './jobs';
import type { Owner } from './scheduler';
import { writeActionOf } from './service';
import type { World } from './world';

/** What a witness looks at. */
interface Scene {
  readonly evidence: Evidence;
  readonly disk: SimulatedDisk;
  readonly world: World;
  readonly jobs: readonly SimulatedJob[];
  /** Operations with a damaged line. */
  readonly damaged: { has(operationId: string): boolean };
}

/** What another window decided may take this long to be heard of, as long as nothing is in the way. */
const hearingMs = 30_000;
/** The calls in flight end when read-only mode begins; the next ones must not go out. */
const readOnlyMs = 5_000;

/** Looks at each write at the moment its last byte goes out: may it, and is it on the disk? */
export function witnessSending(scene: Scene, owner: Owner, request: HttpRequest): Sent | undefined {
  if (writeActionOf(request.action) === undefined) return undefined;
  const { evidence, disk, world } = scene;
  const call = callOf(scene, owner, request);
  const sent: Sent = { sender: owner.name, atMs: world.now, call };
  evidence.sent.push(sent);
  const about = `${request.action} of ${owner.name}, operation ${call?.operationId ?? 'unknown'}`;
  if (call?.operationId === undefined) {
    evidence.violate('no record lost', `${about}: it belongs to no operation that the window knows of`);
    return sent;
  }
  const { operationId, machineKeys } = call;
  const isOnDisk = hasIntent(recordsOf(disk.tree, operationId, 'synced'), machineKeys);
  if (!isOnDisk && !scene.damaged.has(operationId)) {
    evidence.violate('no record lost', `${about}: its intent is not safe on the disk`);
  }
  const holder = holderOf(scene, operationId);
  if (holder !== owner.name) {
    evidence.violate('nothing sent after the end', `${about}: the lease is with ${holder ?? 'nobody'}`);
  }
  checkDecisions(scene, owner, call, about);
  checkJobs(scene, owner, call, about);
  return sent;
}

function checkDecisions({ evidence, world }: Scene, owner: Owner, call: CallMade, about: string): void {
  const atMs = world.now;
  const disturbedUntilMs = evidence.disturbedUntilMs.get(owner.window) ?? 0;
  for (const { kind, window, operationId, atMs: decidedMs } of evidence.decisions) {
    if (operationId !== call.operationId) continue;
    const isOwn = window === owner.name;
    const latestMs = isOwn ? decidedMs : Math.max(decidedMs, disturbedUntilMs) + hearingMs;
    if (atMs > latestMs) {
      const late = ((atMs - decidedMs) / 1000).toFixed(1);
      evidence.violate('nothing sent after the end', `${about}: ${late} s after ${kind} in ${window}`);
    }
  }
  for (const { fromMs, untilMs } of evidence.readOnly) {
    if (atMs > Math.max(fromMs, disturbedUntilMs) + readOnlyMs && atMs < untilMs) {
      evidence.violate('nothing sent after the end', `${about}: in read-only mode`);
    }
  }
}

/** No machine is changed while a job runs on it that its operation knew of, unless the user included it. */
function checkJobs(
  { evidence, world, jobs, disk }: Scene,
  owner: Owner,
  call: CallMade,
  about: string,
): void {
  const start = evidence.starts.find(({ operationId }) => operationId === call.operationId);
  if (!start?.operationId || jobs.length === 0) return;
  const held = heldIn(recordsOf(disk.tree, start.operationId, 'all'));
  for (const { key, instanceId = '', work, whenBusy } of start.plan.machines) {
    if (whenBusy === 'send' || !call.machineKeys.includes(key)) continue;
    for (const job of jobs) {
      if (job.client.instanceId !== instanceId || !isBusyWith(job, world.now)) continue;
      const isKnown =
        held.has(`${key} ${job.id}`) ||
        (work?.kind === 'running' && work.jobs.some(({ jobId }) => jobId === job.id)) ||
        // Restores are read for all machines at once, so perhaps for another operation.
        evidence.seenJobs.some(
          ({ maker, jobId, instanceIds, atMs }) =>
            maker === owner.name &&
            jobId === job.id &&
            atMs >= start.atMs &&
            (instanceIds?.includes(instanceId) ?? false),
        );
      if (isKnown) evidence.violate('nobody interrupts a job', `${about}: ${job.id} runs on ${key}`);
    }
  }
}

/** The call that a request is an attempt at: the latest one of this window that has not ended, with the same ids if any. */
function callOf(
  { evidence }: Scene,
  owner: Owner,
  { action, parameters }: HttpRequest,
): CallMade | undefined {
  const same = (list: string | undefined, ids: readonly string[]): boolean =>
    (list ?? '[]') === JSON.stringify(ids);
  const clientId = parameters.get('ClientId');
  const clients = clientId === undefined ? parameters.get('ClientIds') : JSON.stringify([clientId]);
  const open = evidence.calls.filter(
    (call) =>
      call.maker === owner.name && call.endedMs === undefined && call.action === writeActionOf(action),
  );
  const named = open.findLast(
    ({ instanceIds, clientIds }) =>
      same(parameters.get('InstanceIds'), instanceIds) && same(clients, clientIds),
  );
  return named ?? open.at(-1);
}

/** The process that has the lease of an operation: the one that made its newest file. */
function holderOf({ disk }: Scene, operationId: string): string | undefined {
  const folder = [storageFolder, ...leasesFolder].join('/');
  let newest: { readonly generation: number; readonly maker: string } | undefined;
  for (const name of disk.tree.list(folder)) {
    const [, of, number] = /^(.+)\.(\d+)\.lease$/.exec(name) ?? [];
    if (of !== operationId) continue;
    const maker = disk.tree.find(`${folder}/${name}`)?.maker ?? '';
    if (newest === undefined || Number(number) > newest.generation)
      newest = { generation: Number(number), maker };
  }
  return newest?.maker;
}
