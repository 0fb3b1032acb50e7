import { t } from '@vscode/l10n';
import type { Choice, Questions } from '../../interaction/interaction';
import { plural } from '../../kernel/localize';
import type { ClientNode } from '../clientTree';
import { compareTexts } from '../nameOrder';
import { traitsOf } from './dimensions';
import { fixedDimensions, tagDimension, type Dimension, type GroupBy } from './groupBy';

/** The tag keys that are offered: those of most clients. */
const maxTags = 30;

/**
 * Asks for one or two levels of groups, starting from the present ones. Undefined when the user backed out.
 *
 * @param clients their tags can be chosen
 */
export async function askGroupBy(
  questions: Pick<Questions, 'one'>,
  present: GroupBy,
  clients: readonly ClientNode[],
): Promise<GroupBy | undefined> {
  const dimensions = [...fixedDimensions, ...tagsOf(clients)];
  const title = t({ message: 'Group By', comment: ['Title of a list of what clients can be grouped by'] });
  const first = await questions.one(
    { title, placeholder: t('What are the groups?'), step: { number: 1, of: 2 } },
    rowsOf(
      dimensions,
      present[0],
      clients,
      t({ message: 'No groups', comment: ['A choice of how clients are grouped'] }),
    ),
  );
  if (first === undefined) return undefined;
  if (first === 'none') return [];
  // The group of clients that need attention always has the reasons inside.
  const repeated = first === 'status' ? 'attention' : first === 'attention' ? 'status' : undefined;
  const second = await questions.one(
    {
      title,
      placeholder: t('{0}, then what inside each group?', traitsOf(first).name()),
      step: { number: 2, of: 2 },
    },
    rowsOf(
      dimensions.filter((dimension) => dimension !== first && dimension !== repeated),
      present[0] === first ? present[1] : undefined,
      clients,
      t('No groups inside'),
    ),
  );
  if (second === undefined) return undefined;
  return second === 'none' ? [first] : [first, second];
}

function rowsOf(
  dimensions: readonly Dimension[],
  present: Dimension | undefined,
  clients: readonly ClientNode[],
  none: string,
): readonly Choice<Dimension | 'none'>[] {
  const rowOf = (value: Dimension | 'none', label: string, icon: string, description = '') => ({
    value,
    label,
    description,
    icon: value === (present ?? 'none') ? 'check' : icon,
    picked: value === (present ?? 'none'),
  });
  return [
    rowOf('none', none, 'list-flat'),
    ...dimensions.map((dimension) => {
      const { name, valueOf, icon } = traitsOf(dimension);
      const values = new Set(clients.map(valueOf));
      // VPCs are read when they are first asked for, so until then their number isn't known.
      const groups = dimension === 'vpc' && values.has('') ? '' : groupsInWords(values.size);
      return rowOf(dimension, name(), icon('').id, groups);
    }),
  ];
}

function groupsInWords(count: number): string {
  return plural(count, {
    one: (n) => t({ message: '{0} group', args: [n], comment: ['A number of groups of clients'] }),
    other: (n) => t({ message: '{0} groups', args: [n], comment: ['A number of groups of clients'] }),
  });
}

/** The tags that most clients have, by key. */
function tagsOf(clients: readonly ClientNode[]): readonly Dimension[] {
  const counts = new Map<string, number>();
  for (const { client } of clients) {
    for (const key of new Set(client.tags.map((tag) => tag.key))) {
      if (key !== '') counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return [...counts]
    .sort(([a, one], [b, other]) => other - one || compareTexts(a, b))
    .slice(0, maxTags)
    .map(([key]) => tagDimension(key));
}
