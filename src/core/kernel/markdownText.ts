/**
 * Escapes a text for a Markdown file that people also read unrendered, such as in a ticket: as `markdownText`, but only what
 * a renderer would take for something else. `i-bp1` and `2.4.5` stay as they are.
 */
export function readableMarkdown(text: string): string {
  return (
    text
      .replace(/[\r\n]+/g, ' ')
      .replace(/[\\`*[<|~]/g, '\\$&')
      // Between letters, an underscore is no emphasis.
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
      .replace(/&(?=#?\w+;)/g, '\\&')
      // Addresses, mail addresses, mentions, and names of emoji.
      .replace(/:(?=\/\/|[a-z+-][\w+-]*:)/gi, '\\:')
      .replace(/(?<=\bwww)\./gi, '\\.')
      .replace(/@(?=\w)/g, '\\@')
      // What begins a heading, a quote, or a list.
      .replace(/^(\s*)([#>+-]|=+$)/, '$1\\$2')
      .replace(/^(\s*\d+)([.)])(?=\s|$)/, '$1\\$2')
  );
}

/**
 * Escapes a text so that Markdown shows it literally on one line, in a table cell too: no markup, and nothing that looks
 * like an address becomes a link.
 */
export function markdownText(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+\-.!|~&:@]/g, '\\$&').replace(/[\r\n]+/g, ' ');
}
