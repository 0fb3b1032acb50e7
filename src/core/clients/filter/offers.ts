import { t } from '@vscode/l10n';
import { attentionInShort } from '../attention';
import {
  attentionIcon,
  needsAttention,
  stateIcon,
  stateInWords,
  uninstalled,
  upgradeAvailable,
} from '../clientState';
import type { ClientNode } from '../clientTree';
import { traitsOf } from '../grouping/dimensions';
import {
  backupAgeInWords,
  backupAges,
  clientTraits,
  noVpc,
  vpcInWords,
  vpcOf,
  type TraitName,
} from '../traits';
import { noValue, testOf, type FilteredListing } from './facets';
import type { FacetName } from './filterText';

/** A facet as the filter box offers it. */
export interface Offer {
  readonly heading: () => string;
  /** Name of a VS Code icon for a value. */
  readonly icon: (value: string) => string;
  readonly facet: FacetName;
  /** The values that a client matches. */
  readonly valuesOf: (node: ClientNode, listing: FilteredListing) => readonly string[];
  readonly inWords: (value: string) => string;
  /** Values in a fixed order; others are sorted by the number of clients. */
  readonly order?: readonly string[];
  /** How many values are offered at most while nothing is typed. */
  readonly limit: number;
}

interface Word {
  readonly inWords: () => string;
  /** Name of a VS Code icon; absent for that of the facet. */
  readonly icon?: string;
}

const stateWords: Readonly<Record<string, Word>> = {
  attention: ofState(needsAttention),
  failed: {
    inWords: () =>
      t({ message: 'Failed', comment: ['Clients with a failed install, upgrade, or uninstall'] }),
    icon: stateIcon('INSTALL_FAILED').id,
  },
  stopped: ofState('STOPPED'),
  disconnected: ofState('UNKNOWN'),
  deactivated: ofState('DEACTIVATED'),
  silent: {
    inWords: () => attentionInShort('heartbeat-stale'),
    icon: attentionIcon('heartbeat-stale').id,
  },
  overdue: {
    inWords: () => attentionInShort('backup-overdue'),
    icon: attentionIcon('backup-overdue').id,
  },
  busy: {
    inWords: () =>
      t({ message: 'Changing', comment: ['Clients that are installed, upgraded, or uninstalled now'] }),
    icon: 'sync',
  },
  upgradable: ofState(upgradeAvailable),
  active: ofState('ACTIVATED'),
  notinstalled: ofState('NOT_INSTALLED'),
  uninstalled: ofState(uninstalled),
};

function ofState(state: string): Word {
  return { inWords: () => stateInWords(state), icon: stateIcon(state).id };
}

const changeWords: Readonly<Record<string, Word>> = {
  new: { inWords: () => t({ message: 'New', comment: ['Clients that were not listed at the last look'] }) },
  gone: { inWords: () => t({ message: 'Gone', comment: ['Clients that are not listed any more'] }) },
  changed: {
    inWords: () => t({ message: 'Changed', comment: ['Clients with another status or version than before'] }),
  },
};

const ageWords: Readonly<Record<string, Word>> = {
  '>1h': { inWords: () => t('No heartbeat for an hour') },
  '>1d': { inWords: () => t('No heartbeat for a day') },
  '>7d': { inWords: () => t('No heartbeat for a week') },
};

/** In the order of the filter box. */
export const offers: readonly Offer[] = [
  words(() => t({ message: 'State', comment: ['Heading of filters'] }), 'pulse', 'is', stateWords),
  words(() => t('Since you last looked'), 'history', 'is', changeWords),
  ofTrait('zone', 12),
  {
    heading: () => traitsOf('vpc').name(),
    icon: () => traitsOf('vpc').icon('').id,
    facet: 'vpc',
    // Only what's known: VPCs are read when they are first asked for.
    valuesOf: (node) => {
      const value = vpcOf(node);
      return value === '' ? [] : [value === noVpc ? noValue : value];
    },
    inWords: (value) => vpcInWords(value === noValue ? noVpc : value),
    limit: 12,
  },
  ofTrait('version', 8),
  words(() => traitsOf('protection').name(), 'shield', 'is', {
    unprotected: { inWords: () => clientTraits.protection.inWords('unprotected') },
    protected: { inWords: () => clientTraits.protection.inWords('protected') },
  }),
  words(
    () => t({ message: 'Last heartbeat', comment: ['Field of a backup client: a time.'] }),
    'watch',
    'heartbeat',
    ageWords,
  ),
  words(
    () => traitsOf('backup').name(),
    traitsOf('backup').icon('').id,
    'backup',
    Object.fromEntries(backupAges.map((age) => [age, { inWords: () => backupAgeInWords(age) }])),
  ),
  ofTrait('os', 5),
  ofTrait('arch', 5),
  ofTrait('type', 5),
  {
    heading: () => t({ message: 'Region', comment: ['Heading of filters'] }),
    icon: () => 'globe',
    facet: 'region',
    valuesOf: (_, { scope }) => [scope.regionId],
    inWords: (value) => value,
    limit: 12,
  },
  {
    heading: () => t({ message: 'Profile', comment: ['Heading of filters'] }),
    icon: () => 'account',
    facet: 'profile',
    valuesOf: (_, { profileName }) => [profileName],
    inWords: (value) => value,
    limit: 12,
  },
  {
    heading: () => t({ message: 'Tag', comment: ['Heading of filters'] }),
    icon: () => 'tag',
    facet: 'tag',
    // Without a value, `key=`: the key alone means any value.
    valuesOf: ({ client }) => client.tags.map(({ key, value }) => `${key}=${value}`),
    inWords: (value) => value.replace(/=$/, ''),
    limit: 12,
  },
];

function words(
  heading: () => string,
  icon: string,
  facet: FacetName,
  values: Readonly<Record<string, Word>>,
): Offer {
  const tests = Object.keys(values).flatMap((value) => {
    const test = testOf({ facet, value });
    return test ? [{ value, test }] : [];
  });
  return {
    heading,
    icon: (value) => values[value]?.icon ?? icon,
    facet,
    valuesOf: (node, listing) => {
      const matched: string[] = [];
      for (const { value, test } of tests) if (test(node, listing)) matched.push(value);
      return matched;
    },
    inWords: (value) => values[value]?.inWords() ?? value,
    order: Object.keys(values),
    limit: Infinity,
  };
}

function ofTrait(trait: Exclude<TraitName, 'protection'>, limit: number): Offer {
  const { valueOf, inWords } = clientTraits[trait];
  const { name, icon } = traitsOf(trait);
  return {
    heading: name,
    icon: () => icon('').id,
    facet: trait,
    valuesOf: ({ client }) => [valueOf(client) || noValue],
    inWords: (value) => inWords(value === noValue ? '' : value),
    limit,
  };
}
