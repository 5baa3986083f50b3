import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { findChromium } from '../../tools/standin/find-chromium.ts';
import { buildGallery, cutOff, look, LOOKS, show } from './gallery-page.ts';
import type { GalleryFiles } from './gallery-page.ts';
import { SCENES } from './gallery/scenes.ts';

const chromium = findChromium();

test.use({
  viewport: { width: 400, height: 560 },
  timezoneId: 'Europe/Berlin',
  launchOptions: {
    args: ['--no-sandbox'],
    ...(chromium === undefined ? {} : { executablePath: chromium }),
  },
});

let files: GalleryFiles = new Map();

test.beforeAll(async () => {
  files = await buildGallery();
});

for (const scene of SCENES) {
  test(`${scene.name} is accessible and cuts nothing off, light and dark, at 100 % and 200 % text`, async ({
    page,
  }) => {
    const complaints = complaintsOf(page);
    await show(page, files, scene);
    for (const looks of LOOKS) {
      await look(page, looks);
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
      const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
      expect({ looks, found, cut: await cutOff(page) }).toEqual({ looks, found: [], cut: [] });
    }
    expect(complaints).toEqual([]);
  });
}

/** The page's errors, including every violation of the content security policy. */
function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return complaints;
}
