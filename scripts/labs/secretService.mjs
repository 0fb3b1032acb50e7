// A real secret service without a desktop: gnome-keyring on a session bus of its own. Where it is not installed and the
// system is Debian's, its packages are unpacked beside the editors; nothing of the system changes.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ensureFolder } from '../host.mjs';
import { run } from '../processGroup.mjs';
import { cache } from '../paths.mjs';

const tools = ['gnome-keyring-daemon', 'dbus-run-session', 'dbus-daemon'];
const packages = ['gnome-keyring', 'libsecret-1-0', 'dbus-daemon', 'dbus-bin'];

/** Opens the keyring with its passphrase, or leaves it locked, and then becomes the program it is given. */
const start = {
  open: 'printf %s "$0" | gnome-keyring-daemon --unlock --components=secrets >&2 && exec "$@"',
  locked: 'gnome-keyring-daemon --start --components=secrets >&2 && exec "$@"',
};

/** Not the system's configuration: nothing else can answer for the keychain on this bus. */
const busConfiguration = (folder) => `<!DOCTYPE busconfig PUBLIC
  "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=${folder}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

/**
 * @typedef {object} SecretService
 * @property {(keyring: 'open' | 'locked') => string[]} launcher comes before a program and its arguments, which then see
 * the keyring as the user left it there
 * @property {NodeJS.ProcessEnv} env for that program
 */

/**
 * Makes a keyring in a folder, unlike that of anybody who works here. The first use that opens it creates it.
 *
 * @param {string} folder of the keyring; at most 60 characters, for the sockets in it
 * @returns {Promise<SecretService | { reason: string }>} `reason`: why there is none here
 */
export async function createSecretService(folder) {
  const found = await findTools();
  if ('reason' in found) return found;
  const runtime = path.join(folder, 'run');
  await mkdir(runtime, { recursive: true });
  await chmod(runtime, 0o700);
  const configuration = path.join(folder, 'bus.conf');
  await writeFile(configuration, busConfiguration(runtime));
  return {
    launcher: (keyring) => [
      ...['dbus-run-session', `--config-file=${configuration}`, '--'],
      ...['sh', '-c', start[keyring], 'passphrase of the keyring'],
    ],
    env: {
      ...found.env,
      HOME: folder,
      XDG_RUNTIME_DIR: runtime,
      XDG_DATA_HOME: path.join(folder, 'data'),
      XDG_CONFIG_HOME: path.join(folder, 'config'),
    },
  };
}

/**
 * The search paths for the tools and the libraries they need.
 *
 * @returns {Promise<{ env: NodeJS.ProcessEnv } | { reason: string }>}
 */
async function findTools() {
  if (process.platform !== 'linux') return { reason: 'a secret service is looked for on Linux only' };
  const { PATH = '' } = process.env;
  const has = (tool) => PATH.split(path.delimiter).some((folder) => existsSync(path.join(folder, tool)));
  if (tools.every(has)) return { env: { PATH } };
  if (!has('apt-get') || !has('dpkg-deb')) {
    return { reason: 'gnome-keyring is not installed, and this is no Debian to take it from' };
  }
  try {
    const system = await ensureUnpacked();
    const libraries = [];
    // Some packages of Debian 12 still bring theirs in `lib`, which is a link to `usr/lib` in the system.
    for (const folder of ['usr/lib', 'lib'].map((name) => path.join(system, name)).filter(existsSync)) {
      const entries = await readdir(folder, { withFileTypes: true });
      const found = entries.filter((entry) => entry.isDirectory() && entry.name.includes('-linux-'));
      libraries.push(...found.map(({ name }) => path.join(folder, name)));
    }
    const programs = [path.join(system, 'usr', 'bin'), path.join(system, 'bin'), PATH].join(path.delimiter);
    return { env: { PATH: programs, LD_LIBRARY_PATH: libraries.join(path.delimiter) } };
  } catch (error) {
    const [why] = error.message.split('\n').reverse();
    return { reason: `gnome-keyring is not installed, and its packages can't be fetched: ${why}` };
  }
}

/** What is missing of the packages, unpacked; other packages in the system, another folder. */
async function ensureUnpacked() {
  const installed = await run('dpkg-query', ['-W']);
  const key = createHash('sha256').update(installed).digest('hex').slice(0, 12);
  const folder = path.join(cache, `secret-service-${key}`);
  await ensureFolder(folder, async (partial) => {
    const work = path.join(partial, 'apt');
    const lists = path.join(work, 'lists', 'partial');
    await mkdir(lists, { recursive: true });
    const options = {
      'Dir::State::Lists': path.dirname(lists),
      'Dir::Cache': work,
      'APT::Sandbox::User': 'root',
      'Acquire::http::Timeout': 10,
      'Acquire::Retries': 0,
      'Debug::NoLocking': true,
    };
    const apt = (...args) =>
      run(
        'apt-get',
        ['-q', ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]), ...args],
        {
          cwd: work,
          signal: AbortSignal.timeout(90_000),
        },
      );
    await apt('update', '--error-on=any');
    const plan = await apt('--simulate', '--no-install-recommends', 'install', ...packages);
    const missing = [...plan.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name);
    await apt('download', ...missing);
    for (const file of (await readdir(work)).filter((name) => name.endsWith('.deb'))) {
      await run('dpkg-deb', ['-x', path.join(work, file), partial]);
    }
    await rm(work, { recursive: true });
  });
  return folder;
}
