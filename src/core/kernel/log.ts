export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Writes one line per call: the message first, what varies last. Implementations redact. */
export interface Log {
  write(level: LogLevel, message: string, error?: unknown): void;
}
