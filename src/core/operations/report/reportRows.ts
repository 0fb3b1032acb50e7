import { plainText } from '../../kernel/plainText';
import type { RunningJob, Work } from '../../protection/work';
import { causeInWords } from '../causes';
import { versionNow } from '../machineVersions';
import type { MachineProgress, Operation, OperationCall } from '../operation';
import { requestIdsOfCall } from '../operationFacts';
import type { MachineOutcome } from '../outcomes';

/** One client of a report. Texts are safe to show. */
export interface ReportRow {
  readonly name: string;
  readonly instanceId: string;
  readonly clientId: string;
  readonly zoneId: string;
  readonly wave: number | undefined;
  readonly outcome: MachineOutcome;
  readonly code: string;
  readonly cause: string;
  readonly versionBefore: string;
  readonly versionNow: string;
  /** What the client was to get. */
  readonly versionTarget: string;
  readonly taskId: string;
  readonly requestIds: readonly string[];
  readonly backups: BackupsOfRow;
}

/** What was known of backups and restores on a client, and what came of it. */
export interface BackupsOfRow {
  /** When the user agreed; see `PlannedMachine.work`. */
  readonly whenAgreed: Work['kind'] | 'not-asked';
  /** Of what ran then. */
  readonly jobIds: readonly string[];
  /** Why it couldn't be told. */
  readonly gaps: readonly { readonly call: string; readonly why: string }[];
  /** True where the user included it although something ran. */
  readonly included: boolean;
  /** How long it waited altogether, and for what last; absent for a client that didn't wait or that still does. */
  readonly waited?: { readonly seconds: number; readonly jobIds: readonly string[] };
  /** Present while it waits. */
  readonly waiting?: { readonly until: string; readonly jobIds: readonly string[] };
}

/** The clients of an operation, in the order of its plan. */
export function reportRows(operation: Operation): readonly ReportRow[] {
  const callOf = new Map<string, OperationCall>();
  for (const call of operation.calls) for (const key of call.machineKeys) callOf.set(key, call);
  const waveOf = new Map<string, number>();
  for (const wave of operation.waves) for (const key of wave.machineKeys) waveOf.set(key, wave.number);
  return operation.machines.map((progress) => {
    const { machine, outcome, reason } = progress;
    const call = callOf.get(machine.key);
    const code = reason ?? '';
    return {
      name: safe(machine.name),
      instanceId: safe(machine.instanceId),
      clientId: safe(machine.clientId),
      zoneId: safe(machine.zoneId),
      wave: waveOf.get(machine.key),
      outcome,
      code: safe(code),
      cause: safe(causeInWords(progress, operation)),
      versionBefore: safe(machine.fromVersion),
      versionNow: safe(versionNow(progress, operation.action)),
      versionTarget: safe(operation.action === 'settings' ? '' : machine.targetVersion),
      taskId: safe(call?.taskId),
      requestIds: call ? requestIdsOfCall(call) : [],
      backups: backupsOf(progress),
    };
  });
}

function backupsOf({ machine, held, wasHeld }: MachineProgress): BackupsOfRow {
  const { work, whenBusy } = machine;
  const idsOf = (jobs: readonly RunningJob[]): readonly string[] => jobs.map(({ jobId }) => safe(jobId));
  return {
    whenAgreed: work?.kind ?? 'not-asked',
    jobIds: work?.kind === 'running' ? idsOf(work.jobs) : [],
    gaps: work?.kind === 'unknown' ? work.gaps : [],
    included: whenBusy === 'send',
    ...(wasHeld &&
      !held && { waited: { seconds: Math.floor(wasHeld.ms / 1000), jobIds: idsOf(wasHeld.jobs) } }),
    ...(held && { waiting: { until: new Date(held.until).toISOString(), jobIds: idsOf(held.jobs) } }),
  };
}

// A message of the service has a sentence or two; anything longer is cut.
const longestText = 500;

/** A text of the outside on one line, without what could change how the rest is read. */
export function safe(text = ''): string {
  return plainText(text, longestText);
}
