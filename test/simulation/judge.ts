import { foldOperation } from '../../src/core/operations/operationFold';
import type { Sent } from './evidence';
import type { FileTree } from './files';
import { hasFile, hasIntent, recordsOf } from './ledgerFiles';
import type { SimulatedClient } from './machines';
import { changesOf, judgeOutcomes } from './outcomes';
import { properSecrets, type Stage } from './stage';
import { isCalm, type Story } from './story';

/** The task is asked every 30 s, the list as well, and a heart beats once a minute. */
const tellsWithinMs = 4 * 60_000;

/** What the run leaves behind is judged here, by the service's journal; see `witness.ts` for what is seen on the way. */
export function judge(stage: Stage, story: Story): void {
  stage.service.settle();
  judgeWrites(stage);
  judgeRecords(stage);
  judgeOperations(stage, story);
  judgeEnds(stage, story);
  judgeLeases(stage);
  judgeSecrets(stage);
}

/** No machine gets a write twice unless the first certainly did not run, and none that nobody chose. */
function judgeWrites({ evidence, service, damaged }: Stage): void {
  const arrived = evidence.sent.filter((sent) => sent.arrived !== undefined);
  for (const client of service.clients) {
    const writes = arrived.filter((sent) => sent.arrived?.reached.includes(client));
    for (const [index, later] of writes.entries()) {
      for (const earlier of writes.slice(0, index)) {
        if (isSafe(earlier) || earlier === later) continue;
        const same = earlier.call?.operationId === later.call?.operationId;
        if (same || isOpenAt(earlier, later, client)) {
          const which = `${earlier.sender} ${earlier.call?.operationId ?? ''} and ${later.sender} ${later.call?.operationId ?? ''}`;
          evidence.violate('no write twice', `${client.instanceId} ${client.clientId}: ${which}`);
        }
      }
    }
    for (const { call, sender } of writes) {
      // An install names the machine, whichever client is there.
      if (call && call.action !== 'install' && !isNamed(call.machineKeys, client)) {
        const others = call.machineKeys.join(', ');
        evidence.violate(
          'only planned machines',
          `${client.clientId} was reached by ${sender} for ${others}`,
        );
      }
    }
  }

  /** True when the window had the service's word that it did nothing. */
  function isSafe({ arrived: write }: Sent): boolean {
    return write !== undefined && !write.executed && write.delivered;
  }

  /** True when the first change was not over, in the service or for the user, when the second write went out. */
  function isOpenAt(earlier: Sent, later: Sent, client: SimulatedClient): boolean {
    const unwatched = evidence.decisions.some(
      ({ kind, operationId, atMs }) =>
        kind !== 'stopSending' && operationId === earlier.call?.operationId && atMs <= later.atMs,
    );
    // Nobody can say which machines a damaged file is about.
    if (unwatched || damaged.has(earlier.call?.operationId ?? '')) return false;
    const change = client.changes.find(({ write }) => write === earlier.arrived?.number);
    return change !== undefined && later.atMs < change.endsMs;
  }
}

/** A key names a client by its instance, and by its ClientId where several are on that instance. */
function isNamed(keys: readonly string[], { instanceId, clientId, isTwin }: SimulatedClient): boolean {
  return keys.some((key) => (isTwin ? key.includes(clientId) : key.startsWith(instanceId)));
}

/** No record of a sent call is lost. */
function judgeRecords({ evidence, disk, damaged }: Stage): void {
  const removed = new Set(
    evidence.decisions.flatMap(({ kind, operationId }) => (kind === 'remove' ? [operationId] : [])),
  );
  for (const { call, arrived } of evidence.sent) {
    if (!arrived || call?.operationId === undefined || removed.has(call.operationId)) continue;
    if (isLost(disk.tree, call.operationId, call.machineKeys, damaged.get(call.operationId))) {
      evidence.violate(
        'no record lost',
        `${call.operationId}: nothing on the disk tells of call ${call.number}`,
      );
    }
  }
}

