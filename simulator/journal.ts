import { toIsoSeconds } from './clock';
import type { Parameters } from './parameters';

/** One call that reached the simulator, in the order of arrival. It holds no secret. */
export interface JournalEntry {
  /** 1 for the first call. */
  readonly index: number;
  /** Wall clock, ISO 8601 UTC. */
  readonly time: string;
  readonly action: string;
  readonly version: string;
  readonly host: string;
  /** The region that the host name or the port stands for. */
  readonly regionId: string;
  /** Business parameters of query and form together; secret ones read `******`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Names of the parameters that travelled in the URL. */
  readonly inQuery: readonly string[];
  readonly requestId: string;
  /** True when the operation was carried out, whatever the caller got to see of the answer. */
  readonly executed: boolean;
  /** HTTP status of the answer; 0 when none was sent. */
  readonly status: number;
  /** `200`, or the code of the refusal; empty when no answer was sent. */
  readonly code: string;
  /** The fault that was played, if any. */
  readonly fault?: string;
}

type Outcome = Pick<JournalEntry, 'executed' | 'status' | 'code'> & { readonly fault?: string };
type Arrival = Pick<JournalEntry, 'action' | 'version' | 'host' | 'regionId' | 'inQuery' | 'requestId'> & {
  readonly parameters: Parameters | undefined;
};

const secretNames = /password|secret|token|signature/i;
const harmlessNames: readonly string[] = ['NextToken'];
// A simulator may run for days: only the latest calls are kept, and of each so many characters.
const limit = 50_000;
const longestCall = 32_768;

/** The list of calls received. */
export class Journal {
  readonly #keeps: boolean;
  #slots: { entry: JournalEntry }[] = [];
  #count = 0;

  /** @param keeps false: it stays empty */
  constructor(keeps: boolean) {
    this.#keeps = keeps;
  }

  /** Notes a call when it arrives; the returned function completes the entry. */
  arrived(call: Arrival, nowMs: number): (outcome: Outcome) => void {
    if (!this.#keeps) return () => undefined;
    this.#count += 1;
    const slot = {
      entry: {
        index: this.#count,
        time: toIsoSeconds(nowMs),
        action: call.action,
        version: call.version,
        host: call.host,
        regionId: call.regionId,
        parameters: masked(call.parameters),
        inQuery: call.inQuery,
        requestId: call.requestId,
        executed: false,
        status: 0,
        code: '',
      },
    };
    this.#slots.push(slot);
    if (this.#slots.length > limit * 1.1) this.#slots = this.#slots.slice(-limit);
    return (outcome) => {
      slot.entry = { ...slot.entry, ...outcome };
    };
  }

  entries(): readonly JournalEntry[] {
    return this.#slots.map(({ entry }) => entry);
  }

  clear(): void {
    this.#slots = [];
    this.#count = 0;
  }
}

function masked(parameters: Parameters | undefined): Record<string, string> {
  const kept: Record<string, string> = {};
  let left = longestCall;
  for (const [name, value] of parameters?.entries() ?? []) {
    const isSecret = secretNames.test(name) && !harmlessNames.includes(name);
    left -= name.length + value.length;
    if (left < 0) return { ...kept, '…': 'too long to be kept' };
    kept[name] = isSecret ? '******' : value;
  }
  return kept;
}
