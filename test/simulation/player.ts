import type { Operation, Plan } from '../../src/core/operations/operation';
import type { RunningJob, Work } from '../../src/core/protection/work';
import { isCancelled } from '../../src/core/service/errors';
import { isBusyWith, wordAt } from './jobs';
import { planFor } from './planning';
import { nature } from './scheduler';
import { proxyPassword, type Stage } from './stage';
import type { StoryEvent } from './story';
import type { SimulatedWindow } from './window';

/** After "Refresh Now" the service is asked within two seconds, and a slow network takes its time. */
const refreshMs = 5_000;
/** An answer that is on its way is new enough. */
const freshMs = 1_000;

/** Makes every event of a story happen at its time. */
export function playEvents(stage: Stage, events: readonly StoryEvent[]): void {
  const stepsLeft = new Map<number, number>();
  stage.world.onStep = (owner) => {
    for (const [number, window] of stage.windows) {
      const left = window.owner === owner ? stepsLeft.get(number) : undefined;
      if (left === undefined) continue;
      if (left > 1) stepsLeft.set(number, left - 1);
      else {
        stepsLeft.delete(number);
        stage.kill(number);
      }
    }
  };
  for (const event of events) {
    stage.world.scheduler.after(event.atMs, nature, () => {
      stage.world.trace(nature, `event ${JSON.stringify(event)}`);
      if (event.does === 'killAtStep') stepsLeft.set(event.window, event.step);
      else happen(stage, event);
    });
  }
}

function happen(stage: Stage, event: Exclude<StoryEvent, { does: 'killAtStep' }>): void {
  const { world, disk, network, service, evidence, windows } = stage;
  const untilMs = 'forMs' in event ? world.now + event.forMs : world.now;
  const windowName = 'window' in event ? `w${event.window}` : undefined;
  const ofWindow = windowName === undefined ? {} : { window: windowName };
  switch (event.does) {
    case 'start':
    case 'stopSending':
    case 'stopWatching':
    case 'refreshNow':
    case 'remove':
    case 'clearFinished': {
      const window = windows.get(event.window);
      // The user clicks when the window has a turn.
      if (window) world.scheduler.after(0, window.owner, () => void act(stage, window, event));
      break;
    }
    case 'job':
      stage.beginJob(event);
      break;
    case 'open':
      stage.open(event.window);
      break;
    case 'close':
      stage.close(event.window);
      break;
    case 'kill':
      stage.kill(event.window);
      break;
    case 'readOnly':
      stage.setReadOnly(event.on);
      break;
    case 'powerCut':
      for (const number of [...windows.keys()]) stage.kill(number);
      disk.cutPower(event);
      break;
    case 'freeze': {
      const owner = windows.get(event.window)?.owner;
      if (owner) owner.frozenUntil = Math.max(owner.frozenUntil, untilMs);
      evidence.disturb(windowName, stage.names, untilMs);
      break;
    }
    case 'sleep':
      evidence.disturb(undefined, stage.names, untilMs);
      stage.sleep(event.forMs);
      break;
    case 'setClock':
      world.clockOffsetMs += event.byMs;
      break;
    case 'damage':
      stage.damage(event.line);
      break;
    case 'diskFault': {
      const { code, works, path, times } = event;
      disk.faults.push({ code, times, untilMs, ...(works && { works }), ...(path && { path }), ...ofWindow });
      evidence.disturb(windowName, stage.names, untilMs);
      break;
    }
    case 'networkFault': {
      const { kind, calls, times } = event;
      network.faults.push({ kind, times, untilMs, ...(calls && { calls }), ...ofWindow });
      break;
    }
    case 'serviceFault': {
      const { kind, calls, retryAfterMs, times } = event;
      const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
      service.faults.push({ kind, calls, times, untilMs, ...wait });
      break;
    }
  }
}

type UserEvent = Extract<
  StoryEvent,
  {
    does: 'start' | 'stopSending' | 'stopWatching' | 'refreshNow' | 'remove' | 'clearFinished';
  }
>;

/** What a user does. It may be refused, which is told to the user and nothing else. */
async function act(stage: Stage, window: SimulatedWindow, event: UserEvent): Promise<void> {
  const { world } = stage;
  try {
    if (event.does === 'start') await start(stage, window, event);
    else if (event.does === 'clearFinished') await clearFinished(stage, window);
    else await decide(stage, window, event.does, window.nth(event.operation));
  } catch (error) {
    if (isCancelled(error)) return;
    world.trace(window.owner, `refused ${event.does}: ${String(error)}`);
  }
}

