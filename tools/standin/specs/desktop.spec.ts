/// <reference lib="dom" />
import { expect, test } from '../../../test/e2e/fixture.ts';
import { eventsOf, sampleApp } from './sample-app.ts';

test.use({ app: sampleApp });

test('Tray and Menu show what the app built, without stray separators', async ({ page, host }) => {
  await expect(page.locator('#state')).toHaveText('object');
  const tray = await host.tray();
  expect([
    tray?.tooltip,
    tray?.menu.map(({ type, label, enabled }) => [type, label, enabled]),
  ]).toEqual([
    'Sample',
    [
      ['normal', 'Show', true],
      ['separator', '', true],
      ['normal', 'Copy', true],
      ['normal', 'Never', false],
      ['submenu', 'More', true],
      ['normal', 'Quit', true],
    ],
  ]);
});

test('menu items run their click handlers, and a disabled one cannot be chosen', async ({
  page,
  host,
}) => {
  await expect(page.locator('#state')).toHaveText('object');
  await host.clickMenu('copy');
  await host.clickMenu('More', 'login');
  await host.clickMenu('More', 'link');
  await expect(host.clickMenu('never')).rejects.toThrow('the menu item never cannot be clicked');
  expect([
    await host.copied(),
    await host.clipboard(),
    await host.login(),
    await host.opened(),
  ]).toEqual([
    ['copied by menu'],
    'copied by menu',
    { openAtLogin: true },
    ['https://example.org/link'],
  ]);
});

test('nativeTheme reaches the page', async ({ page, host }) => {
  await expect(page.locator('h1')).toHaveCSS('color', 'rgb(10, 20, 30)');
  await host.clickMenu('More', 'dark');
  await expect(page.locator('h1')).toHaveCSS('color', 'rgb(200, 210, 220)');
  await host.clickMenu('More', 'dark');
  await expect(page.locator('h1')).toHaveCSS('color', 'rgb(10, 20, 30)');
});

test('Notification is recorded, and a click on it reaches the app', async ({
  electron,
  page,
  host,
}) => {
  await expect(page.locator('#state')).toHaveText('object');
  await host.clickMenu('More', 'notify');
  await host.clickNotification(0);
  const shown = [{ title: 'Hello', body: 'from the sample' }];
  expect([await host.notifications(), await host.shownNotifications()]).toEqual([shown, shown]);
  expect(await eventsOf(electron)).toContainEqual(['notification-click']);
});

test('clipboard stores text, lists its types and can be cleared', async ({
  electron,
  page,
  host,
}) => {
  await expect(page.locator('#state')).toHaveText('object');
  await host.setClipboard('from elsewhere');
  const seen = await electron.evaluate(async ({ clipboard, ClipboardItem }) => {
    const before = [await clipboard.readText(), await clipboard.has('text/plain')];
    clipboard.clear();
    const cleared = [await clipboard.readText(), await clipboard.has('text/plain')];
    await clipboard.write([
      new ClipboardItem({ 'text/plain': 'an item', 'text/html': '<b>x</b>' }),
    ]);
    const [item] = await clipboard.read();
    return [before, cleared, item?.types, await clipboard.readText()];
  });
  await expect.poll(() => host.copied()).toEqual(['from elsewhere', null, 'an item']);
  expect(seen).toEqual([
    ['from elsewhere', true],
    ['', false],
    ['text/plain', 'text/html'],
    'an item',
  ]);
});

test('powerMonitor emits the events that the host simulates', async ({ electron, page, host }) => {
  await expect(page.locator('#state')).toHaveText('object');
  await host.power('suspend');
  await host.power('resume');
  await host.power('lock-screen');
  await host.power('unlock-screen');
  const names = (await eventsOf(electron)).flat();
  expect(names.filter((name) => /^(suspend|resume|(un)?lock-screen)$/.test(String(name)))).toEqual([
    'suspend',
    'resume',
    'lock-screen',
    'unlock-screen',
  ]);
});

test('a second instance notifies the first and exits with 0', async ({ electron, page, host }) => {
  await expect(page.locator('#state')).toHaveText('object');
  expect(await host.secondInstance('--hello')).toBe(0);
  await expect
    .poll(() => eventsOf(electron))
    .toContainEqual(['second-instance', '--hello', { from: 'sample' }]);
});

test('a window that prevents close stays; app.quit() ends the app all the same', async ({
  electron,
  page,
  host,
}) => {
  await expect(page.locator('#state')).toHaveText('object');
  await expect.poll(async () => (await host.window())?.visible).toBe(true);
  await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close());
  expect(await host.window()).toMatchObject({ visible: false });
  await host.clickTray();
  expect((await eventsOf(electron)).flat().filter((name) => name !== 'permission')).toEqual(
    expect.arrayContaining(['ready-to-show', 'show', 'focus', 'blur', 'hide', 'tray-click']),
  );
  const main = electron.process();
  const closed = electron.waitForEvent('close');
  await host.clickMenu('Quit');
  await closed;
  expect(main.exitCode).toBe(0);
});

test('the page has the size of its window, divided by the zoom factor', async ({
  electron,
  page,
}) => {
  await expect(page.locator('#state')).toHaveText('object');
  const size = (): Promise<number[]> => page.evaluate(() => [innerWidth, innerHeight]);
  await expect.poll(size).toEqual([480, 640]);
  await electron.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows()[0]!;
    window.setSize(600, 400);
    window.webContents.setZoomFactor(2);
  });
  await expect.poll(size).toEqual([300, 200]);
});
