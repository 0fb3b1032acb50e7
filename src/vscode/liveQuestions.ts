import * as vscode from 'vscode';
import type { LiveQuestion, LiveRow, LiveRows } from '../core/interaction/interaction';

interface Item<T> extends vscode.QuickPickItem {
  /** Absent for headings. */
  readonly id?: string;
  /** Absent for rows that cannot be chosen. */
  readonly choice?: { readonly value: T };
}

/** Milliseconds after a draw in which a tick may arrive that VS Code took before it drew. */
const crossingMs = 2000;

/**
 * A quick pick with ticks whose rows change while it is open. VS Code can disable no row: a blocked one unticks itself.
 * It names a ticked row by its place, so rows keep theirs while they change, and new ones follow below.
 */
export function askManyLive<T>(
  question: LiveQuestion<T>,
  live: LiveRows<T>,
): Promise<readonly T[] | undefined> {
  const list = vscode.window.createQuickPick<Item<T>>();
  list.title = question.title;
  list.step = question.step?.number;
  list.totalSteps = question.step?.of;
  list.placeholder = question.placeholder;
  list.canSelectMany = true;
  list.matchOnDescription = true;
  list.matchOnDetail = true;
  list.keepScrollPosition = true;
  // Reading the plan beside it, or a slow check, must not lose what was ticked.
  list.ignoreFocusOut = true;
  const buttons = (question.buttons ?? []).map(({ label, icon, run }) => ({
    iconPath: new vscode.ThemeIcon(icon),
    tooltip: label,
    run,
  }));
  list.buttons = buttons;

  const known = new Set<string>();
  /** Rows of typed texts that were ticked. */
  const added = new Map<string, LiveRow<T>>();
  let typed: Exclude<LiveRow<T>, { kind: 'heading' }> | undefined;
  let ticked: ReadonlySet<string> = new Set();
  let drawnAt = 0;
  const readRows = (): readonly LiveRow<T>[] => {
    const rows = live.rows();
    const ids = new Set(rows.flatMap((row) => (row.kind === 'heading' ? [] : row.id)));
    const own = question.textRow?.(list.value);
    typed = own && own.kind !== 'heading' && !ids.has(own.id) && !added.has(own.id) ? own : undefined;
    const others = [...added].filter(([id]) => !ids.has(id)).map(([, row]) => row);
    return [...(typed ? [typed] : []), ...others, ...inTheirPlaces(rows)];
  };
  const places = new Set<string>();
  const inTheirPlaces = (rows: readonly LiveRow<T>[]): readonly LiveRow<T>[] => {
    let headings = 0;
    const now = new Map(
      rows.map((row) => [row.kind === 'heading' ? `heading ${(headings += 1)}` : `row ${row.id}`, row]),
    );
    const first = places.size === 0;
    // Rows that belong below a heading that comes later stay where they are, so it would head nothing.
    for (const [key, { kind }] of now) if (first || kind !== 'heading') places.add(key);
    return [...places].flatMap((key) => now.get(key) ?? []);
  };
  const draw = (): void => {
    const rows = readRows();
    const now = new Set(ticked);
    for (const row of rows) {
      if (row.kind !== 'choice' || known.has(row.id)) continue;
      known.add(row.id);
      if (row.picked) now.add(row.id);
    }
    const items = rows.map((row) => ({ ...itemOf(row, now), alwaysShow: row === typed }));
    ticked = now;
    list.busy = live.running();
    list.items = items;
    list.selectedItems = items.filter(isTicked);
    drawnAt = performance.now();
  };
  const isTicked = ({ id, choice }: Item<T>): boolean => choice !== undefined && ticked.has(id ?? '');
  /** Ticks the row of the typed text, and shows all rows again. */
  const take = (row: LiveRow<T> & { readonly id: string }): void => {
    added.set(row.id, row);
    ticked = new Set([...ticked, row.id]);
    list.value = '';
    draw();
  };
  const values = (): readonly T[] =>
    list.items.filter(isTicked).flatMap(({ choice }) => (choice ? [choice.value] : []));

  return new Promise((resolve) => {
    const following = live.onDidChange(draw);
    list.onDidChangeSelection((selected) => {
      const allowed = selected.filter(({ choice }) => choice !== undefined);
      ticked = new Set(allowed.flatMap(({ id }) => id ?? []));
      if (typed?.kind === 'choice' && ticked.has(typed.id)) take(typed);
      else if (allowed.length < selected.length || performance.now() - drawnAt < crossingMs) {
        // VS Code may have drawn the ticks from before this one by now.
        list.selectedItems = allowed;
      }
    });
    list.onDidChangeValue(() => {
      if (!question.textRow) return;
      // VS Code filters by itself. Rows that are drawn again for nothing could take back a tick that is on its way here.
      const before = typed;
      readRows();
      if (typed?.id !== before?.id || typed?.label !== before?.label) draw();
    });
    list.onDidTriggerButton((pressed) => {
      buttons.find((button) => button === pressed)?.run(values());
    });
    list.onDidAccept(() => {
      // A text that no row matches is not passed over.
      if (typed) {
        if (typed.kind === 'choice') take(typed);
        return;
      }
      resolve(values());
      list.hide();
    });
    list.onDidHide(() => {
      following.dispose();
      resolve(undefined);
      list.dispose();
    });
    draw();
    list.show();
  });
}

function itemOf<T>(row: LiveRow<T>, ticked: ReadonlySet<string>): Item<T> {
  if (row.kind === 'heading') return { label: row.label, kind: vscode.QuickPickItemKind.Separator };
  const { id, label, description } = row;
  const item = { id, label, ...(description !== undefined && { description }) };
  if (row.kind === 'blocked') return { ...item, iconPath: new vscode.ThemeIcon('circle-slash') };
  return {
    ...item,
    ...(row.detail !== undefined && { detail: row.detail }),
    picked: ticked.has(id),
    choice: { value: row.value },
  };
}
