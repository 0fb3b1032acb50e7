export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One line a call, message first, variable part last. Implementations redact. */
export interface Log {
  write(level: LogLevel, message: string, error?: unknown): void;
}
