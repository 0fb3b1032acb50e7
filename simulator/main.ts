// What the extension loads for its demo, and what tests start. The program of the command line is `cli.ts`.
export { startSimulator } from './simulator';
export type { MetadataService, Simulator, SimulatorOptions, TemporaryKey } from './simulator';
export type { BackupHooks, PutJob } from './backupHooks';
export type { BindingRow, PlanRow, PolicyRow } from './backups';
export type { Clock } from './clock';
export type { FaultRule } from './faults';
export type { ArrivedCall } from './gateway';
export type { JobRow, RestoreRow } from './jobs';
export type { JournalEntry } from './journal';
export type { Machines } from './machines';
export type { MetadataOptions } from './metadata';
export type { Role } from './roles';
export type { ClientRow, ClientType, Instance } from './rows';
export type { CrossAccount } from './world';
