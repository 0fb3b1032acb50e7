// What a company has around its computers: an authority of its own in the store that the system trusts, and a user
// who can sign in at its proxy.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { loadTestModule } from '../bundleTests.mjs';
import { run } from '../processGroup.mjs';

/** Where Node and VS Code look for what a Linux system trusts; VS Code reads the first file that it knows. */
const systemStore = '/etc/ssl/certs';
const bundles = ['ca-certificates.crt', 'ca-bundle.crt'].map((name) => path.join(systemStore, name));

/** What would bring calls and trust past VS Code: the environment may have them for reasons of its own. */
const shortcuts = [
  ...['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
  ...['http', 'https', 'all', 'no'].flatMap((name) => [`${name}_proxy`, `${name.toUpperCase()}_PROXY`]),
];

/**
 * @typedef {object} PrivateStore
 * @property {string[]} launcher comes before a program and its arguments, which then see the store
 * @property {NodeJS.ProcessEnv} env for that program
 * @property {string} [reason] why there is no such store here; the program then sees the system's
 */

/**
 * @typedef {PrivateStore & { join: (page: import('@playwright/test').Page, host: import('../host.mjs').Host) => Promise<void> }} CompanyNetwork
 * `join` makes the workbench answer a proxy that asks for a user, as the user of a desktop does.
 */

/**
 * Makes the network of a company for one run: an authority that its computers trust, and a user that proxies of the
 * realm "Company" know. The tests learn of it, or why there is none, from the environment.
 *
 * @param {string} folder of the run
 * @returns {Promise<CompanyNetwork>}
 */
export async function createCompanyNetwork(folder) {
  const { createCertificate } = await loadTestModule('support/certificate.ts');
  const authority = createCertificate('authority.backup.test');
  const signIn = { realm: 'Company', user: 'worker', password: randomBytes(12).toString('base64') };
  const store = await createPrivateStore(folder, authority.cert);
  const { reason } = store;
  const description = JSON.stringify(reason === undefined ? { authority, signIn } : { reason });
  return {
    ...store,
    env: { ...store.env, TEST_COMPANY_NETWORK: description },
    join: (page, host) => answerProxies(page, host, signIn),
  };
}

/**
 * Makes a store of certificates with all that the system trusts and one authority more. It is laid over the system's in
 * a mount namespace that only the launched program and its children see; nothing of it stays.
 *
 * @param {string} folder of the run
 * @param {string} certificate of the authority, PEM
 * @returns {Promise<PrivateStore>}
 */
export async function createPrivateStore(folder, certificate) {
  const env = Object.fromEntries(shortcuts.map((name) => [name, undefined]));
  const none = (reason) => ({ launcher: [], env, reason: `no private certificate store: ${reason}` });
  if (process.platform !== 'linux') return none(`this is ${process.platform}, not Linux`);
  const bundle = bundles.find((file) => existsSync(file));
  const trusted = bundle === undefined ? '' : readFileSync(bundle, 'utf8');
  const store = path.join(folder, 'certs');
  await mkdir(store, { recursive: true });
  await writeFile(path.join(store, 'ca-certificates.crt'), `${trusted.trimEnd()}\n${certificate}`);
  const script = `mount --bind "$0" ${systemStore} && exec "$@"`;
  const problems = new Set();
  // As root, or as one who seems to be root in a namespace of users.
  for (const flags of ['-m', '-Urm']) {
    const launcher = ['unshare', flags, 'sh', '-c', script, store];
    try {
      const [command, ...rest] = launcher;
      const seen = await run(command, [...rest, 'cat', `${systemStore}/ca-certificates.crt`]);
      if (seen.includes(certificate)) return { launcher, env };
      problems.add('the store looks as before');
    } catch (error) {
      problems.add(error.message.split('\n').at(-1));
    }
  }
  return none([...problems].join('; '));
}

/**
 * A desktop asks its user to sign in at the proxy. A workbench in a browser doesn't ask and has no answer; this gives its one
 * function for that an answer, once for each new request.
 */
async function answerProxies(page, host, { realm, user, password }) {
  const script = path.join(host.vscode, 'out', 'vs', 'code', 'browser', 'workbench', 'workbench.js');
  await page.exposeFunction('signInAtProxy', (asked) =>
    asked.realm === realm && asked.attempt === 1 ? { username: user, password } : undefined,
  );
  await page.route('**/vs/code/browser/workbench/workbench.js', (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      body: readFileSync(script, 'utf8').replace(
        /async lookupAuthorization\((\w+)\)\{\}/,
        'async lookupAuthorization($1){return globalThis.signInAtProxy($1)}',
      ),
    }),
  );
}
