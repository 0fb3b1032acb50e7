import type { Disposable } from '../../kernel/disposables';
import { Emitter, type Event } from '../../kernel/events';
import { clientTypes, type ClientType } from '../../service/model';

/** Which types of clients the view lists, in this workspace. */
export interface ClientTypesInView extends Disposable {
  /** Never empty; in the order of {@link clientTypes}. */
  readonly current: readonly ClientType[];
  readonly onDidChange: Event<void>;
  /** At least one of them; none changes nothing. */
  set(types: readonly ClientType[]): void;
}

/** What is kept for a workspace, as VS Code keeps it. */
export interface WorkspaceMemory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

const memoryKey = 'cloudBackup.clientTypes';

/** ECS clients alone, until others were chosen in this workspace. */
export function createClientTypesInView(memory: WorkspaceMemory): ClientTypesInView {
  const changes = new Emitter<void>();
  const stored = memory.get(memoryKey);
  let current = knownTypes(Array.isArray(stored) ? stored : []);
  if (current.length === 0) current = ['ECS_CLIENT'];
  return {
    get current() {
      return current;
    },
    onDidChange: changes.event,
    set(types) {
      const next = knownTypes(types);
      if (next.length === 0 || next.join() === current.join()) return;
      current = next;
      void memory.update(memoryKey, next);
      changes.fire();
    },
    dispose: () => changes.dispose(),
  };
}

function knownTypes(some: readonly unknown[]): readonly ClientType[] {
  return clientTypes.filter((type) => some.includes(type));
}
