import type { AttentionReason } from '../attention';
import { upgradeAvailable } from '../clientState';
import type { ClientNode } from '../clientTree';
import { backupAgeOf, backupAges, clientTraits, noVpc, vpcOf, type TraitName } from '../traits';
import type { Scope } from '../../service/scope';
import type { FacetName, Term } from './filterText';

/** Kinds of changes since the user last looked. */
export const changeKinds = ['new', 'gone', 'changed'] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** Keys of the clients of a listing that changed since the user last looked, by kind. */
export type ChangedClients = Readonly<Partial<Record<ChangeKind, ReadonlySet<string>>>>;

/** What a listing is called. */
export interface ListingName {
  readonly scope: Pick<Scope, 'regionId'>;
  readonly profileName: string;
}

/** The listing that a filter is applied to. */
export interface FilteredListing extends ListingName {
  /** Milliseconds since 1970, by the service's clock, like heartbeats. */
  readonly nowMs: number;
  readonly changes?: ChangedClients;
}

export type ClientTest = (node: ClientNode, listing: FilteredListing) => boolean;

/** Stands for the clients without a value: `zone:none`. */
export const noValue = 'none';

/** Stands for the clients with a value that isn't known: `vpc:unknown`. */
const unknownValue = 'unknown';

const failures: readonly (AttentionReason | undefined)[] = [
  'install-failed',
  'upgrade-failed',
  'uninstall-failed',
];

/** Words after `is:` for the state of a client. A client can match several. */
const stateWords = {
  attention: ({ attention }) => attention !== undefined,
  failed: ({ attention }) => failures.includes(attention),
  stopped: ({ attention }) => attention === 'stopped',
  disconnected: ({ attention }) => attention === 'heartbeat-lost',
  deactivated: ({ attention }) => attention === 'deactivated',
  silent: ({ attention }) => attention === 'heartbeat-stale',
  overdue: ({ attention }) => attention === 'backup-overdue',
  busy: ({ busy }) => busy,
  upgradable: ({ state }) => state === upgradeAvailable,
  active: ({ client }) => client.status === 'ACTIVATED',
  notinstalled: ({ client }) => client.status === 'NOT_INSTALLED',
  uninstalled: ({ client }) => client.leftover === true,
} as const satisfies Readonly<Record<string, ClientTest>>;

const protectionWords = {
  protected: ({ client }) => clientTraits.protection.valueOf(client) === 'protected',
  unprotected: ({ client }) => clientTraits.protection.valueOf(client) === 'unprotected',
} as const satisfies Readonly<Record<string, ClientTest>>;

const changeWords = Object.fromEntries(
  changeKinds.map((kind): [string, ClientTest] => [
    kind,
    ({ key }, { changes }) => changes?.[kind]?.has(key) === true,
  ]),
);

/** Words of one kind are alternatives, words of different kinds must all be true. */
const isWords: ReadonlyMap<string, { readonly kind: string; readonly test: ClientTest }> = new Map(
  Object.entries({ state: stateWords, protection: protectionWords, change: changeWords }).flatMap(
    ([kind, words]) =>
      Object.entries<ClientTest>(words).map(([word, test]) => [word, { kind, test }] as const),
  ),
);

type TestOfValue = (value: string) => ClientTest | undefined;

