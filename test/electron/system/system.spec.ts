import type { ElectronApplication } from '@playwright/test';
import { _electron } from '@playwright/test';
import { readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Bridge } from '../../../preload/bridge.ts';
import { startHomeserver } from '../../../tools/homeserver/homeserver.ts';
import { expect, test as base } from '../../e2e/fixture.ts';
import { root } from '../../e2e/host-kind.ts';

declare global {
  interface Window {
    keyfob: Bridge;
  }
}

const test = base.extend({
  env: async ({ userData }, use) => use({ XDG_CONFIG_HOME: join(userData, 'config') }),
  page: async ({ electron }, use) => {
    const page = await electron.firstWindow();
    await expect(page.getByRole('main')).toBeVisible();
    await use(page);
  },
});

test('the tray icon opens and closes the window, although the click takes its focus first', async ({
  page,
  host,
}) => {
  await expect(page.getByRole('main')).toBeVisible();
  const visible = [(await host.window())?.visible];
  for (let click = 0; click < 4; click += 1) {
    await host.clickTray();
    visible.push((await host.window())?.visible);
  }
  expect(visible).toEqual([true, false, true, false, true]);
});

test('a start at login while the app is running shows nothing', async ({ page, host }) => {
  await page.evaluate(() => window.keyfob.hideWindow());
  const codes = [await host.secondInstance('--hidden')];
  const visible = (await host.window())?.visible;
  codes.push(await host.secondInstance());
  await expect.poll(async () => (await host.window())?.visible).toBe(true);
  expect([codes, visible]).toEqual([[0, 0], false]);
});

test('the menu zooms the text, and has nothing that reloads or inspects a page', async ({
  page,
  electron,
}) => {
  const choose = (role: string) =>
    electron.evaluate(({ BrowserWindow, Menu }, wanted) => {
      const [window] = BrowserWindow.getAllWindows();
      window?.focus();
      const items = Menu.getApplicationMenu()?.items.flatMap((item) => item.submenu?.items ?? []);
      // Electron passes the target on; the type declares no arguments.
      const click = items?.find((item) => item.role === wanted)?.click as (
        ...all: unknown[]
      ) => void;
      click({}, window, window?.webContents);
      return items?.map(({ role }) => role as string);
    }, role);
  const width = () => page.evaluate(() => window.innerWidth);
  const before = await width();
  const roles = await choose('zoomIn');
  await expect.poll(width).toBeLessThan(before);
  await choose('resetZoom');
  await expect.poll(width).toBe(before);
  expect(roles?.filter((role) => /reload|devtools/i.test(role))).toEqual([]);
});

test('a download is refused', async ({ page, electron }) => {
  await expect(page.getByRole('main')).toBeVisible();
  const refused = await electron.evaluate(({ session }) => {
    let prevented = false;
    session.defaultSession.emit('will-download', { preventDefault: () => (prevented = true) });
    return prevented;
  });
  expect(refused).toBe(true);
});

test('a computer that shuts down quits the app in order', async ({ page, host, electron }) => {
  await expect(page.getByRole('main')).toBeVisible();
  const closed = electron.waitForEvent('close');
  await host.power('shutdown');
  await closed;
  expect(host.stderr()).not.toContain('could not shut down cleanly');
});

test('sleep clears a copied token from the clipboard', async ({ page, host }) => {
  await page.evaluate(async () => {
    await window.keyfob.startLogin({ server: '127.0.0.1:1', label: '', client: {} });
  });
  const exchanges = () => page.evaluate(() => window.keyfob.listExchanges());
  await expect.poll(exchanges).not.toEqual([]);
  const [exchange] = await exchanges();
  await page.evaluate((id) => window.keyfob.copyCurl(id), exchange!.id);
  await expect.poll(() => host.clipboard()).toContain('curl');
  await host.power('suspend');
  await expect.poll(() => host.copied()).toHaveLength(2);
  expect(await host.clipboard()).toBe('');
});

test('a notification that needs the person has normal urgency', async ({
  page,
  host,
  electron,
}) => {
  const server = await startHomeserver({ intervalS: 1 });
  server.autoApprove('alice');
  const urgencies = await electron.evaluateHandle(({ Notification }) => {
    const seen: string[] = [];
    const { show } = Notification.prototype as { show: () => void };
    Object.assign(Notification.prototype, {
      show(this: Electron.Notification) {
        seen.push(this.urgency);
        show.call(this);
      },
    });
    return seen;
  });
  const accounts = () => page.evaluate(async () => (await window.keyfob.snapshot()).app.accounts);
  await page.evaluate(
    (at) => window.keyfob.startLogin({ server: at, label: 'work', client: {} }),
    server.baseUrl,
  );
  await expect.poll(async () => (await accounts())[0]?.state.kind).toBe('active');
  server.endSessions('alice');
  const [account] = await accounts();
  await page.evaluate((id) => window.keyfob.refreshAccount(id), account!.id);
  await expect.poll(() => host.notifications()).toHaveLength(1);
  await server.close();
  expect(await urgencies.jsonValue()).toEqual(['normal']);
});

test('the autostart entry follows a moved app, and the settings show whether it exists', async ({
  page,
  electron,
  app,
  surroundings,
  userData,
}) => {
  const file = join(userData, 'config/autostart/keyfob.desktop');
  await page.evaluate(() => window.keyfob.changeSettings({ startAtLogin: true }));
  const entry = readFileSync(file, 'utf8');
  await electron.close();
  const changed = entry.replace(/^Exec=.*$/m, 'Exec=/old/Keyfob.AppImage --hidden');
  writeFileSync(file, `${changed}Hidden=true\n`);
  const switchedOff = await startsAtLogin(app, surroundings.env);
  const renewed = readFileSync(file, 'utf8');
  writeFileSync(file, entry);
  const switchedOn = await startsAtLogin(app, surroundings.env);
  rmSync(file);
  const removed = await startsAtLogin(app, surroundings.env);
  expect([renewed, switchedOff, switchedOn, removed, existsSync(file)]).toEqual([
    `${entry}Hidden=true\n`,
    false,
    true,
    false,
    false,
  ]);
});

/** Starts and closes the app; returns whether its settings show start at login as on. */
async function startsAtLogin(app: string, env: Record<string, string>): Promise<boolean> {
  const started: ElectronApplication = await _electron.launch({
    args: ['-r', join(root, 'out/standin/agent.cjs'), app],
    env,
    colorScheme: null,
    timeout: 20_000,
  });
  const page = await started.firstWindow();
  await expect(page.getByRole('main')).toBeVisible();
  const { settings } = await page.evaluate(() => window.keyfob.snapshot());
  await started.close();
  return settings.startAtLogin;
}
