import type { Disposable } from '../kernel/disposables';
import { Emitter, type Event } from '../kernel/events';

/** What the user's settings say now. */
export interface Setting<T> {
  readonly current: T;
  /** Fires after `current` was read again, also when it is the same. */
  readonly onDidChange: Event<void>;
}

/** A value that was read, with a sentence for each part of it that can't be used. */
export interface ReadSetting<T> {
  readonly value: T;
  readonly problems?: readonly string[];
}

/**
 * Reads a setting now and after each change.
 *
 * @param onProblem gets each problem once while it lasts, and again when it comes back. Every window reads the setting, so
 *   only the one with the focus should show it
 */
export function watchSetting<T>({
  read,
  onDidChange,
  isFocused,
  onProblem,
}: {
  readonly read: () => ReadSetting<T>;
  readonly onDidChange: Event<void>;
  readonly isFocused: () => boolean;
  readonly onProblem: (problem: string, hasFocus: boolean) => void;
}): Setting<T> & Disposable {
  const changes = new Emitter<void>();
  let reported: ReadonlySet<string> = new Set();
  const update = (): T => {
    const { value, problems = [] } = read();
    for (const problem of problems) if (!reported.has(problem)) onProblem(problem, isFocused());
    reported = new Set(problems);
    return value;
  };
  let current = update();
  const watching = onDidChange(() => {
    current = update();
    changes.fire();
  });
  return {
    get current() {
      return current;
    },
    onDidChange: changes.event,
    dispose() {
      watching.dispose();
      changes.dispose();
    },
  };
}
