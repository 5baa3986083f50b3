import type { Locator, Page } from '@playwright/test';
import decodeQR from 'qr/decode.js';
import { expect, test } from '../app-fixture.ts';
import { askForCode, deviceAnswers, shownCode } from './person.ts';

/** An image in the decoder's format: four bytes per pixel. */
type Pixels = Readonly<{ width: number; height: number; data: Uint8Array }>;

for (const autoFillUserCode of [true, false]) {
  test.describe(autoFillUserCode ? 'where the link holds the code' : 'where it does not', () => {
    test.use({ served: { autoFillUserCode } });

    test('the QR code decodes to the link, in both themes and at any text size', async ({
      page,
      homeserver,
    }) => {
      const answers = deviceAnswers(homeserver);
      await askForCode(page, homeserver.serverName);
      await shownCode(page);
      const code = page.getByRole('img', { name: /^QR code of the link to / });
      const read: unknown[] = [];
      for (const theme of ['light', 'dark'] as const) {
        for (const text of [100, 200]) {
          await look(page, theme, text);
          const pixels = await picture(page, code);
          read.push([decodeQR(pixels), rim(pixels)]);
        }
      }
      const { verification_uri, verification_uri_complete } = answers[0]!;
      const good = [verification_uri_complete ?? verification_uri, [255]];
      expect(read).toEqual([good, good, good, good]);
    });
  });
}

test('the longest link that is drawn can be decoded too', async ({ page, homeserver }) => {
  const link = `${homeserver.baseUrl}/link?code=`.padEnd(300, 'x7');
  const patch = (answer: object) => ({ ...answer, verification_uri_complete: link });
  homeserver.faults.next('device-authorization', { patch });
  await askForCode(page, homeserver.serverName);
  const code = page.getByRole('img', { name: /^QR code of the link to / });
  expect(decodeQR(await picture(page, code))).toBe(link);
});

/** @param text the text size in percent */
async function look(page: Page, theme: 'light' | 'dark', text: number): Promise<void> {
  await page.evaluate(
    async ([wanted, percent]) => {
      await window.keyfob.changeSettings({ theme: wanted });
      document.documentElement.style.fontSize = `${0.875 * percent}%`;
    },
    [theme, text] as const,
  );
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
}

/** The brightness of the quiet zone, half-way down: unlike cameras, the decoder accepts none or a dark one. */
function rim({ width, height, data }: Pixels): readonly number[] {
  const row = Math.floor(height / 2) * width;
  const from = Math.ceil(width * 0.02); // behind the line around it
  const to = Math.floor(width * 0.08); // the rim is four dots of at most fifty here
  const bright = Array.from({ length: to - from }, (_, x) => data[(row + from + x) * 4]!);
  return [...new Set(bright)];
}

/** The pixels of a screenshot. The page itself decodes the PNG. */
async function picture(page: Page, locator: Locator): Promise<Pixels> {
  const png = await locator.screenshot();
  const { width, height, data } = await page.evaluate(
    async (bytes) => {
      const image = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext('2d');
      if (context === null) throw new Error('There is no canvas.');
      context.drawImage(image, 0, 0);
      const drawn = context.getImageData(0, 0, image.width, image.height);
      return { width: drawn.width, height: drawn.height, data: [...drawn.data] };
    },
    [...png],
  );
  return { width, height, data: Uint8Array.from(data) };
}