/** What a value of each facet asks of a client; undefined where the value means nothing. */
const facets: Readonly<Record<FacetName, TestOfValue>> = {
  is: (value) => isWords.get(value.toLowerCase())?.test,
  status: (value) => {
    const wanted = value.toUpperCase().replaceAll('-', '_');
    // A record that stayed after an uninstall isn't stopped.
    return ({ client }) => !client.leftover && client.status.toUpperCase() === wanted;
  },
  zone: (value) => equals('zone', value),
  vpc: (value) => {
    const lower = value.toLowerCase();
    const wanted = lower === noValue ? noVpc : lower === unknownValue ? '' : lower;
    return (node) => vpcOf(node).toLowerCase() === wanted;
  },
  version: (value) => {
    if (value.toLowerCase() === noValue) return equals('version', value);
    return ({ client }) => {
      const version = clientTraits.version.valueOf(client);
      return version === value || version.startsWith(`${value}.`);
    };
  },
  os: (value) => equals('os', value),
  arch: (value) => equals('arch', value),
  type: (value) =>
    ['ecs', 'container', 'local'].includes(value.toLowerCase()) ? equals('type', value) : undefined,
  tag: (value) => {
    const wanted = value.toLowerCase();
    // A key can hold `=`, so the tag is written, and the text isn't split.
    return ({ client }) =>
      client.tags.some((tag) => {
        const key = tag.key.toLowerCase();
        return key === wanted || `${key}=${tag.value.toLowerCase()}` === wanted;
      });
  },
  heartbeat: (value) => {
    const range = heartbeatRange(value);
    if (!range) return undefined;
    return ({ client: { lastHeartBeatTime } }, { nowMs }) => {
      if (lastHeartBeatTime === undefined) return false;
      const age = nowMs / 1000 - lastHeartBeatTime;
      return age > range.over && age <= range.upTo;
    };
  },
  backup: (value) => {
    const lower = value.toLowerCase();
    const wanted = lower === unknownValue ? '' : backupAges.find((age) => age === lower);
    return wanted === undefined ? undefined : (node) => backupAgeOf(node) === wanted;
  },
  region: (value) => ofListing({ facet: 'region', value }),
  profile: (value) => ofListing({ facet: 'profile', value }),
};

/** What a term asks of a listing as a whole; undefined for a term about clients. */
export function listingTestOf({ facet, value }: Term): ((listing: ListingName) => boolean) | undefined {
  const wanted = value.toLowerCase();
  if (facet === 'region') return ({ scope }) => scope.regionId.toLowerCase() === wanted;
  if (facet === 'profile') return ({ profileName }) => profileName.toLowerCase() === wanted;
  return undefined;
}

function ofListing(term: Term): ClientTest | undefined {
  const test = listingTestOf(term);
  return test && ((_, listing) => test(listing));
}

/** What a term asks of a client; undefined where its value means nothing, as in `is:nonsense`. */
export function testOf({ facet, value }: Term): ClientTest | undefined {
  return facets[facet](value);
}

/** Terms with the same text here are alternatives; all others must be true together. */
export function alternativesOf({ facet, value }: Term): string {
  if (facet === 'is') return `is ${isWords.get(value.toLowerCase())?.kind ?? ''}`;
  if (facet === 'tag') return `tag ${value.toLowerCase().replace(/=.*$/s, '')}`;
  return facet;
}

function equals(trait: TraitName, value: string): ClientTest {
  const lower = value.toLowerCase();
  const wanted = lower === noValue ? '' : lower;
  return ({ client }) => clientTraits[trait].valueOf(client).toLowerCase() === wanted;
}

const unitSeconds: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400 };

/** Seconds since the last heartbeat: `>60m`, `<2h`, or `1h-1d`. */
function heartbeatRange(text: string): { readonly over: number; readonly upTo: number } | undefined {
  const [, sign = '', from, to] =
    /^([<>]?)(\d{1,6}[mhd])(?:-(\d{1,6}[mhd]))?$/.exec(text.toLowerCase()) ?? [];
  if (from === undefined || (sign === '') !== (to !== undefined)) return undefined;
  if (to !== undefined) return { over: secondsOf(from), upTo: secondsOf(to) };
  return sign === '<'
    ? { over: -Infinity, upTo: secondsOf(from) }
    : { over: secondsOf(from), upTo: Infinity };
}

function secondsOf(text: string): number {
  return Number(text.slice(0, -1)) * (unitSeconds[text.slice(-1)] ?? 0);
}