async function start(
  stage: Stage,
  window: SimulatedWindow,
  event: Extract<UserEvent, { does: 'start' }>,
): Promise<void> {
  const { evidence, service, world } = stage;
  if (stage.isReadOnly) return;
  const scope = stage.scopeOf(event.profile);
  const settings = { maxCpuCore: event.cores, proxyPassword };
  const draft = planFor({ ...event, scope, settings }, service.listing(), window.operations);
  if (!draft) return;
  const plan = agreed(stage, draft, event);
  const begun = { maker: window.owner.name, plan, atMs: world.now };
  const { id } = await window.operations.start(plan, event.action === 'settings' ? settings : undefined);
  evidence.starts.push({ ...begun, operationId: id });
  world.trace(window.owner, `started ${id}`);
}

/** The plan with what the user saw of jobs, and decided about them. */
function agreed(
  { service, world }: Stage,
  plan: Plan,
  { holdLimitMs, saw, includes }: Extract<UserEvent, { does: 'start' }>,
): Plan {
  const workOn = (instanceId: string | undefined): Work => {
    const [first, ...others] = service.jobs
      .filter((job) => job.client.instanceId === instanceId && isBusyWith(job, world.now))
      .map((job): RunningJob => {
        const { kind, id: jobId } = job;
        return { kind, jobId, status: wordAt(job, world.now), certain: true, stuck: false };
      });
    return first ? { kind: 'running', jobs: [first, ...others] } : { kind: 'none' };
  };
  const machines = plan.machines.map((machine) => {
    const isAsked = saw && machine.fromStatus !== 'NOT_INSTALLED';
    return {
      ...machine,
      ...(isAsked && { work: workOn(machine.instanceId) }),
      ...(includes && { whenBusy: 'send' as const }),
    };
  });
  return { ...plan, machines, holdLimitMs };
}

async function clearFinished({ evidence, world }: Stage, window: SimulatedWindow): Promise<void> {
  const ended = window.operations.list().filter(({ phase }) => phase === 'ended');
  for (const { id } of ended) noteDecision('remove', id);
  await window.operations.clearFinished();

  function noteDecision(kind: 'remove', operationId: string): void {
    evidence.decisions.push({ kind, operationId, window: window.owner.name, atMs: world.now });
  }
}

async function decide(
  stage: Stage,
  window: SimulatedWindow,
  does: 'stopSending' | 'stopWatching' | 'refreshNow' | 'remove',
  operation: Operation | undefined,
): Promise<void> {
  if (!operation) return;
  const { evidence, world } = stage;
  const { operations, owner } = window;
  const { id, phase } = operation;
  const note = (kind: 'stopSending' | 'stopWatching' | 'remove'): void => {
    evidence.decisions.push({ kind, operationId: id, window: owner.name, atMs: world.now });
  };
  switch (does) {
    case 'refreshNow':
      expectQuery(stage, window, id);
      return operations.checkNow(id);
    case 'remove':
      if (phase === 'ended') note('remove');
      return operations.remove(id);
    case 'stopWatching':
      await operations.stop(id, 'tracking');
      if (phase !== 'ended') note('stopWatching');
      return;
    case 'stopSending':
      await operations.stop(id, 'rollout');
      if (phase !== 'ended') note('stopSending');
  }
}

/** A window that follows an operation and is asked to look asks the service soon, unless something is in its way. */
function expectQuery(stage: Stage, window: SimulatedWindow, id: string): void {
  const { world, service, evidence, network, disk } = stage;
  const { owner, operations } = window;
  const askedMs = world.now;
  const isFollowed = (): boolean => operations.nextCheckAt(id) !== undefined;
  const isQuiet = (): boolean =>
    network.faults.length + service.faults.length + disk.faults.length === 0 &&
    !stage.setting.slowKeys &&
    (evidence.disturbedUntilMs.get(owner.window) ?? 0) < askedMs;
  if (!isFollowed() || !isQuiet()) return;
  world.scheduler.after(refreshMs, nature, () => {
    const isStill = !owner.dead && isFollowed() && isQuiet() && world.sleptMs === sleptMs;
    const hasAsked = service.reads.some(
      ({ sender, atMs }) => sender === owner.name && atMs >= askedMs - freshMs,
    );
    if (isStill && !hasAsked) evidence.violate('refresh asks at once', `${owner.name} did not ask for ${id}`);
  });
  const { sleptMs } = world;
}
