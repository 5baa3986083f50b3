import { hostOf } from '../e2e/fixture.ts';
import { expect, startAgain, startNearby, test, windowOf } from './app-fixture.ts';
import { account, askForCode, noteTexts, pick, shownCode, signIn } from './flow/person.ts';

test('two sign-ins on two servers run side by side, and each account has its own token', async ({
  page,
  host,
  homeserver,
}) => {
  const other = await startNearby({ personality: 'tuwunel' });
  await askForCode(page, homeserver.serverName);
  const first = await shownCode(page);
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'Add account' }).click();
  await askForCode(page, other.serverName);
  const second = await shownCode(page);
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: `Sign-in to ${homeserver.serverName}` }).click();
  expect(await shownCode(page)).toBe(first);
  expect([homeserver.approve(first, 'alice'), other.approve(second, 'bob')]).toEqual([true, true]);
  await page.getByRole('button', { name: 'Go to accounts' }).click();
  await expect(account(page, 'alice')).toContainText('Valid');
  await expect(account(page, 'bob')).toContainText('Valid');
  await page.getByRole('button', { name: 'Copy token for bob' }).click();
  await expect.poll(() => host.copied()).toEqual(other.sessions().map((s) => s.accessToken));
  await other.close();
});

test('accounts survive a restart, and their tokens can be copied', async ({
  app,
  page,
  electron,
  homeserver,
  surroundings,
}) => {
  await signIn(page, homeserver);
  await electron.close();
  const again = await startAgain(app, surroundings);
  const window = await windowOf(again);
  await window.getByRole('button', { name: 'Copy token for alice' }).click();
  const host = hostOf(again, app, surroundings.env, []);
  await expect.poll(() => host.copied()).toEqual(homeserver.sessions().map((s) => s.accessToken));
  await again.close();
});

test.describe('with tokens valid for three seconds', () => {
  test.use({ served: { accessTtlMs: 3_000 } });

  test('a server that is down when a token must be renewed costs nothing: the card says what is tried', async ({
    page,
    homeserver,
  }) => {
    homeserver.faults.always('refresh', { drop: 'before' });
    await signIn(page, homeserver);
    const words = await noteTexts(page, '.account-state');
    const tried = expect.stringMatching(
      /^Can't reach the server, retrying (now|in \d s)$/,
    ) as unknown;
    await expect.poll(words).toContainEqual(tried);
    await expect(account(page, 'alice')).toContainText(`Can't reach ${homeserver.serverName}`);
    homeserver.faults.clear('refresh');
    await expect(account(page, 'alice')).toContainText(/Valid for [12] s/);
    expect(homeserver.sessions().map(({ alive }) => alive)).toEqual([true]);
  });
});

test.describe('on a server whose name leads elsewhere', () => {
  test.use({ served: { serverName: 'example.org' } });

  test('a session ended by the server is notified once, and withdrawn when the person signs in again', async ({
    page,
    host,
    homeserver,
  }) => {
    homeserver.autoApprove('alice');
    await askForCode(page, homeserver.baseUrl);
    await page.getByRole('button', { name: 'Go to accounts' }).click();
    homeserver.endSessions('alice');
    await pick(page, 'alice', 'Refresh now');
    await expect(account(page, 'alice')).toContainText('Signed out by the server');
    const told = {
      title: 'Signed out by the server',
      body: 'The server ended the session of alice. Sign in again to keep using it.',
    };
    await expect.poll(() => host.shownNotifications()).toEqual([told]);
    await page.keyboard.press('Escape');
    await expect.poll(async () => (await host.window())?.visible).toBe(false);
    await host.clickNotification(0);
    await expect.poll(async () => (await host.window())?.visible).toBe(true);
    await page.getByRole('button', { name: 'Sign in again' }).click();
    await page.getByRole('button', { name: 'Go to accounts' }).click();
    await expect(account(page, 'alice')).toContainText('Valid');
    expect([await host.shownNotifications(), await host.notifications()]).toEqual([[], [told]]);
  });
});
