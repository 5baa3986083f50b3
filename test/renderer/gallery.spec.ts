import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { findChromium } from '../standin/find-chromium.ts';
import { buildGallery, look, show } from './gallery-page.ts';
import type { GalleryFiles, Looks } from './gallery-page.ts';
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

const LOOKS: readonly Looks[] = [
  { theme: 'light', text: 100 },
  { theme: 'dark', text: 100 },
  { theme: 'light', text: 200 },
  { theme: 'dark', text: 200 },
];

let files: GalleryFiles = new Map();

test.beforeAll(async () => {
  files = await buildGallery();
});

for (const scene of SCENES) {
  test(`${scene.name} is accessible and loses nothing, light and dark, at 100 % and 200 % text`, async ({
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

/** Errors of the page, among them everything that the content security policy refused. */
function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return complaints;
}

/** Whatever is wider than its place, and so cannot be read by scrolling down. */
function cutOff(page: Page): Promise<unknown> {
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
