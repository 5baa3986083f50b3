import { extname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { build } from 'vite';
import { page } from '../../vite.config.ts';
import { WINDOW_POLICY } from '../../main/desktop/window/scheme.ts';
import type { Act, Scene } from './gallery/scene.ts';
import { NOW } from './gallery/scene.ts';

/** The built gallery's files by path; nothing is written to disk. */
export type GalleryFiles = ReadonlyMap<string, string | Uint8Array>;

/** How a scene is displayed. `text` is the text size in percent. */
export type Looks = Readonly<{ theme: 'light' | 'dark'; text: 100 | 200 }>;

/** The ways each scene is displayed. */
export const LOOKS: readonly Looks[] = [
  { theme: 'light', text: 100 },
  { theme: 'dark', text: 100 },
  { theme: 'light', text: 200 },
  { theme: 'dark', text: 200 },
];

const ORIGIN = 'http://gallery.test';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

/** Builds the page that shows every view in every state, with the window's build. */
export async function buildGallery(): Promise<GalleryFiles> {
  const root = join(import.meta.dirname, 'gallery');
  const { build: options } = page(join(root, 'index.html'), join(root, 'never-written'));
  const built = await build({
    root,
    base: './',
    configFile: false,
    logLevel: 'warn',
    build: { ...options, write: false },
  });
  const bundles = Array.isArray(built) ? built : [built];
  const files = bundles.flatMap((bundle) => ('output' in bundle ? bundle.output : []));
  return new Map(
    files.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source]),
  );
}

/** Shows `scene` in `page` as the app would, under its content security policy. */
export async function show(page: Page, files: GalleryFiles, scene: Scene): Promise<void> {
  await page.route(`${ORIGIN}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    const body = files.get(pathname);
    await route.fulfill({
      status: body === undefined ? 404 : 200,
      body: Buffer.from(body ?? ''),
      contentType: TYPES[extname(pathname)] ?? 'application/octet-stream',
      headers: { 'content-security-policy': WINDOW_POLICY },
    });
  });
  await page.clock.install({ time: NOW });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`${ORIGIN}/index.html?scene=${scene.name}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  for (const act of scene.acts ?? []) await perform(page, act);
}

/** Changes how the scene in `page` is displayed. */
export async function look(page: Page, { theme, text }: Looks): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.evaluate(`gallery.setText(${text})`);
}

/** Performs a person's action. */
export async function perform(page: Page, act: Act): Promise<void> {
  if ('field' in act) {
    await page.getByLabel(act.field, { exact: true }).fill(act.type);
  } else if ('pick' in act) {
    await page.getByRole('menuitem', { name: act.pick, exact: true }).click();
  } else if ('flip' in act) {
    await page.getByRole('switch', { name: act.flip }).click();
  } else {
    const button = page.getByRole('button', { name: act.press, exact: true });
    await button
      .or(page.locator('summary', { hasText: act.press }))
      .first()
      .click();
  }
}

/** Elements wider than their container, which can't be read by scrolling down. */
export function cutOff(page: Page): Promise<unknown> {
  return page.evaluate(`
    [...document.querySelectorAll('html, body *:not(.unseen, .unseen *, input, select, svg *)')]
      .filter((element) => {
        const { right, left, width } = element.getBoundingClientRect();
        const isOutside = width > 0 && (right > innerWidth + 1 || left < -1);
        const { clientWidth, scrollWidth } = element;
        return isOutside || (clientWidth > 0 && scrollWidth > clientWidth + 1);
      })
      .map((element) => element.outerHTML.slice(0, 120))
  `);
}
