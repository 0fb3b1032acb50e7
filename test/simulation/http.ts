/** A request as the service reads it. */
export interface HttpRequest {
  readonly action: string;
  /** Lower-cased names. */
  readonly headers: ReadonlyMap<string, string>;
  /** Query and form together. */
  readonly parameters: ReadonlyMap<string, string>;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const headEnd = '\r\n\r\n';

/** True once the head and all of the body have come. */
export function isWhole(bytes: Buffer): boolean {
  const end = bytes.indexOf(headEnd);
  if (end < 0) return false;
  const length = Number(headersIn(bytes.subarray(0, end).toString('latin1')).get('content-length') ?? 0);
  return bytes.length >= end + headEnd.length + length;
}

/** Reads a whole request. */
export function requestFrom(bytes: Buffer): HttpRequest {
  const end = bytes.indexOf(headEnd);
  const head = bytes.subarray(0, end).toString('latin1');
  const headers = headersIn(head);
  const query = /^POST \/\?(\S*) /.exec(head)?.[1] ?? '';
  const body = bytes.subarray(end + headEnd.length).toString('utf8');
  const parameters = new Map([...new URLSearchParams(query), ...new URLSearchParams(body)]);
  return { action: headers.get('x-acs-action') ?? parameters.get('Action') ?? '', headers, parameters };
}

export function replyBytes({ status, headers, body }: HttpReply): Buffer {
  const bytes = Buffer.from(body);
  const lines = [
    `HTTP/1.1 ${status} Simulated`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${bytes.length}`,
    'connection: keep-alive',
  ];
  return Buffer.concat([Buffer.from(lines.join('\r\n') + headEnd, 'latin1'), bytes]);
}

function headersIn(head: string): Map<string, string> {
  const lines = head.split('\r\n').slice(1);
  return new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
}
