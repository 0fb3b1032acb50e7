import type { Waiting } from '../../kernel/waiting';

/** A request to a source of credentials. Neither its headers nor the answer may be logged. */
export interface PlainRequest {
  readonly method: 'GET' | 'PUT';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Most milliseconds that the whole answer may take. */
  readonly timeoutMs: number;
  /** Never through a proxy, whatever the settings of VS Code say. For an `http:` address. */
  readonly direct?: boolean;
}

export interface PlainReply {
  /** Whatever the server says: no status is an error here, and no redirect is followed. */
  readonly status: number;
  /** At most 64 KB. Holds secrets. */
  readonly body: string;
}

/** HTTP without signing, attempts or log: for the metadata service and credentials URIs. */
export interface PlainHttp {
  /**
   * Throws BackupError `unreachable`, `connection-lost`, `tls-failed`, `timeout`; `unexpected-reply` for a longer body;
   * and the error of an aborted wait. None of them holds the URL or what came back.
   */
  request(request: PlainRequest, waiting: Waiting): Promise<PlainReply>;
}
