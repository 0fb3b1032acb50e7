// The few places that every script knows.
import path from 'node:path';

/** The checkout. */
export const root = path.dirname(import.meta.dirname);

/** What may be deleted at any time: bundled tests, reports, screenshots, the packaged extension. */
export const out = path.join(root, 'out');

/** Downloaded editors and browsers; several checkouts may share one by naming it in the environment. */
export const cache = path.resolve(process.env.CLOUD_BACKUP_HOST_CACHE ?? path.join(root, '.vscode-test'));
