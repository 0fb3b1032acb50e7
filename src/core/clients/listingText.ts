import { t } from '@vscode/l10n';
import { stateColors, type Icon } from '../kernel/icon';
import { listOf, numberInWords } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import { SourceUnusable } from '../profiles/keys/credentialSource';
import { accountInWords, scopeInRow, scopeInWords } from '../service/scopeLabel';
import { clientsInWords } from '../service/words';
import { needAttentionInWords } from './attention';
import type { ListingNode } from './clientTree';
import { countLinesOf, upgradesInWords } from './countsText';
import { listedAgo, listedAgoInRow } from './listedAgo';
import { listingTrouble } from './listingTrouble';
import type { RowText } from './rowText';
import type { ListingState } from './viewState';

const { warning, bad } = stateColors;

// Each state has its own icon, so none relies on color alone.
const icons: Readonly<Record<ListingState, Icon>> = {
  loading: { id: 'loading~spin' },
  ready: { id: 'cloud' },
  empty: { id: 'cloud' },
  denied: { id: 'lock', color: warning },
  offline: { id: 'debug-disconnect', color: warning },
  notTrusted: { id: 'shield', color: warning },
  proxyRefused: { id: 'plug', color: warning },
  rejected: { id: 'key', color: warning },
  expired: { id: 'watch', color: warning },
  keyNotKept: { id: 'key', color: warning },
  sourceUnusable: { id: 'key', color: warning },
  commandNotAllowed: { id: 'terminal', color: warning },
  accountChanged: { id: 'account', color: warning },
  keychainLocked: { id: 'workspace-untrusted', color: warning },
  notActivated: { id: 'circle-slash', color: warning },
  roleMissing: { id: 'person', color: warning },
  clockWrong: { id: 'clockface', color: warning },
  unexpectedAnswer: { id: 'question', color: warning },
  throttled: { id: 'dashboard', color: warning },
  serviceFailed: { id: 'server-environment', color: warning },
  failed: { id: 'error', color: bad },
};

// Clients of another account must not look like the user's own.
const otherAccount: Icon = { id: 'organization' };

/** Texts and icon of the row of a listing. Every text is safe to show. `nowMs`: milliseconds since 1970. */
export function listingTextOf(listing: ListingNode, nowMs: number): RowText {
  const { label, state, inventory, namesProfile } = listing;
  const reading = inventory.phase === 'loading' || state === 'loading';
  const fine = state === 'ready' || state === 'empty';
  return {
    label: scopeInRow(label, namesProfile),
    description: factsOf(listing, nowMs, numberInWords).join(' · '),
    sentence: listOf([scopeInWords(label), ...factsOf(listing, nowMs, clientsInWords)]),
    icon: reading ? icons.loading : fine && label.scope.crossAccount ? otherAccount : icons[state],
  };
}

/** The tooltip of a listing: a title, then one line per fact. Every text is safe to show. */
export function listingTooltipOf(
  { label, inventory, counts, all }: ListingNode,
  nowMs: number,
): { readonly title: string; readonly lines: readonly string[] } {
  const account = accountInWords(label.scope);
  const { error, listedAt, changedWhileReading } = inventory;
  const lines = [
    account === ''
      ? t('Account not verified')
      : label.scope.crossAccount
        ? t('Clients of account {0}', account)
        : t({ message: 'Account {account}', args: { account }, comment: ['A line of a tooltip'] }),
    ...(counts.total > 0 ? countLinesOf(counts, all) : []),
    error && plainText(listingTrouble(error), 300),
    error?.requestId && t('Request ID: {0}', plainText(error.requestId)),
    listedAt !== undefined && listedAgo(listedAt, nowMs),
    changedWhileReading && t('The list changed while it was being read. Refresh to see all clients.'),
  ];
  return {
    title: scopeInWords(label),
    lines: lines.filter((line): line is string => typeof line === 'string' && line !== ''),
  };
}

