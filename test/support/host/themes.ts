import type { OpenWorkbench } from './openWorkbench';
import { forPictures } from './workbench';

/**
 * The user's settings with which VS Code takes the theme that the browser asks for. Without them it keeps its dark
 * theme, and the pictures of other themes never come.
 */
export const themeOfBrowser = { 'window.autoDetectColorScheme': true, 'window.autoDetectHighContrast': true };

interface Theme {
  /** Ends the names of its pictures. */
  readonly name: 'dark' | 'light' | 'hc-dark' | 'hc-light';
  /** What the workbench's element has as a class in this theme. */
  readonly mark: string;
  readonly colorScheme: 'light' | 'dark';
  readonly forcedColors: 'active' | 'none';
}

const themes: readonly Theme[] = [
  { name: 'light', mark: 'vs', colorScheme: 'light', forcedColors: 'none' },
  { name: 'hc-light', mark: 'hc-light', colorScheme: 'light', forcedColors: 'active' },
  { name: 'hc-dark', mark: 'hc-black', colorScheme: 'dark', forcedColors: 'active' },
  { name: 'dark', mark: 'vs-dark', colorScheme: 'dark', forcedColors: 'none' },
];

/**
 * Takes a picture of what is open now in each kind of theme that VS Code has, if the run is for pictures: `<name>-dark`,
 * `-light`, `-hc-dark` and `-hc-light`, in a workbench with the settings {@link themeOfBrowser}. Ends dark. Nothing that
 * is open closes.
 */
export async function pictureInAllThemes(bench: OpenWorkbench, name: string): Promise<void> {
  if (forPictures) for (const theme of themes) await takePicture(bench, name, theme);
}

/** As {@link pictureInAllThemes}, for what differs from other pictures in its words only: light and dark. */
export async function pictureInBothThemes(bench: OpenWorkbench, name: string): Promise<void> {
  if (!forPictures) return;
  for (const theme of themes.filter(({ forcedColors }) => forcedColors === 'none')) {
    await takePicture(bench, name, theme);
  }
}

async function takePicture(bench: OpenWorkbench, name: string, theme: Theme): Promise<void> {
  const { colorScheme, forcedColors } = theme;
  await bench.page.emulateMedia({ colorScheme, forcedColors });
  await bench.page.locator(`.monaco-workbench.${theme.mark}`).first().waitFor();
  await bench.picture(`${name}-${theme.name}`);
}

/**
 * Draws the side bar's edge to the width of a narrow one, 220 pixels, as a user would.
 *
 * @returns gives it back its width
 */
export async function narrowSideBar(bench: OpenWorkbench): Promise<() => Promise<void>> {
  const before = await dragSideBar(bench, 220);
  return async () => {
    await dragSideBar(bench, before);
  };
}

/** Draws the side bar's edge to a width in pixels. @returns the width that it had */
export async function dragSideBar({ page }: OpenWorkbench, width: number): Promise<number> {
  const box = await page.locator('.part.sidebar').boundingBox();
  if (box === null) throw new Error('The side bar is closed.');
  const edge = box.x + box.width;
  const y = box.y + box.height / 2;
  await page.mouse.move(edge, y);
  await page.mouse.down();
  await page.mouse.move(box.x + width, y, { steps: 4 });
  await page.mouse.up();
  await page.mouse.move(0, 0);
  return box.width;
}

/**
 * Lays out the workbench as a zoom of 200 % does: half as many pixels each way.
 *
 * @returns ends the zoom
 */
export async function zoom200(bench: OpenWorkbench): Promise<() => Promise<void>> {
  const before = bench.page.viewportSize() ?? { width: 1280, height: 800 };
  await bench.page.setViewportSize({ width: before.width / 2, height: before.height / 2 });
  return () => bench.page.setViewportSize(before);
}
