/**
 * Escapes a text so that Markdown shows it literally on one line, in a table cell too: no markup, and nothing that looks
 * like an address becomes a link.
 */
export function markdownText(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+\-.!|~&:@]/g, '\\$&').replace(/[\r\n]+/g, ' ');
}
