/**
 * A text that Markdown shows as it is, on one line, in a table cell as well: no markup, and nothing that looks like an
 * address becomes a link.
 */
export function markdownText(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+\-.!|~&:@]/g, '\\$&').replace(/[\r\n]+/g, ' ');
}
