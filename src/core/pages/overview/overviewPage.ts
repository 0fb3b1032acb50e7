import { t } from '@vscode/l10n';
import { attentionInShort } from '../../clients/attention';
import { countClients } from '../../clients/clientCounts';
import { stateOf } from '../../clients/clientState';
import { writeTerm } from '../../clients/filter/filterText';
import { numberInWords, plural } from '../../kernel/localize';
import type { Operation } from '../../operations/operation';
import type { ProtectionCall } from '../../service/protection';
import { scopeKey } from '../../service/scope';
import { scopeInRow, scopeInWords } from '../../service/scopeLabel';
import type { PageState } from '../page';
import type { Chart, Tone } from './chart';
import { coverageOf, type Counting } from './coverageChart';
import { countedClients, type CountedClient, type OverviewListing } from './facts';
import { heartbeatChart } from './heartbeatChart';
import type { InstanceCount } from './instanceCounts';
import { lastBackupChart } from './lastBackupChart';
import { listingNotes, obstacleOf, type Note, type Obstacle } from './listingNotes';
import { operationsChart } from './operationsChart';
import { overviewTexts, type OverviewTexts } from './overviewTexts';
import { protectionChart } from './protectionChart';
import { statusChart } from './statusChart';
import { showClientsOf, type ShowClients, type Target } from './targets';
import { versionChart } from './versionChart';

/** A number that sums up all charts. */
export interface Figure {
  readonly id: string;
  readonly label: string;
  readonly countText: string;
  readonly tone: Tone;
  readonly target: Target;
}

/** What a button of Fleet Overview does. */
export type OverviewCommand = NonNullable<Counting['button'] | Obstacle['button']>['does'];

/** Everything Fleet Overview shows. Counts only: its size depends on zones and versions, not on clients. */
export interface OverviewPageState extends PageState {
  /** The listings to choose from; empty while there's only one. The first one stands for all. */
  readonly choices: readonly { readonly key: string; readonly label: string }[];
  /** Key of the chosen listing; '' for all. */
  readonly chosen: string;
  /** What is counted: the name of the only listing, or how many are. */
  readonly place: string;
  /** How old the numbers are, what is still being read, and what couldn't be; one line each. */
  readonly notes: readonly Note[];
  /** Why nothing is shown at all; absent if something is. */
  readonly obstacle?: Obstacle;
  readonly figures: readonly Figure[];
  readonly charts: readonly Chart[];
  /** What belongs to the chart `coverage`. */
  readonly counting: Counting;
  readonly texts: OverviewTexts;
}

/** What Fleet Overview is made from. */
export interface OverviewContext {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** All that are shown. */
  readonly listings: readonly OverviewListing[];
  /** Key of the listing that the user chose; '' for all. One that isn't shown anymore counts as all. */
  readonly chosen: string;
  /** As in the tree: minutes until an active client without a heartbeat needs attention; 0 for never. */
  readonly staleMinutes: number;
  /** RAM actions that are missing to read last backups. */
  readonly backupsDenied: readonly ProtectionCall[];
  /** All known operations. */
  readonly operations: readonly Operation[];
  /** False while older operations that count aren't read yet. */
  readonly operationsRead: boolean;
  readonly instanceCountOf: (listingKey: string) => InstanceCount | undefined;
}

/** What the page is called. */
export function overviewTitle(): string {
  return t({ message: 'Fleet Overview', comment: ['Title of a page about all backup clients.'] });
}

/** What Fleet Overview shows. */
export function overviewPageState(context: OverviewContext): OverviewPageState {
  const { now, listings, staleMinutes, instanceCountOf } = context;
  const chosen = listings.length > 1 ? listings.find(({ key }) => key === context.chosen) : undefined;
  const counted = chosen ? [chosen] : listings;
  const clients = countedClients(counted, staleMinutes);
  const showClients = showClientsOf(chosen, listings);
  const showClientsIn = (listing: OverviewListing) => showClientsOf(listing, listings);
  const scopes = new Set(counted.map(({ key }) => key));
  const coverage = coverageOf(counted, clients, instanceCountOf, showClientsIn);
  const obstacle = obstacleOf(counted);
  return {
    subject: 'overview',
    title: overviewTitle(),
    now,
    choices: listings.length > 1 ? choicesOf(listings) : [],
    chosen: chosen?.key ?? '',
    place: placeOf(listings),
    notes: listingNotes(counted, now, context.backupsDenied),
    ...(obstacle && { obstacle }),
    figures: figuresOf(clients, showClients),
    charts: [
      statusChart(clients, showClients),
      versionChart(clients, showClients),
      heartbeatChart(clients, staleMinutes, showClients),
      protectionChart(counted, clients, showClientsIn),
      lastBackupChart(counted, clients, showClientsIn),
      coverage.chart,
      operationsChart(
        context.operations.filter(({ scope }) => scopes.has(scopeKey(scope))),
        now,
        context.operationsRead,
      ),
    ],
    counting: coverage.counting,
    texts: overviewTexts(),
  };
}

function choicesOf(listings: readonly OverviewListing[]): OverviewPageState['choices'] {
  const all = t({ message: 'All shown regions', comment: ['Choice: all profiles and regions are counted.'] });
  return [{ key: '', label: all }, ...listings.map(({ key, label }) => ({ key, label: scopeInRow(label) }))];
}

function placeOf(listings: readonly OverviewListing[]): string {
  const [first, ...others] = listings;
  if (!first) return '';
  if (others.length === 0) return scopeInWords(first.label);
  return plural(listings.length, {
    one: (n) => t({ message: '{0} region', args: [n], comment: ['A number of regions.'] }),
    other: (n) => t({ message: '{0} regions', args: [n], comment: ['A number of regions.'] }),
  });
}

function figuresOf(clients: readonly CountedClient[], showClients: ShowClients): readonly Figure[] {
  const { total, attention, upgradeAvailable } = countClients(
    clients.map((one) => ({ attention: one.attention, state: stateOf(one) })),
  );
  const overdue = clients.filter((one) => one.attention === 'backup-overdue').length;
  return [
    figure(
      'clients',
      total,
      t({ message: 'Clients', comment: ['Heading of a number.'] }),
      'off',
      showClients(),
    ),
    figure(
      'attention',
      attention,
      t({ message: 'Need attention', comment: ['Heading of a number of clients.'] }),
      'warning',
      showClients(writeTerm('is', 'attention')),
    ),
    figure(
      'upgradable',
      upgradeAvailable,
      t({ message: 'Upgrade available', comment: ['Active clients for which a newer version exists.'] }),
      'upgrade',
      showClients(writeTerm('is', 'upgradable')),
    ),
    // None says nothing: last backups might not be known.
    ...(overdue === 0
      ? []
      : [
          figure(
            'overdue',
            overdue,
            attentionInShort('backup-overdue'),
            'warning',
            showClients(writeTerm('is', 'overdue')),
          ),
        ]),
  ];
}

function figure(id: string, count: number, label: string, tone: Tone, target: Target): Figure {
  return { id, label, countText: numberInWords(count), tone, target };
}
