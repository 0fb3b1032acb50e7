import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Duplex } from 'node:stream';
import type { Agents } from '../../src/api/transport';
import { isWhole, replyBytes, requestFrom, type HttpReply, type HttpRequest } from './http';
import type { Random } from './random';
import { writeActionOf } from './service';
import { nature, type Owner } from './scheduler';
import type { World } from './world';

/** What goes wrong on the way. The first line fails before a byte is sent, the rest once the request was sent. */
export type NetworkFaultKind =
  | 'refused'
  | 'unreachable'
  | 'noName'
  | 'connectTimesOut'
  | 'handshakeFails'
  | 'requestLost'
  | 'requestSwallowed'
  | 'replyLost'
  | 'replyCut'
  | 'replyCutQuietly'
  | 'replyNeverComes'
  | 'replySlow'
  | 'captivePage'
  | 'gatewayPage'
  | 'gatewayPageAfterRunning';

export interface NetworkFault {
  readonly kind: NetworkFaultKind;
  /** Absent: reads and writes alike. */
  readonly calls?: 'reads' | 'writes' | 'tasks';
  readonly window?: string;
  times: number;
  readonly untilMs: number;
}

/** What the network hands requests to. */
export interface Receiver {
  /** A whole request has just left a window. It may never arrive. */
  sent(owner: Owner, request: HttpRequest): void;
  /** A request has arrived. `delivered` is called once its whole reply has reached the window. */
  answer(owner: Owner, request: HttpRequest): { readonly reply: HttpReply; readonly delivered: () => void };
}

export interface NetworkHabits {
  /** Milliseconds a way takes at most. */
  readonly slowestMs: number;
}

const beforeSending: ReadonlySet<NetworkFaultKind> = new Set<NetworkFaultKind>([
  'refused',
  'unreachable',
  'noName',
  'connectTimesOut',
  'handshakeFails',
]);
/** How a connection that stood breaks: on the next read or write, as a reset, a cut cable, sleep, or a TLS alert. */
const breaks: readonly (readonly [code: string, syscall: string | undefined])[] = [
  ['ECONNRESET', 'read'],
  ['ENETDOWN', 'read'],
  ['ENETDOWN', 'write'],
  ['EHOSTUNREACH', 'read'],
  ['ENETUNREACH', 'write'],
  ['EPIPE', 'write'],
  ['ETIMEDOUT', 'read'],
  ['ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC', undefined],
];

/** The network between the windows and the service: sockets that take time and fail as they are told to. */
export class SimulatedNetwork {
  readonly faults: NetworkFault[] = [];
  readonly #world: World;
  readonly #habits: NetworkHabits;
  readonly receiver: Receiver;
  readonly random: Random;

  constructor(world: World, habits: NetworkHabits, receiver: Receiver) {
    this.#world = world;
    this.#habits = habits;
    this.receiver = receiver;
    this.random = world.random.fork('network');
  }

  /** Pools of connections of one window, for the real HTTP client. */
  agents(owner: Owner): Agents {
    const connect = (): Duplex => new SimulatedSocket(this.#world, this, owner);
    class PlainAgent extends HttpAgent {
      override createConnection = connect;
    }
    class SecureAgent extends HttpsAgent {
      override createConnection = connect;
    }
    const http = new PlainAgent({ keepAlive: true });
    const https = new SecureAgent({ keepAlive: true });
    return {
      http,
      https,
      dispose: () => {
        http.destroy();
        https.destroy();
      },
    };
  }

  faultFor(owner: Owner, action: string, isBefore: boolean): NetworkFaultKind | undefined {
    const fault = this.faults.find(
      ({ kind, calls, window, times, untilMs }) =>
        times > 0 &&
        this.#world.now <= untilMs &&
        beforeSending.has(kind) === isBefore &&
        (calls === undefined ||
          calls === kindOfCall(action) ||
          (calls === 'reads' && writeActionOf(action) === undefined)) &&
        (window === undefined || window === owner.window),
    );
    if (fault) fault.times--;
    return fault?.kind;
  }

  latency(): number {
    return 1 + this.random.next() * this.#habits.slowestMs;
  }
}

function kindOfCall(action: string): NetworkFault['calls'] {
  if (writeActionOf(action) !== undefined) return 'writes';
  return action === 'DescribeTask' ? 'tasks' : 'reads';
}

/** A connection as Node's HTTP client sees it: it connects, takes a request, and gives a reply or breaks. */
class SimulatedSocket extends Duplex {
  connecting = true;
  /** What a TLS socket says of itself. */
  readonly encrypted = true;
  readonly authorized = true;
  timeout = 0;
  readonly #world: World;
  readonly #network: SimulatedNetwork;
  readonly #owner: Owner;
  #held: (() => void)[] = [];
  #heldText = '';
  #sent = Buffer.alloc(0);

