import type * as vscode from 'vscode';
import type { Host } from '../../../core/interaction/host';
import type { Operations } from '../../../core/operations/operations';

/** What the page of an operation works with. */
export interface TaskPageDeps extends Pick<Host, 'presence' | 'clock' | 'clipboard' | 'notices'> {
  readonly operations: Pick<
    Operations,
    'get' | 'list' | 'nextCheckAt' | 'checkNow' | 'onDidChange' | 'onDidRemove'
  >;
  /** Resolves once the records were read: only then does an operation that isn't there no longer exist. */
  readonly recordsRead: Promise<void>;
  readonly extensionUri: vscode.Uri;
}
