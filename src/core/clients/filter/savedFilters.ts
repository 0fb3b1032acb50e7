import { isRecord } from '../../kernel/objects';

/** A filter that was saved by name. */
export interface SavedFilter {
  readonly name: string;
  readonly text: string;
}

/** Where filters are kept. Reading never fails: what can't be read isn't there. */
export interface FilterStore {
  /** By name, for all workspaces. */
  saved(): readonly SavedFilter[];
  /** Replaces one with the same name. */
  save(filter: SavedFilter): Promise<void>;
  remove(name: string): Promise<void>;
  /** What was applied in this workspace, the last one first. */
  recent(): readonly string[];
  used(text: string): Promise<void>;
}

/** How many applied filters are remembered. */
const maxRecent = 5;

/** @param shared kept for all workspaces; `own` for this one */
export function createFilterStore(shared: Kept, own: Kept): FilterStore {
  const saved = (): readonly SavedFilter[] => listOf(shared.read()).filter(isSavedFilter);
  const recent = (): readonly string[] => listOf(own.read()).filter((text) => typeof text === 'string');
  const others = (name: string): readonly SavedFilter[] => saved().filter((one) => one.name !== name);
  return {
    saved,
    save: (filter) =>
      shared.write([...others(filter.name), filter].sort((a, b) => (a.name < b.name ? -1 : 1))),
    remove: (name) => shared.write(others(name)),
    recent,
    used: async (text) => {
      if (text !== '') await own.write([text, ...recent().filter((one) => one !== text)].slice(0, maxRecent));
    },
  };
}

/** One kept value. */
export interface Kept {
  read(): unknown;
  write(value: unknown): Promise<void>;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isSavedFilter(value: unknown): value is SavedFilter {
  return isRecord(value) && typeof value['name'] === 'string' && typeof value['text'] === 'string';
}
