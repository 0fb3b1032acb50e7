import type { OpenWorkbench } from './openWorkbench';

/** The user's settings with which VS Code takes the theme that the browser asks for. */
export const themeOfBrowser = { 'window.autoDetectColorScheme': true };

/**
 * Takes a picture of what is open now in a light and in a dark theme, `<name>-light` and `<name>-dark`, in a workbench
 * with the settings {@link themeOfBrowser}. Ends dark.
 */
export async function pictureInBothThemes(bench: OpenWorkbench, name: string): Promise<void> {
  for (const [colorScheme, mark] of [
    ['light', 'vs'],
    ['dark', 'vs-dark'],
  ] as const) {
    await bench.page.emulateMedia({ colorScheme });
    await bench.page.locator(`.monaco-workbench.${mark}`).first().waitFor();
    await bench.screenshot(`${name}-${colorScheme}`);
  }
}
