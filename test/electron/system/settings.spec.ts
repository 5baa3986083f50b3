import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostOf } from '../../e2e/fixture.ts';
import { expect, startAgain, test, windowOf } from '../app-fixture.ts';
import { account, pick, signIn } from '../flow/person.ts';

test('each setting works: appearance, startup, new accounts, clipboard, notifications', async ({
  electron,
  page,
  host,
  homeserver,
  userData,
}) => {
  const file = join(userData, 'config/autostart/keyfob.desktop');
  const source = () => electron.evaluate(({ nativeTheme }) => nativeTheme.themeSource);
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('radio', { name: 'Dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('switch', { name: 'Start Keyfob at login' }).click();
  await expect.poll(() => existsSync(file)).toBe(true);
  await page.getByRole('switch', { name: 'Start Keyfob at login' }).click();
  await expect.poll(() => existsSync(file)).toBe(false);
  await page.getByRole('switch', { name: 'Keep tokens fresh' }).click();
  await page.getByRole('switch', { name: 'Notify me when an account needs attention' }).click();
  const time = page.getByRole('combobox', { name: 'Clear copied tokens from the clipboard' });
  await time.selectOption('After 10 s');
  await page.getByRole('button', { name: 'Back' }).click();
  expect(await source()).toBe('dark');

  await signIn(page, homeserver);
  await page.getByRole('button', { name: 'Copy token for alice' }).click();
  await expect(page.getByRole('contentinfo')).toContainText(/token for alice, clears in (10|\d) s/);
  await page.getByRole('button', { name: 'More actions for alice', exact: true }).click();
  await expect(page.getByRole('menuitemradio', { checked: true })).toHaveText('Only on demand');
  await page.keyboard.press('Escape');
  homeserver.endSessions('alice');
  await pick(page, 'alice', 'Refresh now');
  await expect(account(page, 'alice')).toContainText('Signed out by the server');
  expect(await host.notifications()).toEqual([]);
});

test.describe('with one second until a copy is cleared', () => {
  test.use({
    env: async ({ userData }, use) => {
      const settings = { clipboardMs: 1_000 };
      writeFileSync(join(userData, 'settings.json'), JSON.stringify({ settings }));
      await use({ XDG_CONFIG_HOME: join(userData, 'config') });
    },
  });

  test("a copied token is cleared in time, and another program's copy is not", async ({
    page,
    host,
    homeserver,
  }) => {
    await signIn(page, homeserver);
    const { accessToken: token } = homeserver.sessions()[0]!;
    const edge = page.getByRole('contentinfo');
    await page.getByRole('button', { name: 'Copy token for alice' }).click();
    await expect.poll(() => host.copied()).toEqual([token, null]);

    await page.getByRole('button', { name: 'Settings' }).click();
    const time = page.getByRole('combobox', { name: 'Clear copied tokens from the clipboard' });
    await time.selectOption('Never');
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('button', { name: 'Copy token for alice' }).click();
    const until =
      process.platform === 'linux' ? 'the computer sleeps or you' : 'you lock the screen or';
    await expect(edge).toContainText(
      `On the clipboard: token for alice, until ${until} quit Keyfob`,
    );
    await host.setClipboard('a poem');
    await host.power('lock-screen');
    await expect(edge).toBeHidden();
    expect(await host.copied()).toEqual([token, null, token, 'a poem']);
  });
});

test('the next start is hidden if the person chose that, and the tray shows the window', async ({
  app,
  electron,
  page,
  surroundings,
}) => {
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('switch', { name: 'Start hidden in the tray' }).click();
  await expect(page.getByRole('switch', { name: /^Start hidden in the tray/ })).toBeChecked();
  await electron.close();
  const again = await startAgain(app, surroundings);
  const host = hostOf(again, app, surroundings.env, []);
  // Whether the window is shown is decided once its page has loaded.
  const window = await windowOf(again);
  await window.waitForLoadState('load');
  await expect
    .poll(async () => (await host.tray())?.tooltip)
    .toBe('Keyfob: no account is signed in');
  const atFirst = (await host.window())?.visible;
  await host.clickTray();
  expect([atFirst, (await host.window())?.visible]).toEqual([false, true]);
  await again.close();
});
