import type { AccessKey } from '../core/service/model';
import type { Waiting } from '../core/kernel/waiting';
import type { Pace } from './pace';

/** Name and value pairs in the order in which they are sent. */
export type Fields = readonly (readonly [name: string, value: string])[];

/** One operation of a service, before and after the policies have worked on it. */
export interface ApiRequest {
  /** Origin, such as `https://hbr.cn-hangzhou.aliyuncs.com`. */
  readonly endpoint: string;
  /** ApiOperation name, case-sensitive. */
  readonly action: string;
  readonly version: string;
  /** A write is repeated only when it certainly did not run. */
  readonly kind: 'read' | 'write';
  /** RAM action that permits the operation. */
  readonly ramAction: string;
  readonly query: Fields;
  /** Form fields, encoded; empty for a form without fields; absent for none. */
  readonly body?: string;
  /** Lower-cased names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds to add to this computer's time to get the service's. */
  readonly timeOffsetMs: number;
  /** Part of the body that is masked in what the service says, however short it is. */
  readonly secret?: string;
  /**
   * The key for this attempt: requested each time, so that a renewed key is used by the next attempt. With the key that
   * was just refused, another one if there is one. Absent for an operation that is not signed.
   */
  readonly accessKey?: (refused?: AccessKey, waiting?: Waiting) => Promise<AccessKey>;
  /**
   * Awaited by the transport right before the bytes of an attempt go out, when the connection is ready. When it
   * rejects, nothing is sent.
   */
  readonly beforeSend?: () => Promise<void>;
  /** Decides when attempts start; shared by the calls of a listing. */
  readonly pace?: Pace;
}

/** An answer with which the service says that it did what was asked. */
export interface ApiReply {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
  /** Empty when the service sent none. */
  readonly requestId: string;
}

/** Sends a request; resolves with a good reply, rejects with a BackupError that has a fate. */
export type Send = (request: ApiRequest, waiting: Waiting) => Promise<ApiReply>;

export type Policy = (next: Send) => Send;

/** Joins policies into one sender; the first is outermost, so `[retry, sign]` signs each attempt. */
export function pipeline(policies: readonly Policy[], send: Send): Send {
  return policies.reduceRight((next, policy) => policy(next), send);
}