  constructor(world: World, network: SimulatedNetwork, owner: Owner) {
    super({ allowHalfOpen: false });
    this.#world = world;
    this.#network = network;
    this.#owner = owner;
    this.#later(() => this.#connect());
  }

  setTimeout(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }

  override _read(): void {
    // Bytes are pushed when they come.
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    const send = (): void => {
      this.#sent = Buffer.concat([this.#sent, chunk]);
      this.#world.onStep(this.#owner);
      done();
      if (isWhole(this.#sent)) this.#request();
    };
    if (this.connecting) {
      this.#heldText += chunk.toString('latin1');
      this.#held.push(send);
    } else send();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#held = [];
    done(error);
  }

  /** Does something for the window a moment later, unless the socket has gone by then. */
  #later(work: () => void, ms = this.#network.latency()): void {
    this.#world.scheduler.after(ms, this.#owner, () => {
      if (!this.destroyed) work();
    });
  }

  #connect(): void {
    const action = /x-acs-action: *(\w+)/i.exec(this.#heldText)?.[1] ?? '';
    const fault = this.#network.faultFor(this.#owner, action, true);
    if (fault !== undefined) {
      this.#world.trace(this.#owner, `connection for ${action}: ${fault}`);
      if (fault === 'connectTimesOut') this.#later(() => this.destroy(connectFailure(fault)), 500);
      else this.destroy(connectFailure(fault));
      return;
    }
    this.connecting = false;
    this.emit('connect');
    this.emit('secureConnect');
    for (const send of this.#held.splice(0)) if (!this.destroyed) send();
  }

  #request(): void {
    const request = requestFrom(this.#sent);
    this.#sent = Buffer.alloc(0);
    const owner = this.#owner;
    const fault = this.#network.faultFor(owner, request.action, false);
    this.#world.trace(owner, `sent ${request.action}${fault === undefined ? '' : `: ${fault}`}`);
    this.#network.receiver.sent(owner, request);
    switch (fault) {
      case 'requestLost':
        this.#later(() => this.#break());
        break;
      case 'requestSwallowed':
        break;
      case 'captivePage':
        this.#later(() => this.#push(pageWith(200)));
        break;
      case 'gatewayPage':
        this.#later(() => this.#push(pageWith(502)));
        break;
      default:
        this.#world.scheduler.after(this.#network.latency(), nature, () => this.#arrive(request, fault));
    }
  }

  #arrive(request: HttpRequest, fault: NetworkFaultKind | undefined): void {
    const { reply, delivered } = this.#network.receiver.answer(this.#owner, request);
    const bytes = replyBytes(reply);
    const part = bytes.subarray(0, Math.floor(bytes.length * 0.7));
    switch (fault) {
      case 'replyLost':
        this.#later(() => this.#break());
        break;
      case 'replyCut':
        this.#later(() => {
          this.#push(part);
          this.#later(() => this.#break());
        });
        break;
      case 'replyCutQuietly':
        this.#later(() => {
          this.#push(part);
          this.push(null);
        });
        break;
      case 'replyNeverComes':
        break;
      case 'gatewayPageAfterRunning':
        this.#later(() => this.#push(pageWith(504)));
        break;
      default: {
        const extraMs = fault === 'replySlow' ? 5_000 + this.#network.random.next() * 20_000 : 0;
        this.#later(() => {
          this.#push(bytes);
          if (!this.#owner.dead) delivered();
        }, this.#network.latency() + extraMs);
      }
    }
  }

  #push(bytes: Buffer): void {
    this.#world.onStep(this.#owner);
    if (!this.#owner.dead) this.push(bytes);
  }

  #break(): void {
    const [code, syscall] = this.#network.random.pick(breaks);
    this.destroy(
      Object.assign(new Error(`${syscall ?? 'tls'} ${code}`), { code, ...(syscall && { syscall }) }),
    );
  }
}

/** What somebody else on the way answers. */
function pageWith(status: number): Buffer {
  const body = '<!DOCTYPE html><html><body>Sign in to the network</body></html>';
  return replyBytes({ status, headers: { 'content-type': 'text/html' }, body });
}

function connectFailure(kind: NetworkFaultKind): Error {
  switch (kind) {
    case 'noName':
      return systemError('ENOTFOUND', 'getaddrinfo');
    case 'unreachable':
      return systemError('EHOSTUNREACH', 'connect');
    case 'handshakeFails':
      return Object.assign(
        new Error('Client network socket disconnected before secure TLS connection was established'),
        { code: 'ECONNRESET' },
      );
    case 'connectTimesOut': {
      const each = [systemError('ETIMEDOUT', 'connect'), systemError('ETIMEDOUT', 'connect')];
      return Object.assign(new AggregateError(each, ''), { code: 'ETIMEDOUT' });
    }
    default:
      return systemError('ECONNREFUSED', 'connect');
  }
}

function systemError(code: string, syscall: string): Error {
  return Object.assign(new Error(`${syscall} ${code}`), { code, syscall, errno: -1 });
}
