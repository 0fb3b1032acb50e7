import type { SecretHunt } from '../secretHunt';
import type { OpenWorkbench } from './openWorkbench';

/** Everything that a workbench shows, keeps in the browser and asks for over HTTP, from the moment it is watched. */
export interface PageWatch {
  /** Keeps what the web pages inside the workbench show now; the workbench itself is followed all the time. */
  note(): Promise<void>;
  search(hunt: SecretHunt): Promise<void>;
}

/** Begins to watch the page of a workbench. A reload ends it. */
export async function watchPage(bench: OpenWorkbench): Promise<PageWatch> {
  const { page } = bench;
  const addresses: string[] = [];
  const inner: string[] = [];
  page.context().on('request', (request) => addresses.push(request.url(), request.postData() ?? ''));
  await page.evaluate(follow);
  const note = async (): Promise<void> => {
    for (const frame of page.frames().filter((each) => each !== page.mainFrame())) {
      // A frame may go while it is read.
      inner.push(await frame.content().catch(() => ''));
    }
  };
  return {
    note,
    async search(hunt) {
      await note();
      hunt.look('page as it was shown', await page.evaluate<string>(shown));
      hunt.look('pages inside the page', inner.join('\n'));
      hunt.look('requests of the browser', addresses.join('\n'));
      hunt.look('storage of the browser', await page.evaluate<string>(stored));
      hunt.look('cookies', JSON.stringify(await page.context().cookies()));
    },
  };
}

// Compiled without the browser's types, so the parts that run in the page are text.

const follow = `(() => {
  const seen = (globalThis.seenTexts = new Set([document.documentElement.outerHTML]));
  const note = (text) => text && seen.add(text);
  new MutationObserver((records) => {
    for (const { type, target, attributeName, addedNodes } of records) {
      if (type === 'attributes') note(target.getAttribute(attributeName));
      else if (type === 'characterData') note(target.data);
      else for (const node of addedNodes) note(node.outerHTML ?? node.textContent);
    }
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
})()`;

const shown = `[...globalThis.seenTexts].join('\\n')`;

const stored = `(async () => {
  const done = (request) => new Promise((resolve) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(undefined);
  });
  const asText = (_name, value) =>
    value instanceof ArrayBuffer || ArrayBuffer.isView(value)
      ? new TextDecoder('latin1').decode(value)
      : value;
  const texts = [localStorage, sessionStorage].flatMap((storage) => Object.entries(storage).flat());
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    for (const store of [...(database?.objectStoreNames ?? [])]) {
      const objects = database.transaction(store).objectStore(store);
      texts.push(JSON.stringify([await done(objects.getAllKeys())], asText));
      for (const value of (await done(database.transaction(store).objectStore(store).getAll())) ?? []) {
        texts.push(typeof value === 'string' ? value : JSON.stringify(value, asText) ?? '');
      }
    }
    database?.close();
  }
  return texts.join('\\n');
})()`;
