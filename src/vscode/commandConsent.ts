import { createHash } from 'node:crypto';
import type * as vscode from 'vscode';
import type { CommandConsent } from '../core/profiles/commandConsent';

const stateKey = 'cloudBackup.allowedCommands';

/**
 * Remembers allowed commands in the global state of the extension, which Settings Sync leaves alone. A command may
 * hold a secret, so only a digest of it is kept.
 */
export function createCommandConsent(globalState: vscode.Memento): CommandConsent {
  const digests = (): readonly string[] => {
    const stored = globalState.get<unknown>(stateKey);
    return Array.isArray(stored) ? stored.filter((entry) => typeof entry === 'string') : [];
  };
  return {
    isAllowed: (profileName, commandLine) => digests().includes(digestOf(profileName, commandLine)),
    async allow(profileName, commandLine) {
      await globalState.update(stateKey, [...new Set([...digests(), digestOf(profileName, commandLine)])]);
    },
  };
}

function digestOf(profileName: string, commandLine: string): string {
  return createHash('sha256')
    .update(JSON.stringify([profileName, commandLine]))
    .digest('hex');
}
