/**
 * Localises a message with `{0}` placeholders: VS Code's `l10n.t` at run time. Always called as `t('Text {0}', x)`,
 * so that texts can be collected.
 */
export type Translate = (message: string, ...args: (string | number)[]) => string;

/** The English text itself: for tests, and where no translation is loaded. */
export const plainTranslate: Translate = (message, ...args) =>
  message.replace(/\{(\d+)\}/g, (whole, index: string) => {
    const value = args[Number(index)];
    return value === undefined ? whole : String(value);
  });
