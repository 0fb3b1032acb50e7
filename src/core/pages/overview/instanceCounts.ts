import type { Disposable } from '../../kernel/disposables';
import { Emitter, type Event } from '../../kernel/events';
import type { Log } from '../../kernel/log';
import type { InstanceApi } from '../../service/api';
import { isCancelled, toBackupError, type BackupError } from '../../service/errors';
import type { Scope } from '../../service/scope';

/** How far the ECS instances of a listing were counted. */
export type InstanceCount =
  | { readonly phase: 'counting'; readonly read: number }
  | { readonly phase: 'counted'; readonly instanceIds: ReadonlySet<string> }
  | { readonly phase: 'failed'; readonly error: BackupError };

/** A listing of which the instances can be counted. */
export interface CountableListing {
  readonly key: string;
  readonly scope: Scope;
}

/** The ECS instances of listings. Reads none until it's asked to. */
export interface InstanceCounts extends Disposable {
  /** Undefined until counting was asked for, and after it was canceled. */
  of(listingKey: string): InstanceCount | undefined;
  readonly isCounting: boolean;
  /** Reads the instances of one listing after the other, 100 in a request. Failures end in the counts. */
  count(listings: readonly CountableListing[]): Promise<void>;
  /** Ends what `count` began; what was counted stays. */
  cancel(): void;
  /** Fires with every page that was read. */
  readonly onDidChange: Event<void>;
}

/** Why the instances of a listing can't be counted; undefined if they can. */
export function countObstacle({
  clientType,
  crossAccount,
  filter,
}: Scope): 'other-account' | 'other-type' | 'filter' | undefined {
  // ECS is called with the profile's own credentials, which can't list the instances of another account.
  if (crossAccount) return 'other-account';
  if (clientType !== 'ECS_CLIENT') return 'other-type';
  return filter ? 'filter' : undefined;
}

export function createInstanceCounts(deps: {
  readonly instances: Pick<InstanceApi, 'listInstances'>;
  readonly log: Log;
}): InstanceCounts {
  const { instances, log } = deps;
  const changes = new Emitter<void>();
  const counts = new Map<string, InstanceCount>();
  let running: AbortController | undefined;

  const set = (key: string, count: InstanceCount): void => {
    counts.set(key, count);
    changes.fire();
  };
  const countOne = async ({ key, scope }: CountableListing, signal: AbortSignal): Promise<void> => {
    const instanceIds = new Set<string>();
    set(key, { phase: 'counting', read: 0 });
    try {
      for await (const page of instances.listInstances(scope, {}, { signal })) {
        if (signal.aborted) return;
        for (const { instanceId } of page) instanceIds.add(instanceId);
        set(key, { phase: 'counting', read: instanceIds.size });
      }
      set(key, { phase: 'counted', instanceIds });
    } catch (error) {
      if (isCancelled(error)) return;
      const failure = toBackupError(error);
      log.write('error', 'counting instances failed', failure);
      set(key, { phase: 'failed', error: failure });
    }
  };
  const stop = (): void => {
    running?.abort();
    running = undefined;
    for (const [key, { phase }] of counts) if (phase === 'counting') counts.delete(key);
  };

  return {
    of: (key) => counts.get(key),
    get isCounting() {
      return running !== undefined;
    },
    async count(listings) {
      stop();
      const run = new AbortController();
      running = run;
      for (const listing of listings) {
        if (run.signal.aborted) return;
        await countOne(listing, run.signal);
      }
      if (running !== run) return;
      running = undefined;
      changes.fire();
    },
    cancel() {
      stop();
      changes.fire();
    },
    onDidChange: changes.event,
    dispose() {
      running?.abort();
      running = undefined;
      counts.clear();
      changes.dispose();
    },
  };
}
