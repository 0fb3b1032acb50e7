import type { Operation } from './core/operations/operation';
import type { DemoConnection } from './core/profiles/demo';
import type { BackupClient } from './core/service/model';

/**
 * The version of the API, apart from that of the extension. MAJOR: a member or a field is gone, or means something
 * else. MINOR: one was added. CONTRIBUTING.md has the rules.
 */
export const apiVersion = '1.0';

/** What `activate` returns: what other extensions can ask of this one. */
export interface ExtensionApi {
  /** MAJOR.MINOR of this API. Check that MAJOR is the one that you were written for. */
  readonly version: string;
  /** Connects to a simulator on this computer, in memory only, and shows its clients. */
  connectDemo(demo: DemoConnection): Promise<void>;
  /** Lists the clients of every region shown. Where a listing fails, the clients of the last one are returned. */
  clients(): Promise<readonly BackupClient[]>;
  /** The operations that are running and the latest that ended, newest first. */
  operations(): Promise<readonly Operation[]>;
}
