import { strict as assert } from 'node:assert';
import { Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Socket } from 'node:net';
import { fates, type FailureKind } from '../../src/api/fates';
import { BackupError } from '../../src/core/errors';
import { startSimulator, type FaultRule, type JournalEntry, type Simulator } from '../../src/simulator/main';
import { neverCancelled } from '../support/apiBuilders';
import { createHandClock } from '../support/handClock';
import { createSimulatedApi, type Simulated, type SimulatedParts } from '../support/simulated';

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
  'reply-too-large': [{ name: '17 MiB', fault: { fault: 'oversize', bytes: 17 * 1024 * 1024 } }],
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

const actions = { read: 'GetCallerIdentity', write: 'InstallBackupClients' } as const;

function callOnce(kind: 'read' | 'write', { api, scope }: Simulated, simulator: Simulator): Promise<unknown> {
  if (kind === 'read') return api.getCallerIdentity(scope.profileId, scope.regionId, neverCancelled);
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
});
