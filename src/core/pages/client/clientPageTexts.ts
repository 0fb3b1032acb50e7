import { t } from '@vscode/l10n';

/** Labels of the page of a client in your language. */
export function clientPageTexts() {
  return {
    justNow: t({ message: 'just now', comment: ['A time less than a minute ago.'] }),
    timeAgo: t({
      message: '{0} ({1})',
      comment: ['{0} is a time, such as 8:30 AM; {1} is how long ago it was, such as “3 minutes ago”.'],
    }),
    operations: t({
      message: 'Operations',
      comment: ['Heading on the page of a client: the operations that changed it.'],
    }),
    noOperations: t('No operation on this client is recorded.'),
    operation: t({ message: 'Operation', comment: ['Column: the title of an operation.'] }),
    started: t({ message: 'Started', comment: ['Column: when an operation started.'] }),
    state: t({ message: 'State', comment: ['Column: how far a client or a request is.'] }),
    details: t({ message: 'Details', comment: ['Column: why a client is in its state, and what to do.'] }),
    keepOpen: t({
      message: 'Keep Open',
      comment: ['Button: the page stays with its client when another client is opened.'],
    }),
    keepOpenHint: t('Otherwise, the next client you select replaces this one.'),
    copied: t({ message: 'Copied', comment: ['Announced after an ID was copied to the clipboard.'] }),
    copyName: t({ message: 'Copy Name', comment: ['Button: copies the name of a client.'] }),
  } as const;
}

/** Labels of the page by name. */
export type ClientPageTexts = Readonly<Record<keyof ReturnType<typeof clientPageTexts>, string>>;