/** A damaged line may be the very record; a file with damage at both ends may have no other lines. */
function isLost(
  tree: FileTree,
  operationId: string,
  machineKeys: readonly string[],
  damaged: ReadonlySet<'first' | 'last'> = new Set(),
): boolean {
  const records = recordsOf(tree, operationId, 'all');
  if (!damaged.has('last')) return !hasIntent(records, machineKeys);
  return damaged.has('first') ? !hasFile(tree, operationId) : records.length === 0;
}

/** Every operation has ended, and says what is true. */
function judgeOperations(stage: Stage, story: Story): void {
  const { evidence, disk, windows } = stage;
  const closed = new Set(stage.operationIds('closed'));
  for (const id of stage.operationIds('open')) {
    if (closed.has(id))
      evidence.violate('no record lost', `${id} is in two files, one of which hides the other`);
  }
  for (const id of [...stage.operationIds('open'), ...stage.operationIds('closed')]) {
    if (stage.damaged.has(id)) continue;
    const operation = foldOperation(recordsOf(disk.tree, id, 'all'));
    if (!operation) continue;
    if (operation.phase !== 'ended') {
      evidence.violate('every operation ends', `${id} is ${operation.phase}`);
      continue;
    }
    judgeOutcomes(stage, operation, isCalm(story));
  }
  for (const { owner, operations } of windows.values()) {
    for (const { id, phase } of operations.list()) {
      if (phase !== 'ended' && !stage.damaged.has(id)) {
        evidence.violate('every operation ends', `${id} is ${phase} in ${owner.name}`);
      }
    }
  }
}

/** Every end that was told says what is true, and each was told once. */
function judgeEnds(stage: Stage, story: Story): void {
  const { evidence } = stage;
  for (const { operation } of evidence.ends) {
    if (!stage.damaged.has(operation.id)) judgeOutcomes(stage, operation, isCalm(story));
  }
  if (isCalm(story) && story.events.every(({ does }) => does !== 'sleep')) judgeDelays(stage);
  const mayRepeat = story.events.some(({ does }) =>
    ['diskFault', 'freeze', 'sleep', 'damage'].includes(does),
  );
  const told = new Map<string, string[]>();
  for (const { process, operation } of evidence.ends) {
    told.set(operation.id, [...(told.get(operation.id) ?? []), process]);
  }
  for (const [id, processes] of told) {
    if (processes.length > 1 && !mayRepeat) {
      evidence.violate('told once', `the end of ${id} was told by ${processes.join(' and ')}`);
    }
  }
}

/** Without a fault in its way, an end is told soon after the last machine got there. */
function judgeDelays(stage: Stage): void {
  for (const { operation, atMs } of stage.evidence.ends) {
    if (operation.machines.some(({ outcome }) => outcome !== 'done')) continue;
    const ends = operation.machines.flatMap(({ machine }) =>
      changesOf(stage, operation, machine).own.map(({ endsMs }) => endsMs),
    );
    const delayMs = atMs - Math.max(...ends);
    if (ends.length > 0 && delayMs > tellsWithinMs) {
      stage.evidence.violate(
        'told in time',
        `the end of ${operation.id} came after ${Math.round(delayMs / 1000)} s`,
      );
    }
  }
}

/** No lease is kept alive by a window that does not follow its operation. */
function judgeLeases({ evidence, disk, world, damaged, windows }: Stage): void {
  for (const [path, { touchedMs, maker }] of disk.tree.names) {
    const [, id = ''] = /([^/]+)\.\d+\.lease$/.exec(path) ?? [];
    if (id === '' || damaged.has(id) || world.now - touchedMs > 15_000) continue;
    const holder = [...windows.values()].find(({ owner }) => owner.name === maker);
    if (holder?.operations.nextCheckAt(id) === undefined) {
      evidence.violate('no lease without a window', `${path} of ${maker} is kept alive`);
    }
  }
}

function judgeSecrets({ evidence, disk }: Stage): void {
  for (const [path, { bytes }] of disk.tree.names) {
    const text = bytes.toString('utf8');
    for (const secret of properSecrets) {
      if (text.includes(secret)) evidence.violate('no secret on disk', `${secret} is in ${path}`);
    }
  }
}
