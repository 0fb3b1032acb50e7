import { createHash } from 'node:crypto';
import type * as vscode from 'vscode';
import { createCommandConsent, type CommandConsent } from '../../core/profiles/keys/commandConsent';

const stateKey = 'cloudBackup.allowedCommands';

/** Keeps allowed commands in the global state of the extension, which Settings Sync leaves alone. */
export function keepCommandConsent(globalState: vscode.Memento): CommandConsent {
  return createCommandConsent(
    {
      read: () => globalState.get<unknown>(stateKey),
      write: async (programs) => await globalState.update(stateKey, programs),
    },
    (text) => createHash('sha256').update(text).digest('hex'),
  );
}
