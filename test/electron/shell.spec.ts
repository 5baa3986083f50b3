import { expect } from '../e2e/fixture.ts';
import { pictureOf, signIn, startLogin, test } from './signed-in.ts';

test('the countdown of a code agrees with the clock of main', async ({
  page,
  host,
  homeserver,
}) => {
  const { id, state } = await startLogin(page, homeserver);
  await host.clickMenu(`login:${id}`, `login:${id}:show`);
  const timer = page.getByRole('timer');
  await expect(timer).toHaveText(/\d+:\d\d/);
  const shown = /(\d+):(\d\d)/.exec((await timer.textContent()) ?? '');
  const { madeAt } = (await pictureOf(page)).app;
  const shownMs = (Number(shown?.[1]) * 60 + Number(shown?.[2])) * 1_000;
  // It is drawn anew once a second, and read a moment before main's clock is.
  expect(Math.abs(state.expiresAt - madeAt - shownMs)).toBeLessThan(2_500);
});

test.describe('started with the computer', () => {
  test.use({ args: ['--hidden'] });

  test('no window comes up until somebody asks for it', async ({ page, electron, host }) => {
    await expect(page.getByRole('main')).toBeVisible();
    // The last thing that the app does at its start.
    const listens = () =>
      electron.evaluate(({ powerMonitor }) => powerMonitor.listenerCount('lock-screen'));
    await expect.poll(listens).toBe(1);
    const before = (await host.window())?.visible;
    await host.clickTray();
    expect([before, (await host.window())?.visible]).toEqual([false, true]);
  });
});

test('a session that the server ended is told once, and no longer when it is removed', async ({
  page,
  host,
  homeserver,
}) => {
  const { id } = await signIn(page, homeserver);
  homeserver.endSessions('alice');
  await page.evaluate((accountId) => window.keyfob.refreshAccount(accountId), id);
  const told = {
    title: 'Signed out by the server',
    body: 'The server ended the session of work. Sign in again to go on using it.',
  };
  await expect.poll(() => host.notifications()).toEqual([told]);
  await page.evaluate((accountId) => window.keyfob.signOut(accountId), id);
  await expect.poll(async () => (await pictureOf(page)).app.accounts).toEqual([]);
  expect([await host.notifications(), await host.shownNotifications()]).toEqual([[told], []]);
});
