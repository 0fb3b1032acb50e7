import { t } from '@vscode/l10n';
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { Host } from '../../core/interaction/host';
import type { Operation } from '../../core/operations/operation';
import { reportFileName, reportOf, type ReportFormat } from '../../core/operations/report/report';

/** Asks for a format and a file, and writes the report of an operation there. */
export async function exportReport(
  operation: Operation,
  { questions, notices, redactor }: Pick<Host, 'questions' | 'notices' | 'redactor'>,
): Promise<void> {
  const names: Readonly<Record<ReportFormat, string>> = { csv: 'CSV', json: 'JSON', md: 'Markdown' };
  const format = await questions.one<ReportFormat>(
    {
      title: t({ message: 'Export Report', comment: ['The title of a pick and of a save dialog'] }),
      placeholder: t('Select a format'),
    },
    [
      { label: names.csv, description: t('For a spreadsheet'), value: 'csv' },
      { label: names.json, description: t('For a program'), value: 'json' },
      { label: names.md, description: t('For a ticket or a wiki'), value: 'md' },
    ],
  );
  if (!format) return;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
  const file = await vscode.window.showSaveDialog({
    title: t({ message: 'Export Report', comment: ['The title of a pick and of a save dialog'] }),
    defaultUri: vscode.Uri.joinPath(folder, reportFileName(operation, format)),
    filters: { [names[format]]: [format] },
  });
  if (!file) return;
  const dateInWords = (ms: number): string =>
    new Date(ms).toLocaleString(vscode.env.language, {
      ...{ year: 'numeric', month: 'short', day: 'numeric' },
      ...{ hour: 'numeric', minute: '2-digit', timeZoneName: 'short' },
    });
  const text = reportOf(operation, format, { redact: (part) => redactor.redact(part), dateInWords });
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
  notices.info(t('The report was exported.'), [
    {
      label: t({ message: 'Open', comment: ['A button that opens the exported file'] }),
      run: () => void vscode.commands.executeCommand('vscode.open', file),
    },
  ]);
}
