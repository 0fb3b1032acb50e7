import { t } from '@vscode/l10n';
import { env, MarkdownString, TreeItem, TreeItemCollapsibleState, type Command } from 'vscode';
import {
  groupsAbove,
  type ClientTree,
  type ClientTreeNode,
  type ListingNode,
} from '../../core/clients/clientTree';
import { countLinesOf } from '../../core/clients/countsText';
import { listingTextOf, listingTooltipOf } from '../../core/clients/listingText';
import { contextValueOf } from '../../core/clients/menuWords';
import { groupInWords, rangeInWords, rowTextOf } from '../../core/clients/rowText';
import { tooltipOf, type TooltipText } from '../../core/clients/tooltip';
import { markdownText } from '../../core/kernel/markdownText';
import type { Clock } from '../../core/kernel/clock';
import type { CommandId } from '../../core/interaction/commandIds';
import type { PreviewedRow } from '../pages/clientPageCommands';
import { renderIcon } from '../renderIcon';

const { Collapsed, Expanded } = TreeItemCollapsibleState;

/** What drawing a node takes besides the node. */
export interface RenderDeps {
  readonly staleMinutes: () => number;
  readonly clock: Pick<Clock, 'now'>;
  /** Whether the user opened or closed a node, also where it has another parent now; undefined for neither. */
  readonly isOpen: (id: string) => boolean | undefined;
}

/** A node as VS Code draws it. The tooltip comes later, from {@link renderTooltip}. */
export function renderNode(
  node: ClientTreeNode,
  tree: Pick<ClientTree, 'node' | 'parentOf'>,
  { staleMinutes, clock, isOpen }: RenderDeps,
): TreeItem {
  const text =
    node.kind === 'listing'
      ? listingTextOf(node, clock.now())
      : rowTextOf(node, staleMinutes(), groupsAbove(tree, node.id));
  const item = new TreeItem(text.label);
  item.id = node.id;
  item.description = text.description;
  item.iconPath = renderIcon(text.icon);
  item.accessibilityInformation = { label: text.sentence };
  item.contextValue = contextValueOf(node);
  if (node.kind === 'client') item.command = openDetails(node.id);
  if (node.kind === 'group' || node.kind === 'range') {
    item.collapsibleState = (isOpen(node.id) ?? false) ? Expanded : Collapsed;
  }
  if (node.kind === 'listing') {
    // Also where there's nothing to open: VS Code would draw such a row at another indentation than those beside it.
    item.collapsibleState = (isOpen(node.id) ?? !isBare(node)) ? Expanded : Collapsed;
  }
  return item;
}

/** What a click on a client does, and Enter: its page comes up beside the tree, which keeps the keyboard. */
function openDetails(id: string): Command {
  const row: PreviewedRow = { id, preview: true };
  return {
    command: 'cloudBackup.openClient' satisfies CommandId,
    title: t({ message: 'Open Details', comment: ['What a click on a client does.'] }),
    arguments: [row],
  };
}

/** True for a listing without clients that isn't being listed. */
export function isBare({ state, counts }: ListingNode): boolean {
  return counts.total === 0 && state !== 'loading';
}

/** The tooltip of a node, as plain text: names from the service must not become links or icons. */
export function renderTooltip(
  node: ClientTreeNode,
  { staleMinutes, clock }: Pick<RenderDeps, 'staleMinutes' | 'clock'>,
): MarkdownString {
  switch (node.kind) {
    case 'client':
      return clientTooltip(tooltipOf(node, staleMinutes(), clock.now()));
    case 'group':
      return linesTooltip({ title: groupInWords(node), lines: countLinesOf(node.counts, node.clients) });
    case 'range':
      return linesTooltip({ title: rangeInWords(node), lines: countLinesOf(node.counts, node.clients) });
    case 'listing':
      return linesTooltip(listingTooltipOf(node, clock.now()));
  }
}

function linesTooltip({ title, lines }: ReturnType<typeof listingTooltipOf>): MarkdownString {
  const paragraphs = [`**${markdownText(title)}**`, ...lines.map((line) => markdownText(line))];
  return new MarkdownString(paragraphs.join('\n\n'));
}

function clientTooltip({ title, attention, facts }: TooltipText): MarkdownString {
  const rows = facts.map(([label, value]) => `| ${markdownText(label)} | ${markdownText(value)} |`);
  return new MarkdownString(
    [
      `**${markdownText(title)}**`,
      ...(attention ? [markdownText(attention)] : []),
      ['| | |', '| --- | --- |', ...rows].join('\n'),
    ].join('\n\n'),
  );
}

/** A moment in the reader's time zone and language; takes milliseconds since 1970. */
export function formatTime(ms: number): string {
  return new Date(ms).toLocaleString(env.language, { dateStyle: 'medium', timeStyle: 'short' });
}
