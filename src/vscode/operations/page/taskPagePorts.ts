import type * as vscode from 'vscode';
import type { Event } from '../../../core/kernel/events';
import type { Operation } from '../../../core/operations/operation';
import type { Clock } from '../../../core/kernel/clock';
import type { Presence } from '../../../core/interaction/presence';
import type { PageCommand } from '../../../core/operations/page/operationPage';

/** What a task page needs to know of operations, and what its buttons do to them. */
export interface ObservedOperations extends Readonly<
  Record<PageCommand, (operationId: string) => Promise<void>>
> {
  /** Resolves once the records were read: only then does an operation that is not there no longer exist. */
  whenLoaded(): Promise<void>;
  get(operationId: string): Operation | undefined;
  list(): readonly Operation[];
  /** Shows a machine of an operation among all clients. */
  reveal(operationId: string, machineKey: string): Promise<void>;
  /** Milliseconds since 1970 of the next query to the service; undefined where none is planned. */
  nextCheckAt(operationId: string): number | undefined;
  readonly onDidChange: Event<Operation>;
  /** Fires the id of an operation that is forgotten. */
  readonly onDidRemove: Event<string>;
}

export interface TaskPagePorts {
  readonly operations: ObservedOperations;
  readonly extensionUri: vscode.Uri;
  /** What a button of the page starts, the user has started. */
  readonly presence: Pick<Presence, 'begin'>;
  readonly clock: Clock;
  /** Puts a text on the clipboard. */
  readonly copy: (text: string) => Promise<void>;
  /** Tells the user of a button that did not do its work, and the log. */
  readonly onError: (error: unknown) => void;
}
