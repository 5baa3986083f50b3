import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { findChromium } from '../../tools/standin/find-chromium.ts';
import { UNLOCK_SCENES, setUnlockLooks, showUnlockPage } from './unlock-pages.ts';
import { cutOff, LOOKS } from './gallery-page.ts';

const chromium = findChromium();

test.use({
  viewport: { width: 460, height: 560 },
  launchOptions: {
    args: ['--no-sandbox'],
    ...(chromium === undefined ? {} : { executablePath: chromium }),
  },
});

for (const scene of UNLOCK_SCENES) {
  test(`${scene.name} is accessible and cuts nothing off, light and dark, at 100 % and 200 % text`, async ({
    page,
  }) => {
    await showUnlockPage(page, scene);
    for (const looks of LOOKS) {
      await setUnlockLooks(page, looks);
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
      const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
      expect({ looks, found, cut: await cutOff(page) }).toEqual({ looks, found: [], cut: [] });
    }
  });
}

test('the unlock page focuses the field that was wrong, and says what is wrong with it', async ({
  page,
}) => {
  const seen = [];
  for (const scene of UNLOCK_SCENES.filter(({ name }) => name.endsWith('-again'))) {
    await showUnlockPage(page, scene);
    const fields = await page.getByRole('main').locator('input[type=password]').all();
    for (const field of fields) {
      const isFocused = await field.evaluate((input) => input === document.activeElement);
      await expect(field).toHaveAttribute('aria-invalid', 'true');
      await expect(field).toHaveAccessibleDescription(
        /^(The passphrases don't match|Wrong passphrase)/,
      );
      seen.push([scene.name, await field.getAttribute('name'), isFocused]);
    }
  }
  expect(seen).toEqual([
    ['unlock-choose-again', 'passphrase', true],
    ['unlock-choose-again', 'repeated', false],
    ['unlock-passphrase-again', 'passphrase', true],
  ]);
});
