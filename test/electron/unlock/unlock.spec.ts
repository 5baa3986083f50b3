import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from '../../e2e/fixture.ts';
import { root } from '../../e2e/host-kind.ts';
import { startAgain } from '../app-fixture.ts';

const test = base.extend({
  env: async ({ userData }, use) => use({ XDG_CONFIG_HOME: join(userData, 'config') }),
});

test.describe('without a keyring', () => {
  test.use({ keyring: 'basic_text' });

  test('a new vault asks for a passphrase or for consent, and runs no script to do so', async ({
    page,
    electron,
  }) => {
    await expect(page.getByRole('heading')).toHaveText('Protect your sessions');
    await page.getByLabel('Passphrase', { exact: true }).fill('correct horse');
    await page.getByLabel('Confirm passphrase').fill('another');
    await page.getByRole('button', { name: 'Use this passphrase' }).click();
    await expect(page.getByRole('alert')).toHaveText("The passphrases don't match.");
    await expect(page.getByLabel('Passphrase', { exact: true })).toBeFocused();
    await page.getByLabel('Passphrase', { exact: true }).fill('correct horse');
    await page.getByLabel('Confirm passphrase').fill('correct horse');
    const opened = electron.waitForEvent('window');
    await page.getByRole('button', { name: 'Use this passphrase' }).click();
    const window = await opened;
    await expect(window.getByRole('main')).toBeVisible();
    const { shell, app } = await window.evaluate(() => globalThis.window.keyfob.snapshot());
    expect([shell.keyStorage, app.vault.protection]).toEqual(['Your passphrase', 'passphrase']);
  });

  test('consent takes a separate button, and is shown from then on', async ({ page, electron }) => {
    const opened = electron.waitForEvent('window');
    await page.getByRole('button', { name: 'I understand: store unprotected' }).click();
    const window = await opened;
    await expect(window.getByRole('main')).toBeVisible();
    const { app } = await window.evaluate(() => globalThis.window.keyfob.snapshot());
    expect([app.vault.protection, app.vault.warnings.map(({ code }) => code)]).toEqual([
      'none',
      ['not-protected'],
    ]);
  });
});

test.describe('without a tray', () => {
  test.use({
    env: async ({ userData }, use) =>
      use({
        XDG_CONFIG_HOME: join(userData, 'config'),
        XDG_CURRENT_DESKTOP: 'GNOME',
        DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent',
      }),
  });

  test('the app is an ordinary window and says so until that is dismissed', async ({
    page,
    host,
  }) => {
    await expect(page.getByRole('main')).toBeVisible();
    const { shell } = await page.evaluate(() => window.keyfob.snapshot());
    expect([shell.tray, shell.notices.map(({ code }) => code), await host.tray()]).toEqual([
      false,
      ['no-tray'],
      null,
    ]);
    await page.evaluate(() => window.keyfob.dismissNotice('no-tray'));
    const after = await page.evaluate(() => window.keyfob.snapshot());
    expect(after.shell.notices).toEqual([]);
  });
});

test('a vault with its key in the keychain opens at the next start; a locked keyring can be retried', async ({
  page,
  electron,
  app,
  surroundings,
}) => {
  await expect(page.getByRole('main')).toBeVisible();
  const first = await page.evaluate(() => window.keyfob.snapshot());
  await electron.close();
  const again = await startAgain(app, {
    env: { ...surroundings.env, E2E_KEYRING: 'locked' },
  });
  const unlockPage = await again.firstWindow();
  await expect(unlockPage.getByText('none is available now')).toBeVisible();
  await unlockPage.getByRole('button', { name: 'Try again' }).click();
  await expect(unlockPage.getByText('Nothing was changed')).toBeVisible();
  await again.close();
  const last = await startAgain(app, surroundings);
  const reopened = await last.firstWindow();
  await expect(reopened.getByRole('main')).toBeVisible();
  const snapshot = await reopened.evaluate(() => window.keyfob.snapshot());
  expect([first.app.vault, snapshot.app.vault].map(({ protection }) => protection)).toEqual([
    'keychain',
    'keychain',
  ]);
  await last.close();
});

const owned = test.extend({
  userData: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'keyfob-e2e-'));
    const agent = spawn(
      process.execPath,
      [join(root, 'out/node/keyfob.js'), 'agent', '--unsealed'],
      { env: { ...process.env, KEYFOB_HOME: folder }, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    await once(agent.stderr, 'data');
    await use(folder);
    agent.kill();
    await once(agent, 'exit');
    rmSync(folder, { recursive: true, force: true });
  },
});

owned(
  'a vault that the headless agent holds: the app says who, and ends when told to',
  async ({ page, electron }) => {
    await expect(page.getByRole('heading')).toHaveText("Keyfob can't open your vault");
    await expect(page.getByText('keyfob agent, in a terminal or as a service')).toBeVisible();
    const closed = electron.waitForEvent('close');
    await page.getByRole('button', { name: 'Quit' }).click();
    await closed;
  },
);
