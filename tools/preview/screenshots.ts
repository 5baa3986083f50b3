import { join } from 'node:path';
import { test } from '@playwright/test';
import { ensureBrowser } from '../../test/e2e/ensure-browser.ts';
import { UNLOCK_SCENES, setUnlockLooks, showUnlockPage } from '../../test/renderer/unlock-pages.ts';
import { buildGallery, look, show } from '../../test/renderer/gallery-page.ts';
import type { GalleryFiles } from '../../test/renderer/gallery-page.ts';
import { SCENES } from '../../test/renderer/gallery/scenes.ts';

/** The folder for screenshots: `KEYFOB_SCREENSHOTS`, or out/preview. */
const folder = process.env.KEYFOB_SCREENSHOTS ?? join(import.meta.dirname, '../../out/preview');

/** The views to show in the documentation; all of them unless others are chosen. */
const wanted = process.env.KEYFOB_SCENES?.split(',');

test.use({
  viewport: { width: 420, height: 640 },
  launchOptions: { args: ['--no-sandbox'], executablePath: ensureBrowser() },
});

let files: GalleryFiles = new Map();

test.beforeAll(async () => {
  files = await buildGallery();
});

for (const scene of SCENES.filter(({ name }) => wanted?.includes(name) ?? true)) {
  test(scene.name, async ({ page }) => {
    await show(page, files, scene);
    for (const theme of ['light', 'dark'] as const) {
      await look(page, { theme, text: 100 });
      await page.screenshot({ path: join(folder, `${scene.name}-${theme}.png`) });
    }
  });
}

for (const scene of UNLOCK_SCENES.filter(({ name }) => wanted?.includes(name) ?? true)) {
  test(scene.name, async ({ page }) => {
    await page.setViewportSize({ width: 460, height: 560 });
    await showUnlockPage(page, scene);
    for (const theme of ['light', 'dark'] as const) {
      await setUnlockLooks(page, { theme, text: 100 });
      await page.screenshot({ path: join(folder, `${scene.name}-${theme}.png`) });
    }
  });
}
