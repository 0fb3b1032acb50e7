import { strict as assert } from 'node:assert';
import { Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Socket } from 'node:net';
import { fates, type FailureKind } from '../../src/api/fates';
import { BackupError } from '../../src/core/service/errors';
import { startSimulator, type FaultRule, type JournalEntry, type Simulator } from '../../simulator/main';
import type { Clock } from '../../src/core/kernel/clock';
import { neverCancelled } from '../support/apiBuilders';
import { createHandClock } from '../support/handClock';
import {
  createPatientClock,
  createSimulatedApi,
  type Simulated,
  type SimulatedParts,
} from '../support/simulated';

/** How a simulator is brought to fail every call in one way. */
interface Way {
  readonly name: string;
  readonly fault?: Omit<FaultRule, 'action'>;
  readonly prepare?: (
    simulator: Simulator,
    passDeadline: () => void,
  ) => SimulatedParts | Promise<SimulatedParts>;
  /** Attempts beyond the table: a refused time is corrected once. */
  readonly corrections?: number;
  /** The service did what was asked although the caller cannot know. */
  readonly runs?: true;
  /** No attempt gets as far as the service. */
  readonly unseen?: true;
}

const refusedWith = (code: string, status = 400): Way => ({
  name: code,
  fault: { fault: 'error', code, status },
});

// A record over all kinds: a new row of the table does not compile until it is provoked here.
const ways: Readonly<Record<FailureKind, readonly Way[]>> = {
  throttled: [
    { name: 'Throttling.User', fault: { fault: 'throttle' } },
    { name: 'status 429', fault: { fault: 'error', code: 'TooManyCalls', status: 429 } },
    {
      name: 'a code that nobody knows, with the time to wait',
      fault: { fault: 'error', code: 'Busy', status: 400, retryAfterMs: 1500 },
    },
  ],
  'not-connected': [
    {
      name: 'a closed port',
      unseen: true,
      prepare: async () => {
        const gone = await startSimulator({ clients: 1 });
        await gone.dispose();
        return { endpoint: gone.endpoint };
      },
    },
  ],
  'no-connection-in-time': [
    {
      name: 'a connection that is never made',
      unseen: true,
      prepare: (_, passDeadline) => {
        const http = new Agent();
        http.createConnection = () => {
          passDeadline();
          return Object.assign(new Socket(), { connecting: true });
        };
        return { agents: { http, https: new HttpsAgent(), dispose: () => undefined } };
      },
    },
  ],
  'name-not-found': [
    { name: 'an unknown host', unseen: true, prepare: () => ({ endpoint: 'https://nowhere.invalid' }) },
  ],
  'tls-failed': [
    {
      name: 'a port that does not speak TLS',
      unseen: true,
      prepare: ({ endpoint }) => ({ endpoint: endpoint.replace('http:', 'https:') }),
    },
  ],
  'proxy-refused': [{ name: 'a web page with status 407', fault: { fault: 'html', status: 407 } }],
  'key-rejected': [
    {
      name: 'a deleted key',
      prepare: (simulator) => {
        simulator.revokeKey();
        return {};
      },
    },
    {
      name: 'a disabled key',
      prepare: (simulator) => {
        simulator.disableKey();
        return {};
      },
    },
    {
      name: 'a wrong secret',
      prepare: ({ accessKeyId }) => ({
        accessKey: () => Promise.resolve({ accessKeyId, accessKeySecret: 'wrong-secret' }),
      }),
    },
  ],
  'token-rejected': [
    {
      name: 'an expired token',
      prepare: (simulator) => {
        const key = simulator.issueTemporaryKey(-1);
        return { accessKey: () => Promise.resolve(key) };
      },
    },
  ],
  'time-rejected': [{ ...refusedWith('InvalidTimeStamp.Expired'), corrections: 1 }],
  timeout: [{ name: 'an answer that does not come', fault: { fault: 'delay', ms: 3_600_000 }, runs: true }],
  'connection-lost': [
    { name: 'a reset before the call ran', fault: { fault: 'resetBefore' } },
    { name: 'a reset after the call ran', fault: { fault: 'resetAfter' }, runs: true },
  ],
  'server-fault': [
    { name: 'ServiceUnavailable', fault: { fault: 'serverError' } },
    {
      name: 'a fault of the server after the call ran',
      fault: { fault: 'serverError', executes: true },
      runs: true,
    },
    { name: 'a web page with status 502', fault: { fault: 'html' } },
  ],
  'unreadable-reply': [
    { name: 'a web page with status 200', fault: { fault: 'html', status: 200 } },
    { name: 'half a reply', fault: { fault: 'truncate' }, runs: true },
    { name: 'a reply that breaks off', fault: { fault: 'truncate', cut: true }, runs: true },
    { name: 'an empty reply', fault: { fault: 'empty' }, runs: true },
  ],
  'reply-too-large': [{ name: '9 MiB', fault: { fault: 'oversize', bytes: 9 * 1024 * 1024 } }],
  'nonce-used': [{ name: 'SignatureNonceUsed', fault: { fault: 'nonceUsed' } }],
  redirected: [{ name: 'a redirect', fault: { fault: 'redirect' } }],
  'wrong-place': [refusedWith('InvalidApi.NotFound', 404)],
  denied: [{ name: 'NoPermission', fault: { fault: 'denied' } }],
  'account-blocked': [refusedWith('ServiceNotActivated', 403)],
  'role-missing': [{ name: 'a refusal with status 200', fault: { fault: 'businessFailure' } }],
  'not-found': [refusedWith('InstanceNotExists', 404)],
  'machine-not-ready': [refusedWith('CloudAssistNotRunningOnInstance')],
  'bad-request': [refusedWith('InvalidParameter.Format')],
};