/** `countOf`: a row has room only for a number, like the rows of groups; a sentence says what's counted. */
function factsOf(listing: ListingNode, nowMs: number, countOf: (count: number) => string): readonly string[] {
  const { inventory, counts } = listing;
  const { listedAt, phase } = inventory;
  const trouble = troubleOfListing(listing);
  if (counts.total === 0) return [trouble ?? progressOf(listing)];
  // The first listing shows its progress; a later one must not replace what's known.
  if (phase === 'loading' && listedAt === undefined) return [progressOf(listing)];
  const old = (trouble !== undefined || phase === 'stored') && listedAt !== undefined;
  return [
    ...(trouble === undefined ? [] : [trouble]),
    ...countsOf(listing, countOf),
    ...(old ? [listedAgoInRow(listedAt, nowMs)] : []),
  ];
}

function progressOf({ inventory, state }: ListingNode): string {
  if (state === 'empty') return t({ message: 'no clients', comment: ['A region without backup clients.'] });
  const { received, total } = inventory;
  return total === undefined
    ? t({ message: 'loading…', comment: ['The clients of a region are being read.'] })
    : t({
        message: '{received} of {total}',
        args: { received: numberInWords(received), total: numberInWords(total) },
        comment: ['How many clients of a region were read so far.'],
      });
}

/** What needs you comes first: a narrow side bar cuts off the end. */
function countsOf(
  { counts: { total, attention, upgradeAvailable }, shown }: ListingNode,
  countOf: (count: number) => string,
): readonly string[] {
  return [
    ...(attention > 0 ? [needAttentionInWords(attention)] : []),
    shown < total
      ? t({
          message: '{shown} of {total}',
          args: { shown: numberInWords(shown), total: countOf(total) },
          comment: [
            'How many clients a filter shows. {total} is a number, or a number with the word clients.',
          ],
        })
      : countOf(total),
    ...(upgradeAvailable > 0 ? [upgradesInWords(upgradeAvailable)] : []),
  ];
}

/** Why the clients of a listing couldn't be listed, in a few words; undefined if they could. Safe to show. */
export function troubleOfListing({
  state,
  inventory: { error },
}: {
  readonly state: ListingState;
  readonly inventory: Pick<ListingNode['inventory'], 'error'>;
}): string | undefined {
  switch (state) {
    case 'loading':
    case 'ready':
    case 'empty':
      return undefined;
    case 'denied':
      return t({ message: 'no permission', comment: ['Why the clients of a region are not listed.'] });
    case 'offline':
      return t("can't be reached");
    case 'notTrusted':
      return t('connection not secure');
    case 'proxyRefused':
      return t('rejected by the proxy');
    case 'rejected':
      return t({ message: 'credentials rejected', comment: ['Why the clients of a region are not listed.'] });
    case 'expired':
      return t({ message: 'credentials expired', comment: ['Why the clients of a region are not listed.'] });
    case 'keyNotKept':
      return t('credentials not saved');
    case 'sourceUnusable':
      return error instanceof SourceUnusable ? plainText(error.sentence) : t("credentials can't be read");
    case 'commandNotAllowed':
      return t('credential program not allowed');
    case 'accountChanged':
      return t('credentials of another account');
    case 'keychainLocked':
      return t("keychain can't be used");
    case 'notActivated':
      return t('Cloud Backup not available');
    case 'roleMissing':
      return t({ message: 'service role missing', comment: ['Why the clients of a region are not listed.'] });
    case 'clockWrong':
      return t({ message: 'clock is wrong', comment: ["The clock of the user's computer."] });
    case 'unexpectedAnswer':
      return t({ message: 'unexpected response', comment: ['Why the clients of a region are not listed.'] });
    case 'throttled':
      return t({ message: 'too many requests', comment: ['Why the clients of a region are not listed.'] });
    case 'serviceFailed':
      return t('error in Alibaba Cloud');
    case 'failed':
      return t("couldn't be listed");
  }
}
