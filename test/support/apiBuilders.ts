import type { ApiReply, ApiRequest } from '../../src/api/pipeline';
import type { Waiting } from '../../src/core/kernel/waiting';

export const neverCancelled: Waiting = { signal: new AbortController().signal };

/** A read with a key of its own. */
export function aRequest(parts: Partial<ApiRequest> = {}): ApiRequest {
  return {
    endpoint: 'https://hbr.cn-hangzhou.aliyuncs.com',
    action: 'DescribeTask',
    version: '2017-09-08',
    kind: 'read',
    ramAction: 'hbr:DescribeTask',
    query: [],
    headers: {},
    timeOffsetMs: 0,
    accessKey: () => Promise.resolve({ accessKeyId: 'example-id', accessKeySecret: 'example-secret' }),
    ...parts,
  };
}

/** A good reply with this body and these headers (lower-cased names). */
export function aReply(
  body: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): ApiReply {
  return { status: 200, header: (name) => headers[name], body, requestId: 'REQUEST-1' };
}