/** Kinds that a deadline brings about. */
const late: ReadonlySet<FailureKind> = new Set(['timeout', 'no-connection-in-time']);

const actions = { read: 'DescribeRegions', write: 'InstallBackupClients' } as const;

function callOnce(kind: 'read' | 'write', { api, scope }: Simulated, simulator: Simulator): Promise<unknown> {
  if (kind === 'read') return api.listRegions(scope.profileId, scope.regionId, neverCancelled);
  const instanceId = simulator.clients().find(({ Status }) => Status === 'STOPPED')?.InstanceId ?? '';
  return api.installClients(scope, [instanceId], neverCancelled);
}

interface Outcome {
  readonly error: BackupError;
  readonly journal: readonly JournalEntry[];
  readonly attempts: number;
}

async function provoke(kind: FailureKind, way: Way, callKind: 'read' | 'write'): Promise<Outcome> {
  const action = actions[callKind];
  const simulator = await startSimulator({
    clients: 60,
    ...(way.fault ? { faults: [{ action, ...way.fault }] } : {}),
  });
  const clock = late.has(kind) ? createHandClock(Date.now()) : undefined;
  // Brings an attempt without an answer to its deadline, and past the wait that follows.
  const passDeadline = (): void => void setImmediate(() => void clock?.advance(31_000));
  const simulated = createSimulatedApi(simulator, {
    ...(clock ? { clock } : {}),
    ...(await way.prepare?.(simulator, passDeadline)),
  });
  try {
    if (clock) simulator.onRequest(passDeadline);
    const error: unknown = await callOnce(callKind, simulated, simulator).then(
      () => assert.fail('the call succeeded'),
      (failure: unknown) => failure,
    );
    assert.ok(error instanceof BackupError);
    const journal = simulator.journal().filter((entry) => entry.action === action);
    return { error, journal, attempts: simulated.logged.length };
  } finally {
    simulated.api.dispose();
    await simulator.dispose();
  }
}

for (const kind of Object.keys(ways).filter((name): name is FailureKind => name in fates)) {
  const row = fates[kind];
  describe(`a call that ends as "${kind}"`, () => {
    for (const way of ways[kind]) {
      for (const callKind of ['read', 'write'] as const) {
        const expected =
          (callKind === 'read' ? row.readAttempts : row.writeAttempts) + (way.corrections ?? 0);
        it(`is made ${expected} times if it is a ${callKind}: ${way.name}`, async () => {
          const { error, journal, attempts } = await provoke(kind, way, callKind);
          assert.deepEqual([error.code, error.fate], [row.code, row.fate], error.message);
          assert.equal(attempts, expected);
          assert.equal(journal.length, way.unseen ? 0 : expected);
          const ran = journal.filter(({ executed }) => executed).length;
          assert.equal(ran, way.runs ? expected : 0);
          // What was repeated or refused has certainly not run; no write ever runs twice.
          if (callKind === 'write') assert.ok(ran <= 1 && (ran === 0 || row.fate === 'ambiguous'));
        });
      }
    }
  });
}

/** A deadline that tells itself apart from other waits. */
const attemptMs = 30_001;

