/** A program that the user has allowed. Texts come from outside: make them safe before showing them. */
export interface AllowedProgram {
  /** Tells it from all others, and nothing about its command line. */
  readonly id: string;
  /** Empty for one that an earlier release remembered without it. */
  readonly profileName: string;
  /** File name without its folder and arguments; empty as above. */
  readonly fileName: string;
}

/** Which programs of CLI profiles the user has allowed to run. */
export interface CommandConsent {
  isAllowed(profileName: string, commandLine: string): boolean;
  /** Only this command of this profile: a changed one needs consent again. `fileName` is for the list. */
  allow(profileName: string, commandLine: string, fileName: string): Promise<void>;
  /** Oldest first. */
  list(): readonly AllowedProgram[];
  /** Revokes what was allowed; unknown ids are ignored. */
  revoke(ids: readonly string[]): Promise<void>;
}

/** Where the list is kept: as it was written, or anything else. */
export interface ConsentState {
  read(): unknown;
  write(programs: readonly AllowedProgram[]): Promise<void>;
}

/**
 * Remembers allowed commands. A command may hold a secret, so of it only a digest and the program's file name are kept.
 *
 * @param digest a short text that is the same for equal texts, and from which nothing of them can be read
 */
export function createCommandConsent(state: ConsentState, digest: (text: string) => string): CommandConsent {
  const idOf = (profileName: string, commandLine: string): string =>
    digest(JSON.stringify([profileName, commandLine]));
  const list = (): readonly AllowedProgram[] => {
    const stored = state.read();
    return Array.isArray(stored) ? stored.flatMap((entry) => programOf(entry) ?? []) : [];
  };
  return {
    isAllowed: (profileName, commandLine) => {
      const wanted = idOf(profileName, commandLine);
      return list().some(({ id }) => id === wanted);
    },
    async allow(profileName, commandLine, fileName) {
      const allowed = { id: idOf(profileName, commandLine), profileName, fileName };
      await state.write([...list().filter(({ id }) => id !== allowed.id), allowed]);
    },
    list,
    revoke: (ids) => state.write(list().filter(({ id }) => !ids.includes(id))),
  };
}

/** Earlier releases kept the digest alone. */
function programOf(entry: unknown): AllowedProgram | undefined {
  if (typeof entry === 'string') return { id: entry, profileName: '', fileName: '' };
  if (typeof entry !== 'object' || entry === null || !('id' in entry) || typeof entry.id !== 'string') {
    return undefined;
  }
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    id: entry.id,
    profileName: 'profileName' in entry ? text(entry.profileName) : '',
    fileName: 'fileName' in entry ? text(entry.fileName) : '',
  };
}
