import { t } from '@vscode/l10n';
import { statusInWords } from '../../service/words';
import { attentionInShort } from '../attention';
import { needsAttention, stateInWords, upgradeAvailable } from '../clientState';
import type { ClientNode } from '../clientTree';
import { traitsOf } from '../grouping/dimensions';
import { clientTraits, type TraitName } from '../traits';
import { noValue, testOf, type FilteredListing } from './facets';
import type { FacetName } from './filterText';

/** A facet as the filter box offers it. */
export interface Offer {
  readonly heading: () => string;
  /** Name of a VS Code icon. */
  readonly icon: string;
  readonly facet: FacetName;
  /** The values that a client matches. */
  readonly valuesOf: (node: ClientNode, listing: FilteredListing) => readonly string[];
  readonly inWords: (value: string) => string;
  /** Values in a fixed order; others are sorted by the number of clients. */
  readonly order?: readonly string[];
  /** How many values are offered at most while nothing is typed. */
  readonly limit: number;
}

const stateWords: Readonly<Record<string, () => string>> = {
  attention: () => stateInWords(needsAttention),
  failed: () => t({ message: 'Failed', comment: ['Clients with a failed install, upgrade, or uninstall'] }),
  stopped: () => statusInWords('STOPPED'),
  disconnected: () => statusInWords('UNKNOWN'),
  deactivated: () => statusInWords('DEACTIVATED'),
  silent: () => attentionInShort('heartbeat-stale'),
  busy: () =>
    t({ message: 'Changing', comment: ['Clients that are installed, upgraded, or uninstalled now'] }),
  upgradable: () => stateInWords(upgradeAvailable),
  active: () => statusInWords('ACTIVATED'),
  notinstalled: () => statusInWords('NOT_INSTALLED'),
  uninstalled: () => stateInWords('UNINSTALLED'),
};

const changeWords: Readonly<Record<string, () => string>> = {
  new: () => t({ message: 'New', comment: ['Clients that were not listed at the last look'] }),
  gone: () => t({ message: 'Gone', comment: ['Clients that are not listed any more'] }),
  changed: () => t({ message: 'Changed', comment: ['Clients with another status or version than before'] }),
};

const ageWords: Readonly<Record<string, () => string>> = {
  '>1h': () => t('No heartbeat for an hour'),
  '>1d': () => t('No heartbeat for a day'),
  '>7d': () => t('No heartbeat for a week'),
};

/** In the order of the filter box. */
export const offers: readonly Offer[] = [
  words(() => t({ message: 'State', comment: ['Heading of filters'] }), 'pulse', 'is', stateWords),
  words(() => t('Since you last looked'), 'history', 'is', changeWords),
  ofTrait('zone', 12),
  ofTrait('version', 8),
  words(() => traitsOf('protection').name(), 'shield', 'is', {
    unprotected: () => clientTraits.protection.inWords('unprotected'),
    protected: () => clientTraits.protection.inWords('protected'),
  }),
  words(
    () => t({ message: 'Last heartbeat', comment: ['Field of a backup client: a time.'] }),
    'watch',
    'heartbeat',
    ageWords,
  ),
  ofTrait('os', 5),
  ofTrait('arch', 5),
  ofTrait('type', 5),
  {
    heading: () => t({ message: 'Region', comment: ['Heading of filters'] }),
    icon: 'globe',
    facet: 'region',
    valuesOf: (_, { scope }) => [scope.regionId],
    inWords: (value) => value,
    limit: 12,
  },
  {
    heading: () => t({ message: 'Profile', comment: ['Heading of filters'] }),
    icon: 'account',
    facet: 'profile',
    valuesOf: (_, { profileName }) => [profileName],
    inWords: (value) => value,
    limit: 12,
  },
  {
    heading: () => t({ message: 'Tag', comment: ['Heading of filters'] }),
    icon: 'tag',
    facet: 'tag',
    valuesOf: ({ client }) => client.tags.map(({ key, value }) => (value === '' ? key : `${key}=${value}`)),
    inWords: (value) => value,
    limit: 12,
  },
];

function words(
  heading: () => string,
  icon: string,
  facet: FacetName,
  values: Readonly<Record<string, () => string>>,
): Offer {
  const tests = Object.keys(values).flatMap((value) => {
    const test = testOf({ facet, value });
    return test ? [{ value, test }] : [];
  });
  return {
    heading,
    icon,
    facet,
    valuesOf: (node, listing) => tests.flatMap(({ value, test }) => (test(node, listing) ? [value] : [])),
    inWords: (value) => values[value]?.() ?? value,
    order: Object.keys(values),
    limit: Infinity,
  };
}

function ofTrait(trait: Exclude<TraitName, 'protection'>, limit: number): Offer {
  const { valueOf, inWords } = clientTraits[trait];
  const { name, icon } = traitsOf(trait);
  return {
    heading: name,
    icon: icon('').id,
    facet: trait,
    valuesOf: ({ client }) => [valueOf(client) || noValue],
    inWords: (value) => inWords(value === noValue ? '' : value),
    limit,
  };
}
