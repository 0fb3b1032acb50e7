import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { FaultFileError, parseFaultFile } from './faultFile';
import type { FaultRule } from './faults';
import { regions } from './regions';
import { startSimulator, type Simulator, type SimulatorOptions } from './simulator';

const usage = `Usage: npm run -s simulator -- [options]
  --port N          port on 127.0.0.1, 0 = any free one (default 0)
  --clients N       ECS clients, 0 to 100000 (default 250)
  --zones Z         zones, 1 to 26 (default 3)
  --seed N          same seed, same world (default 1)
  --time-scale N    tasks run N times as fast, above 0 to 10000 (default 1)
  --latency MS      every answer waits so long, 0 to 60000 (default 0)
  --region ID       region of the endpoint (default cn-hangzhou); further ones get a port each;
                    after it "all" for all that there are
  --backups         plans, policies, and jobs of every kind
  --faults FILE     rules of things that go wrong, see docs/simulator.md
  --journal         serve GET /__journal
  --help            show this text`;

class UsageError extends Error {}

interface Command {
  readonly help: boolean;
  readonly options: SimulatorOptions;
}

/**
 * Runs the simulator as a program: prints one JSON line, then is silent until SIGTERM or SIGINT. Exit codes:
 * 0 stopped, 1 could not listen, 2 wrong options or a wrong fault file.
 */
async function runCommandLine(argv: readonly string[]): Promise<void> {
  const simulator = await prepare(argv);
  if (simulator === undefined) return;
  const { endpoint, endpoints, regionId, accessKeyId, accessKeySecret, accountId, timeScale } = simulator;
  const stop = (): void => {
    void simulator.dispose().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  const line = {
    ...{ endpoint, regionId, accessKeyId, accessKeySecret, accountId, timeScale },
    ...(Object.keys(endpoints).length > 1 ? { endpoints } : {}),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function prepare(argv: readonly string[]): Promise<Simulator | undefined> {
  try {
    const { help, options } = parseCommand(argv);
    if (!help) return await startSimulator(options);
    process.stdout.write(`${usage}\n`);
  } catch (error) {
    const wrongUse = error instanceof UsageError;
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`simulator: ${message}\n${wrongUse ? `${usage}\n` : ''}`);
    process.exitCode = wrongUse || error instanceof FaultFileError ? 2 : 1;
  }
  return undefined;
}

function parseCommand(argv: readonly string[]): Command {
  const values = flags(argv);
  const number = (name: NumberFlag, min: number, max: number, whole = true): number | undefined => {
    const text = values[name];
    if (text === undefined) return undefined;
    const value = Number(text);
    if (text.trim() === '' || !(value >= min && value <= max) || (whole && !Number.isInteger(value))) {
      throw new UsageError(
        `--${name} must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}, not "${text}".`,
      );
    }
    return value;
  };
  const wrong = values.region?.find((id) => !/^[a-z0-9-]{1,64}$/.test(id));
  if (wrong !== undefined) {
    throw new UsageError(`--region must be a region id such as cn-hangzhou, not "${wrong}".`);
  }
  const named = values.region?.filter((id) => id !== 'all');
  const given = {
    port: number('port', 0, 65_535),
    clients: number('clients', 0, 100_000),
    zones: number('zones', 1, 26),
    seed: number('seed', 0, 4_294_967_295),
    timeScale: number('time-scale', 0.001, 10_000, false),
    latencyMs: number('latency', 0, 60_000, false),
    regionId: named?.[0],
    regions: values.region?.includes('all') ? [...regions.keys()] : named,
    faults: values.faults === undefined ? undefined : readFaults(values.faults),
    backups: values.backups,
    journal: values.journal,
  };
  const options: SimulatorOptions = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  );
  return { help: values.help === true, options };
}

type NumberFlag = 'port' | 'clients' | 'zones' | 'seed' | 'time-scale' | 'latency';

function flags(argv: readonly string[]): Partial<Record<NumberFlag | 'faults', string>> & {
  readonly region?: readonly string[];
  readonly backups?: boolean;
  readonly journal?: boolean;
  readonly help?: boolean;
} {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        port: { type: 'string' },
        clients: { type: 'string' },
        zones: { type: 'string' },
        seed: { type: 'string' },
        'time-scale': { type: 'string' },
        latency: { type: 'string' },
        region: { type: 'string', multiple: true },
        faults: { type: 'string' },
        backups: { type: 'boolean' },
        journal: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readFaults(path: string): readonly FaultRule[] {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`--faults: ${error instanceof Error ? error.message : String(error)}`);
  }
  try {
    return parseFaultFile(content);
  } catch (error) {
    if (!(error instanceof FaultFileError)) throw error;
    throw new FaultFileError(error.message.replace(/^/gm, `${path}: `));
  }
}

void runCommandLine(process.argv.slice(2));
