// Finds a Chromium and starts it without a window.
import { existsSync, readdirSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts the first browser of: CHROME_PATH, Playwright's own, the one that came with the host, the system's.
 *
 * @param {import('./host.mjs').Browser | undefined} bundled the browser that came with the host
 * @returns {Promise<import('@playwright/test').Browser>}
 * @throws {Error} saying what to install when there is none
 */
export async function launchBrowser(bundled) {
  const { chromium } = await import('@playwright/test');
  const launch = (more) => chromium.launch({ headless: true, args, ...more });
  if (process.env.CHROME_PATH) return launch({ executablePath: process.env.CHROME_PATH });

  const own = chromium.executablePath();
  if (existsSync(own)) return launch({ channel: 'chromium' });
  if (hasHeadlessShell(own)) return launch({});
  if (bundled !== undefined) return launch(await bundledOptions(bundled));

  for (const channel of ['chrome', 'msedge']) {
    try {
      return await launch({ channel });
    } catch {
      // Not installed; the next one may be.
    }
  }
  for (const name of ['chromium', 'chromium-browser']) {
    for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
      const file = path.join(folder, name);
      if (existsSync(file)) return launch({ executablePath: file });
    }
  }
  throw new Error(
    'No browser was found. Run "npx playwright install chromium" or, on Debian, "apt-get install -y chromium".',
  );
}

/** Playwright's smaller browser is beside the full one: chromium-123 and chromium_headless_shell-123. */
function hasHeadlessShell(executable) {
  const folder = executable.split(path.sep).find((part) => /^chromium-\d+$/.test(part));
  if (folder === undefined) return false;
  const parent = executable.slice(0, executable.indexOf(folder));
  if (!existsSync(parent)) return false;
  return readdirSync(parent).includes(folder.replace('chromium-', 'chromium_headless_shell-'));
}

/**
 * The bundled browser brings its libraries and fonts. It dies at the first quick input if it finds no font. Named
 * first, Open Sans draws all text that it can; the Chinese font draws the rest.
 */
async function bundledOptions({ chromium, fonts }) {
  const file = path.join(chromium, 'fonts.conf');
  const prefer = (family) =>
    `<alias binding="same"><family>${family}</family><prefer><family>Open Sans</family></prefer></alias>`;
  // Whole at once: another browser that starts now may read it.
  await writeFile(
    `${file}.${process.pid}`,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${path.join(chromium, 'fonts', 'fonts')}</dir>
  <dir>${fonts}</dir>
  ${['sans-serif', 'system-ui'].map(prefer).join('\n  ')}
  <cachedir>${path.join(chromium, 'fc-cache')}</cachedir>
</fontconfig>
`,
  );
  await rename(`${file}.${process.pid}`, file);
  return {
    executablePath: path.join(chromium, 'chromium'),
    env: {
      ...process.env,
      LD_LIBRARY_PATH: path.join(chromium, 'al2023', 'lib'),
      FONTCONFIG_FILE: file,
    },
  };
}

/**
 * Opens a page of its own, with nothing kept from earlier ones.
 *
 * @param {import('@playwright/test').Browser} browser
 * @param {import('@playwright/test').BrowserContextOptions} [options]
 */
export async function newPage(browser, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    // Without the permission VS Code's clipboard waits for ever.
    permissions: ['clipboard-read', 'clipboard-write'],
    // The server would compress the 22 MB of VS Code for each page, over a connection that needs no bandwidth.
    extraHTTPHeaders: { 'accept-encoding': 'identity' },
    // Nothing moves: a click needn't wait, and no processor draws sixty pictures a second.
    reducedMotion: 'reduce',
    ...options,
  });
  return context.newPage();
}
