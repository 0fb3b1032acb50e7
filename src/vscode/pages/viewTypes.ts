import type { PageKind } from '../../protocol/messages';

/** What VS Code knows each kind of page by. It keeps them between starts: never rename one. */
export const viewTypes = {
  operation: 'cloudBackup.task',
  client: 'cloudBackup.client',
  overview: 'cloudBackup.overview',
} as const satisfies Readonly<Record<PageKind, string>>;

export const pageKinds = Object.keys(viewTypes).filter((kind): kind is PageKind => kind in viewTypes);
