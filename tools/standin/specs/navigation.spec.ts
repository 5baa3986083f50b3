/// <reference lib="dom" />
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from '../../../test/e2e/fixture.ts';
import { eventsOf, sampleApp } from './sample-app.ts';

test.use({ app: sampleApp });

test('the custom scheme serves pages, and its policy header is enforced', async ({
  page,
  host,
}) => {
  await expect(page.locator('#state')).toHaveText('object');
  await expect(page.locator('#inline')).toHaveText('inline scripts do not run');
  await expect(page.locator('h1')).toHaveCSS('color', 'rgb(10, 20, 30)');
  expect(await host.window()).toMatchObject({ url: 'app://sample/index.html' });
});

test('a page can fetch from a scheme that supports it, but not where its policy forbids it', async ({
  page,
}) => {
  const seen = await page.evaluate(async () => {
    const own = await fetch('style.css');
    const violated = new Promise((resolve) => {
      document.addEventListener('securitypolicyviolation', (event) => {
        resolve([event.effectiveDirective, event.blockedURI]);
      });
    });
    await fetch('https://elsewhere.example/').catch(() => undefined); // the policy violation is recorded instead
    return [own.status, own.headers.get('content-type'), await violated];
  });
  expect(seen).toEqual([200, 'text/css', ['connect-src', 'https://elsewhere.example/']]);
});

test('executeJavaScript runs in the page and awaits the promise it returns', async ({
  page,
  electron,
}) => {
  await expect(page.locator('#state')).toHaveText('object');
  const run = (code: string) =>
    electron.evaluate(async ({ BrowserWindow }, text) => {
      const [window] = BrowserWindow.getAllWindows();
      try {
        return (await window?.webContents.executeJavaScript(text)) as unknown;
      } catch (error) {
        return String(error);
      }
    }, code);
  const answers = [
    await run("Promise.resolve([1, typeof document, 'api' in window])"),
    await run("throw new TypeError('no')"),
  ];
  expect(answers).toEqual([[1, 'object', true], expect.stringContaining('no')]);
});

test('will-navigate can prevent a navigation', async ({ electron, page, host }) => {
  await page.locator('#outside').click();
  await expect
    .poll(() => eventsOf(electron))
    .toContainEqual(['will-navigate', 'https://elsewhere.example/']);
  await expect(page.locator('#state')).toHaveText('object');
  expect(await host.window()).toMatchObject({ url: 'app://sample/index.html' });
});

test('will-redirect can prevent a redirect', async ({ electron, page, host }) => {
  await page.locator('#moved').click();
  await expect
    .poll(() => eventsOf(electron))
    .toContainEqual(['will-redirect', 'https://elsewhere.example/']);
  expect(await host.window()).toMatchObject({ url: 'app://sample/index.html' });
});

test('a navigation that is not prevented completes, and the preload runs again', async ({
  page,
  host,
}) => {
  await page.locator('#inside').click();
  await expect(page.locator('h1')).toHaveText('Other');
  expect(await page.evaluate(() => 'api' in window)).toBe(true);
  expect(await host.window()).toMatchObject({ url: 'app://sample/other.html' });
});

test('setWindowOpenHandler() is called for every new window, and denied ones never open', async ({
  electron,
  page,
}) => {
  await page.locator('#blank').click();
  await page.locator('#inside').click({ modifiers: ['ControlOrMeta'] });
  await page.locator('#inside').click({ button: 'middle' });
  const opened = await page.evaluate(() => window.open('other.html', 'name', 'width=10'));
  await expect
    .poll(async () => (await eventsOf(electron)).filter(([name]) => name === 'open').length)
    .toBe(4);
  const asked = (await eventsOf(electron)).filter(([name]) => name === 'open');
  expect([opened, asked, electron.windows().length]).toEqual([
    null,
    [
      ['open', 'https://elsewhere.example/blank', 'foreground-tab'],
      ['open', 'app://sample/other.html', 'background-tab'],
      ['open', 'app://sample/other.html', 'background-tab'],
      ['open', 'app://sample/other.html', 'new-window'],
    ],
    1,
  ]);
});

test('a window that the app allows opens, and its opener gets no handle to it', async ({
  electron,
  page,
}) => {
  await electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.setWindowOpenHandler(() => ({ action: 'allow' })),
  );
  const appeared = electron.waitForEvent('window');
  const handle = await page.evaluate(() => window.open('other.html'));
  const child = await appeared;
  await expect(child.locator('h1')).toHaveText('Other');
  const preloaded = await child.evaluate(() => 'api' in window);
  expect([handle, preloaded, electron.windows().length]).toEqual([null, false, 2]);
});

test("the app's handler decides permissions", async ({ electron, page }) => {
  const states = await page.evaluate(async () => {
    const names = [
      'geolocation',
      'notifications',
      'camera',
      'microphone',
      'clipboard-read',
      'midi',
      'accelerometer',
    ];
    return Promise.all(
      names.map(async (name) => {
        const status = await navigator.permissions.query({ name: name as PermissionName });
        return `${name}: ${status.state}`;
      }),
    );
  });
  const asked = (await eventsOf(electron)).filter(([name]) => name === 'permission');
  expect([states, asked.map(([, name]) => name)]).toEqual([
    [
      'geolocation: denied',
      'notifications: denied',
      'camera: denied',
      'microphone: denied',
      'clipboard-read: denied',
      'midi: granted',
      'accelerometer: denied',
    ],
    [
      'geolocation',
      'notifications',
      'media',
      'clipboard-read',
      'clipboard-sanitized-write',
      'midi',
      'sensors',
      'background-fetch',
      'background-sync',
      'captured-surface-control',
      'display-capture',
      'idle-detection',
      'keyboardLock',
      'local-fonts',
      'local-network',
      'local-network-access',
      'loopback-network',
      'payment-handler',
      'periodic-background-sync',
      'persistent-storage',
      'pointerLock',
      'screen-wake-lock',
      'storage-access',
      'top-level-storage-access',
      'window-management',
    ],
  ]);
});

test('loadURL() rejects with the message of Electron', async ({ electron, page }) => {
  await expect(page.locator('#state')).toHaveText('object');
  const url = `http://127.0.0.1:${await closedPort()}/`;
  const message = await electron.evaluate(
    ({ BrowserWindow }, address) =>
      BrowserWindow.getAllWindows()[0]!
        .loadURL(address)
        .catch((error: unknown) => String(error)),
    url,
  );
  expect(message).toBe(`Error: ERR_CONNECTION_REFUSED (-102) loading '${url}'`);
});

test('a page that crashes is reported, and can be loaded again', async ({
  electron,
  page,
  host,
}) => {
  await expect(page.locator('#state')).toHaveText('object');
  await electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer();
  });
  await expect.poll(() => eventsOf(electron)).toContainEqual(['gone', 'crashed']);
  const loaded = await electron.evaluate(async ({ BrowserWindow }) => {
    await BrowserWindow.getAllWindows()[0]!.loadURL('app://sample/other.html');
    return true;
  });
  expect([loaded, await host.window()]).toMatchObject([true, { url: 'app://sample/other.html' }]);
});

/** A port that nothing listens on: it was free a moment ago. */
function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo; // it listens on a port, not on a pipe
      server.close(() => resolve(port));
    });
  });
}
