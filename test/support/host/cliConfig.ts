import { rename, writeFile } from 'node:fs/promises';

/** A profile of the Alibaba Cloud CLI, in the words of its file. */
export type CliEntry = Readonly<Record<string, unknown>> & { readonly name: string; readonly mode?: string };

/** What the configuration file of the CLI holds, laid out as the CLI lays it out. */
export function cliConfigOf(current: string, profiles: readonly CliEntry[]): string {
  return `${JSON.stringify({ current, profiles, meta_path: '' }, undefined, '\t')}\n`;
}

/** Puts a file in the place of another at once, as the CLI and careful editors do. */
export async function replaceFile(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
