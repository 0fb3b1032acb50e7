import * as vscode from 'vscode';
import type { ClientNode, ClientTreeNode } from '../../core/clients/clientTree';
import type { Translate } from '../../core/localize';
import { rowTextOf } from '../../core/clients/rowText';
import { tooltipOf } from '../../core/clients/tooltip';
import { renderIcon } from '../renderIcon';

/** A node as VS Code draws it. The tooltip of a client comes later, from {@link renderTooltip}. */
export function renderNode(node: ClientTreeNode, staleMinutes: number, t: Translate): vscode.TreeItem {
  const text = rowTextOf(node, staleMinutes, t);
  const item = new vscode.TreeItem(text.label);
  item.id = node.id;
  item.description = text.description;
  item.iconPath = renderIcon(text.icon);
  item.accessibilityInformation = { label: text.sentence };
  item.contextValue = menuWordsOf(node).join(' ');
  if (node.kind === 'group') {
    item.collapsibleState = vscode.TreeItemCollapsibleState.Collapsed;
    item.tooltip = text.sentence;
  }
  return item;
}

/** Everything the service told of the client. Built from plain text only: nothing in it is a link or an icon. */
export function renderTooltip(node: ClientNode, staleMinutes: number, t: Translate): vscode.MarkdownString {
  const { title, attention, facts } = tooltipOf(node, staleMinutes, { time: formatTime }, t);
  const markdown = new vscode.MarkdownString();
  markdown.appendMarkdown('**').appendText(title).appendMarkdown('**\n\n');
  if (attention) markdown.appendText(attention).appendMarkdown('\n\n');
  markdown.appendMarkdown('| | |\n| --- | --- |\n');
  for (const [label, value] of facts) {
    markdown.appendMarkdown(`| ${escapeCell(label)} | ${escapeCell(value)} |\n`);
  }
  return markdown;
}

/** What the menus of the manifest look for: the kind first, then one word for each thing that can be done. */
function menuWordsOf(node: ClientTreeNode): readonly string[] {
  if (node.kind === 'group') return ['group', ...node.capabilities];
  const { clientId, instanceId, privateIpV4 } = node.client;
  return [
    'client',
    ...node.capabilities,
    ...(instanceId ? ['hasInstanceId'] : []),
    ...(clientId ? ['hasClientId'] : []),
    ...(privateIpV4 ? ['hasPrivateIp'] : []),
  ];
}

function escapeCell(text: string): string {
  // `appendText` turns spaces at odd places into entities and ends lines; a cell must stay on one line.
  return new vscode.MarkdownString().appendText(text).value.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function formatTime(ms: number): string {
  return new Date(ms).toLocaleString(vscode.env.language, { dateStyle: 'medium', timeStyle: 'short' });
}
