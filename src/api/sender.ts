import { randomBytes } from 'node:crypto';
import type { Disposable } from '../core/kernel/disposables';
import type { Clock } from '../core/kernel/clock';
import type { Log } from '../core/kernel/log';
import { pipeline, type Send } from './pipeline';
import { mostInFlight } from './readPages';
import { clockSkew } from './policies/clockSkew';
import { log } from './policies/log';
import { measureClock } from './policies/measureClock';
import { renew } from './policies/renew';
import { retry } from './policies/retry';
import { sign } from './policies/sign';
import { timeout } from './policies/timeout';
import { createServiceClocks, type ServiceClocks } from './serviceClocks';
import { createAgents, createTransport, type Agents } from './transport';

/** What sending is made of. */
export interface SenderDeps {
  readonly clock: Clock;
  /** Must redact: failures quote the service. */
  readonly log: Log;
  /** Numbers from 0 up to 1, for the spread of waits. */
  readonly random: () => number;
  /** Sent as `user-agent`. */
  readonly userAgent: string;
  /** Pools of connections; own ones unless given. */
  readonly agents?: Agents;
  /** Takes the place of the network; has to await `beforeSend` of a request where it has one. */
  readonly transport?: Send;
  /** Deadline of each attempt in milliseconds; 30 s unless given. */
  readonly attemptMs?: number;
}

/** Sends requests, and knows the clocks of those who answer. */
export interface Sender extends Disposable {
  readonly send: Send;
  readonly clocks: Pick<ServiceClocks, 'offsetMs'>;
}

/** The one way to send a request: attempts, keys, time, signature, log and deadline, the outermost first. */
export function createSender(parts: SenderDeps): Sender {
  const { clock } = parts;
  // Two more than a listing takes, so that a task is followed while a list is read.
  const agents = parts.agents ?? createAgents(mostInFlight + 2);
  const clocks = createServiceClocks(clock);
  const send = pipeline(
    [
      retry(clock, parts.random),
      renew(),
      clockSkew(clocks),
      sign(clock, () => randomBytes(16).toString('hex')),
      log(parts.log, clock),
      timeout(clock, parts.attemptMs ?? 30_000),
      measureClock(clock, clocks),
    ],
    parts.transport ?? createTransport(agents, parts.userAgent),
  );
  return {
    send,
    clocks,
    dispose: () => {
      // Pools that were handed in belong to whoever made them.
      if (parts.agents === undefined) agents.dispose();
    },
  };
}
