import * as vscode from 'vscode';
import type { Disposable } from '../core/kernel/disposables';
import { BackupError } from '../core/service/errors';
import type { Log } from '../core/kernel/log';
import type { Redactor } from '../core/kernel/redact';

/** The "Cloud Backup" output channel. Its level is set by VS Code's own command; every line is redacted. */
export interface OutputLog extends Log, Disposable {
  /** Brings the channel to the front. */
  show(): void;
}

export function createLog(redactor: Redactor): OutputLog {
  const channel = vscode.window.createOutputChannel('Cloud Backup', { log: true });
  return {
    write(level, message, error) {
      const line = redactor.redact(error === undefined ? message : `${message}: ${describe(error)}`);
      channel[level](line);
    },
    show: () => channel.show(true),
    dispose: () => channel.dispose(),
  };
}

/** The error with its codes and its whole chain of causes, on one line. */
function describe(error: unknown): string {
  const parts: string[] = [];
  for (let at = error, depth = 0; at !== undefined && depth < 8; depth++) {
    if (at instanceof BackupError) {
      const facts = [
        at.code,
        at.action,
        at.serviceCode,
        at.httpStatus,
        at.requestId && `request ${at.requestId}`,
      ];
      parts.push(`${at.message} (${facts.filter(Boolean).join(', ')})`);
    } else parts.push(at instanceof Error ? `${at.name}: ${at.message}` : JSON.stringify(at));
    at = at instanceof Error ? at.cause : undefined;
  }
  return parts.join(', because: ');
}
