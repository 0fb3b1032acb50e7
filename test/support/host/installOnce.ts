import { cp, rm } from 'node:fs/promises';
import * as path from 'node:path';

const ages = ['newest', 'oldest'] as const;

/** Packages the extension and installs it in each VS Code, once for all workbenches. */
export default async function installOnce(): Promise<void> {
  const { ensureHost, ensureOldestHost } = await import('../../../scripts/host.mjs');
  const { ensurePackage } = await import('../../../scripts/package.mjs');
  const { installExtension } = await import('../../../scripts/server.mjs');
  const vsix = await ensurePackage(print);
  const hosts = { newest: await ensureHost(print), oldest: await ensureOldestHost(print) };
  await Promise.all(
    ages.map(async (age) => {
      const folder = await installed(age);
      await rm(folder, { recursive: true, force: true });
      await installExtension(hosts[age], folder, vsix);
    }),
  );
}

/**
 * Gives the folder of a run the installed extension.
 *
 * @param folder of the run; its extensions are in `e`
 */
export async function copyInstalled(age: 'newest' | 'oldest', folder: string): Promise<void> {
  const list = path.join(await installed(age), 'e', 'extensions.json');
  // Without its list, VS Code takes every extension that it finds in the folder.
  const filter = (file: string): boolean => file !== list;
  await cp(path.dirname(list), path.join(folder, 'e'), { recursive: true, filter });
}

async function installed(age: 'newest' | 'oldest'): Promise<string> {
  const { out } = await import('../../../scripts/paths.mjs');
  return path.join(out, 'installed', age);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