describe('a service that says how long to wait', () => {
  const busy = { fault: 'error', code: 'Busy', status: 400, retryAfterMs: 1500 } as const;

  async function waitsOf(rule: FaultRule, kind: 'read' | 'write'): Promise<readonly number[]> {
    const simulator = await startSimulator({ clients: 60, faults: [rule] });
    const waits: number[] = [];
    const clock = createPatientClock();
    const sleep: Clock['sleep'] = (ms, waiting) => {
      if (ms !== attemptMs) waits.push(ms);
      return clock.sleep(ms === attemptMs ? ms : 0, waiting);
    };
    const simulated = createSimulatedApi(simulator, { clock: { ...clock, sleep }, attemptMs });
    try {
      await callOnce(kind, simulated, simulator);
      const executed = simulator.journal().map((entry) => entry.executed);
      assert.deepEqual(executed, [...waits.map(() => false), true]);
      return waits;
    } finally {
      simulated.api.dispose();
      await simulator.dispose();
    }
  }

  it('gets a write again, and only once executed, after two refusals by header alone', async () => {
    const rule = { action: actions.write, nth: [1, 2], ...busy };
    assert.deepEqual(await waitsOf(rule, 'write'), [1500, 1500]);
  });

  it('gets a read again when the time has come, by seconds or by date, from the service or a proxy', async () => {
    const action = actions.read;
    for (const fault of [
      { fault: 'serverError', retryAfter: '20' },
      { fault: 'html', status: 503, retryAfter: '20' },
      { fault: 'throttle', status: 429, retryAfter: '20' },
    ] as const) {
      assert.deepEqual(await waitsOf({ action, nth: 1, ...fault }, 'read'), [20_000]);
    }
    const then = new Date(Date.now() + 25_000).toUTCString();
    const [wait = 0] = await waitsOf({ action, nth: 1, fault: 'serverError', retryAfter: then }, 'read');
    assert.ok(wait > 15_000 && wait <= 25_000, String(wait));
  });

  it('has a long list read to its end, with fewer calls at once', async () => {
    const simulator = await startSimulator({
      clients: 3000,
      latencyMs: 5,
      faults: [{ action: 'DescribeBackupClients', nth: [2, 3, 5, 9, 17], ...busy }],
    });
    const { api, scope } = createSimulatedApi(simulator);
    try {
      let rows = 0;
      for await (const { clients } of api.listClients(scope, {}, neverCancelled)) rows += clients.length;
      assert.equal(rows, simulator.clients().length);
      assert.ok(simulator.peakInFlight() < 24, String(simulator.peakInFlight()));
    } finally {
      api.dispose();
      await simulator.dispose();
    }
  });
});

describe('a write that is throttled', () => {
  it('is not sent again when its caller says no before the second attempt', async () => {
    const simulator = await startSimulator({
      clients: 60,
      faults: [{ action: actions.write, nth: 1, fault: 'throttle' }],
    });
    const { api, scope } = createSimulatedApi(simulator);
    let asked = 0;
    const beforeSend = async (): Promise<void> => {
      await Promise.resolve();
      if (++asked === 2) throw new BackupError('busy-elsewhere', 'another window has it');
    };
    try {
      await assert.rejects(api.installClients(scope, ['i-0'], { ...neverCancelled, beforeSend }), {
        code: 'busy-elsewhere',
        fate: 'not-run',
      });
      assert.equal(asked, 2);
      assert.deepEqual(
        simulator.journal().map(({ code }) => code),
        ['Throttling.User'],
      );
    } finally {
      api.dispose();
      await simulator.dispose();
    }
  });
});

describe('a clock that is wrong', () => {
  it('is corrected by the time of the service, once for all calls that follow, writes too', async () => {
    const simulator = await startSimulator({
      clients: 60,
      faults: [{ action: 'InstallBackupClients', nth: 1, fault: 'skew', seconds: 3600 }],
    });
    const simulated = createSimulatedApi(simulator);
    try {
      await callOnce('write', simulated, simulator);
      const journal = simulator.journal();
      assert.deepEqual(
        journal.map(({ code, executed }) => [code, executed]),
        [
          ['InvalidTimeStamp.Expired', false],
          ['200', true],
        ],
      );
    } finally {
      simulated.api.dispose();
      await simulator.dispose();
    }
  });

  it('is named as such where no reply has a date that can be true, until one has', async () => {
    const skew = { action: actions.read, fault: 'skew', seconds: 3600 } as const;
    for (const date of ['Thu, 01 Jan 1970 00:00:00 GMT', 'none', 'soon']) {
      const simulator = await startSimulator({ clients: 60, faults: [{ ...skew, nth: 1, date }] });
      const simulated = createSimulatedApi(simulator);
      const { api, scope } = simulated;
      try {
        await assert.rejects(callOnce('read', simulated, simulator), {
          code: 'clock-skew',
          fate: 'not-run',
          message: /no usable date/,
        });
        assert.equal(api.clockOffsetMs(scope), undefined);
        simulator.setFaults([{ ...skew, nth: 1 }]);
        await callOnce('read', simulated, simulator);
        const offsetMs = api.clockOffsetMs(scope) ?? NaN;
        assert.ok(Math.abs(offsetMs) < 2000, String(offsetMs));
      } finally {
        api.dispose();
        await simulator.dispose();
      }
    }
  });

  it('is known by how far it is off from any reply, a refusal too', async () => {
    const simulator = await startSimulator({ clients: 60 });
    const behind = createPatientClock(() => Date.now() - 600_000);
    const { api, scope } = createSimulatedApi(simulator, { clock: behind });
    try {
      assert.equal(api.clockOffsetMs(scope), undefined);
      await assert.rejects(api.getTask(scope, 't-unknown', neverCancelled), { code: 'not-found' });
      const offsetMs = api.clockOffsetMs(scope) ?? NaN;
      assert.ok(Math.abs(offsetMs - 600_000) < 2000, String(offsetMs));
    } finally {
      api.dispose();
      await simulator.dispose();
    }
  });
});
