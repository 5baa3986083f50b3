import type { Page } from '@playwright/test';
import { expect } from '../e2e/fixture.ts';
import { snapshotOf, signIn, startLogin, test } from './flow/signed-in.ts';

test("a code's countdown and its ring agree with main's clock to the second", async ({
  page,
  host,
  homeserver,
}) => {
  const { id, state } = await startLogin(page, homeserver);
  await host.clickMenu(`login:${id}`, `login:${id}:show`);
  await expect(page.getByRole('timer')).toHaveText(/\d+:\d\d/);
  const counting = { expiresAt: state.expiresAt, lifeS: 1_200 };
  const errors = () => countdownErrors(page, counting);
  // It is redrawn five times a second, so it may lag by one for a moment.
  await expect.poll(errors).toEqual({ text: 0, ring: 0 });
  // A page that was blocked for a while, as after sleep: it counts by the clock, not by ticks.
  await page.evaluate(() => {
    const end = performance.now() + 3_500;
    while (performance.now() < end);
  });
  await expect.poll(errors).toEqual({ text: 0, ring: 0 });
});

test.describe('started at login', () => {
  test.use({ args: ['--hidden'] });

  test('no window opens until the person asks for it', async ({ page, electron, host }) => {
    await expect(page.getByRole('main')).toBeVisible();
    // The last step of the app's startup.
    const listens = () =>
      electron.evaluate(({ powerMonitor }) => powerMonitor.listenerCount('lock-screen'));
    await expect.poll(listens).toBe(1);
    const before = (await host.window())?.visible;
    await host.clickTray();
    expect([before, (await host.window())?.visible]).toEqual([false, true]);
  });
});

test('a session ended by the server is notified once, and withdrawn when the account is removed', async ({
  page,
  host,
  homeserver,
}) => {
  const { id } = await signIn(page, homeserver);
  homeserver.endSessions('alice');
  await page.evaluate((accountId) => window.keyfob.refreshAccount(accountId), id);
  const told = {
    title: 'Signed out by the server',
    body: 'The server ended the session of work. Sign in again to keep using it.',
  };
  await expect.poll(() => host.notifications()).toEqual([told]);
  await page.evaluate((accountId) => window.keyfob.signOut(accountId), id);
  await expect.poll(async () => (await snapshotOf(page)).app.accounts).toEqual([]);
  expect([await host.notifications(), await host.shownNotifications()]).toEqual([[told], []]);
});

/** The difference in whole seconds between text, ring and main's clock, read in one task of the page. */
function countdownErrors(
  page: Page,
  counting: Readonly<{ expiresAt: number; lifeS: number }>,
): Promise<Readonly<{ text: number; ring: number }>> {
  return page.evaluate(async ({ expiresAt, lifeS }) => {
    const { app } = await window.keyfob.snapshot();
    const leftS = (expiresAt - app.madeAt) / 1_000;
    const words = document.querySelector('[role=timer]')?.textContent ?? '';
    const [, minutes, seconds] = /(\d+):(\d\d)/.exec(words) ?? [];
    const dashes = document.querySelector('.ring-left')?.getAttribute('stroke-dasharray') ?? '';
    const [full = Number.NaN, around = 1] = dashes.split(' ').map(Number);
    const off = (shownS: number): number => Math.floor(Math.abs(shownS - leftS));
    return {
      text: off(Number(minutes) * 60 + Number(seconds)),
      ring: off((full / around) * lifeS),
    };
  }, counting);
}
