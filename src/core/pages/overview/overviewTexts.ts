import { t } from '@vscode/l10n';

/** Labels of Fleet Overview in your language. The page fills in a `{0}`. */
export function overviewTexts() {
  return {
    scope: t({ message: 'Show', comment: ['Label of a choice: which profiles and regions are counted.'] }),
    total: t({ message: 'Total', comment: ['Column: the sum of a row.'] }),
    table: t({ message: 'Table', comment: ['Opens the table with the numbers of a chart.'] }),
    tableOf: t({
      message: 'Table: {0}',
      comment: ['Opens the table with the numbers of a chart, for screen readers. {0}: title of the chart.'],
    }),
    keys: t('Arrow keys move between parts. Enter opens.'),
    refresh: t({ message: 'Refresh', comment: ['Button.'] }),
  } as const;
}

/** Labels of the page by name. */
export type OverviewTexts = Readonly<Record<keyof ReturnType<typeof overviewTexts>, string>>;
