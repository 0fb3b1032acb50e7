import { runCommandLine } from './cli';

// The same file is the library that the extension loads for its demo, and the program of the command line.
export { runCommandLine };
export { startSimulator } from './simulator';
export type { MetadataService, Simulator, SimulatorOptions, TemporaryKey } from './simulator';
export type { Clock } from './clock';
export type { FaultRule } from './faults';
export type { ArrivedCall } from './gateway';
export type { JournalEntry } from './journal';
export type { Machines } from './machines';
export type { MetadataOptions } from './metadata';
export type { Role } from './roles';
export type { ClientRow, ClientType, Instance } from './rows';
export type { CrossAccount } from './world';

if (require.main === module) void runCommandLine(process.argv.slice(2));
