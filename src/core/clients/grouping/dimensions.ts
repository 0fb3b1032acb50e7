import { t } from '@vscode/l10n';
import type { Icon } from '../../kernel/icon';
import { plainText } from '../../kernel/plainText';
import type { Tag } from '../../service/model';
import { compareVersions } from '../../service/versions';
import { attentionInShort, attentionReasons } from '../attention';
import { attentionIcon, rankOfState, stateIcon, stateInWords } from '../clientState';
import type { ClientNode } from '../clientTree';
import { compareTexts } from '../nameOrder';
import {
  backupAgeInWords,
  backupAgeOf,
  backupAges,
  neverBackedUp,
  clientTraits,
  noVpc,
  vpcInWords,
  vpcOf,
  type TraitName,
} from '../traits';
import { tagKeyOf, type Dimension, type FixedDimension } from './groupBy';

/** How one level of groups is made. */
export interface DimensionTraits {
  /** What clients are grouped by, for a list of choices. */
  readonly name: () => string;
  /** The group of a client; '' where it has none, which is a group too, the last one. */
  readonly valueOf: (node: ClientNode) => string;
  /** A group in words; safe to show. */
  readonly inWords: (value: string) => string;
  readonly icon: (value: string) => Icon;
  /** True for states: their groups have an order of their own, and each says something, however few clients it has. */
  readonly areStates: boolean;
  /** Orders groups, others than states among those with the same number of clients that need attention. */
  readonly compare: (a: string, b: string) => number;
}

/** Everything about a dimension. */
export function traitsOf(dimension: Dimension): DimensionTraits {
  const key = tagKeyOf(dimension);
  return key === undefined ? fixed[dimension as FixedDimension] : tagTraits(key);
}

const fixed: Readonly<Record<FixedDimension, DimensionTraits>> = {
  status: {
    name: () => t({ message: 'Status', comment: ['What clients are grouped by'] }),
    valueOf: ({ state }) => state,
    inWords: stateInWords,
    icon: stateIcon,
    areStates: true,
    compare: (a, b) => rankOfState(a) - rankOfState(b) || compareTexts(a, b),
  },
  attention: {
    name: () => t('Reason for attention'),
    valueOf: ({ attention }) => attention ?? '',
    inWords: (value) => {
      const reason = reasonOf(value);
      return reason ? attentionInShort(reason) : t('Needs no attention');
    },
    icon: (value) => {
      const reason = reasonOf(value);
      return reason ? attentionIcon(reason) : stateIcon('ACTIVATED');
    },
    areStates: true,
    compare: (a, b) => rankOfReason(a) - rankOfReason(b),
  },
  zone: ofTrait('zone', 'location', () => t({ message: 'Zone', comment: ['What clients are grouped by'] })),
  vpc: {
    name: () => t({ message: 'VPC', comment: ['A virtual network; what clients are grouped by'] }),
    valueOf: vpcOf,
    inWords: vpcInWords,
    icon: () => ({ id: 'type-hierarchy' }),
    areStates: false,
    compare: (a, b) => noneLast(a, b) || Number(a === noVpc) - Number(b === noVpc) || compareTexts(a, b),
  },
  version: {
    ...ofTrait('version', 'versions', () =>
      t({ message: 'Version', comment: ['What clients are grouped by'] }),
    ),
    compare: (a, b) => noneLast(a, b) || compareVersions(a, b) || compareTexts(a, b),
  },
  os: ofTrait('os', 'vm', () => t({ message: 'Operating system', comment: ['What clients are grouped by'] })),
  arch: ofTrait('arch', 'chip', () =>
    t({ message: 'Architecture', comment: ['Of a processor; what clients are grouped by'] }),
  ),
  protection: {
    ...ofTrait('protection', 'shield', () =>
      t({ message: 'Protection', comment: ['Whether backups are configured; what clients are grouped by'] }),
    ),
    // Without backups first.
    compare: (a, b) => noneLast(a, b) || compareTexts(b, a),
  },
  backup: {
    name: () =>
      t({ message: 'Last backup', comment: ['Field of a backup client: when it was last backed up.'] }),
    valueOf: backupAgeOf,
    inWords: backupAgeInWords,
    icon: () => ({ id: 'archive' }),
    areStates: true,
    compare: (a, b) => rankOfAge(a) - rankOfAge(b),
  },
  type: ofTrait('type', 'server-environment', () =>
    t({ message: 'Client type', comment: ['What clients are grouped by'] }),
  ),
};

function ofTrait(trait: TraitName, icon: string, name: () => string): DimensionTraits {
  const { valueOf, inWords } = clientTraits[trait];
  return {
    name,
    valueOf: ({ client }) => valueOf(client),
    inWords,
    icon: () => ({ id: icon }),
    areStates: false,
    compare: (a, b) => noneLast(a, b) || compareTexts(a, b),
  };
}

function tagTraits(key: string): DimensionTraits {
  const shown = plainText(key, 60);
  // One text a value: many clients are grouped by few, and a new text for each would have to be compared as a whole.
  const values = new Map<string, string>();
  const valueOfTag = ({ value }: Tag): string => {
    const known = values.get(value) ?? `=${value}`;
    values.set(value, known);
    return known;
  };
  return {
    name: () => t({ message: 'Tag {key}', args: { key: shown }, comment: ['What clients are grouped by'] }),
    // A tag that has only a key isn't the same as none.
    valueOf({ client }) {
      const tag = client.tags.find((one) => one.key === key);
      return tag ? valueOfTag(tag) : '';
    },
    inWords: (value) =>
      value === ''
        ? t({ message: 'Without tag {key}', args: { key: shown }, comment: ['A group of clients'] })
        : `${shown}=${plainText(value.slice(1))}`,
    icon: () => ({ id: 'tag' }),
    areStates: false,
    compare: (a, b) => noneLast(a, b) || compareTexts(a, b),
  };
}

function reasonOf(value: string): (typeof attentionReasons)[number] | undefined {
  return attentionReasons.find((reason) => reason === value);
}

function rankOfReason(value: string): number {
  const rank = attentionReasons.findIndex((reason) => reason === value);
  return rank < 0 ? attentionReasons.length : rank;
}

function rankOfAge(value: string): number {
  const rank = [...backupAges, neverBackedUp].findIndex((age) => age === value);
  return rank < 0 ? backupAges.length + 1 : rank;
}

function noneLast(a: string, b: string): number {
  return Number(a === '') - Number(b === '');
}
