import type { ElectronApplication, Page } from '@playwright/test';
import { join } from 'node:path';
import { expect } from '../../e2e/fixture.ts';
import { METHODS } from '../../preload/window-methods.ts';
import { snapshotOf, test } from '../flow/signed-in.ts';

// Each policy is tested with something that it alone forbids: another guard would hide its removal.

test('the page gets one additional global, with plain methods', async ({ page }) => {
  const given = await page.evaluate(() => {
    const bare = document.body.appendChild(document.createElement('iframe')).contentWindow!;
    const names = Object.getOwnPropertyNames(window).filter((name) => !(name in bare));
    bare.frameElement?.remove();
    const kinds = Object.entries(window.keyfob).map(([name, value]) => `${name}: ${typeof value}`);
    return { names: names.filter((name) => !/^\d+$/.test(name)), kinds: kinds.sort() };
  });
  expect(given).toEqual({ names: ['keyfob'], kinds: METHODS.map((name) => `${name}: function`) });
});

test('the page cannot navigate, not even to its own files', async ({ page, host, electron }) => {
  const before = (await host.window())?.url;
  const asked = await watchNavigation(electron, 'will-navigate');
  await page.evaluate(() => (location.href = './index.html?again'));
  await expect.poll(asked).toEqual([['app://keyfob/index.html?again', 'prevented']]);
  await page.evaluate(() => (location.href = 'https://example.org/'));
  await expect
    .poll(async () => (await asked()).at(1))
    .toEqual(['https://example.org/', 'prevented']);
  expect((await host.window())?.url).toBe(before);
});

test('a frame cannot navigate, even without a content security policy', async ({
  page,
  electron,
  homeserver,
}) => {
  const asked = await watchNavigation(electron, 'will-frame-navigate');
  await showPicture(electron, page);
  await page.evaluate((url) => {
    const frame = document.createElementNS('http://www.w3.org/1999/xhtml', 'iframe');
    frame.setAttribute('src', url);
    document.documentElement.append(frame);
  }, homeserver.baseUrl);
  await expect.poll(asked).toEqual([[`${homeserver.baseUrl}/`, 'prevented']]);
});

test('the page cannot open another window', async ({ page, electron }) => {
  await page.evaluate(async () => {
    window.open('https://example.org/');
    const link = document.createElement('a');
    link.href = './index.html';
    link.target = '_blank';
    document.body.append(link);
    link.click();
    await window.keyfob.snapshot(); // main has heard of both by now
  });
  const windows = await electron.evaluate(({ BrowserWindow }) => {
    return BrowserWindow.getAllWindows().length;
  });
  expect(windows).toBe(1);
});

test('two content security policies apply, one in the page and one in its response', async ({
  page,
}) => {
  const refused = await page.evaluate(() => {
    const seen: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => {
      // A directive that a policy in the page can't contain, so only the one in the response does.
      const isAnswers = event.originalPolicy.includes('frame-ancestors');
      seen.push(`${isAnswers ? 'answer' : 'page'}: ${event.effectiveDirective}`);
    });
    Object.assign(window, { seen });
    fetch('./index.html').catch(() => undefined);
    const script = 'data:text/javascript,0';
    import(script).catch(() => undefined);
    new Image().src = './../../elsewhere:1/x.png'.replace(
      './../../elsewhere',
      'https://example.org',
    );
    document.body.setAttribute('style', 'color: red');
    const frame = document.body.appendChild(document.createElement('iframe'));
    frame.src = './index.html';
    const form = document.body.appendChild(document.createElement('form'));
    form.submit();
    try {
      document.body.insertAdjacentHTML('beforeend', '<b>x</b>');
    } catch {
      seen.push('text is no markup');
    }
    return seen;
  });
  expect(refused).toContain('text is no markup');
  const both = ['connect-src', 'form-action', 'frame-src', 'img-src', 'script-src-elem'];
  const expected = [
    ...['answer', 'page'].flatMap((policy) => both.map((directive) => `${policy}: ${directive}`)),
    'answer: require-trusted-types-for',
    'answer: style-src-attr',
    'page: style-src-attr',
    'text is no markup',
  ];
  const seen = () => page.evaluate(() => (window as unknown as { seen: string[] }).seen.toSorted()); // put there above
  await expect.poll(seen).toEqual(expected.toSorted());
});

test('every permission and device is denied, on request and on check', async ({ page, host }) => {
  const states = await page.evaluate(async () => {
    const names = ['geolocation', 'notifications', 'camera', 'microphone', 'midi'] as const;
    const asked = names.map((name) => navigator.permissions.query({ name: name }));
    return (await Promise.all(asked)).map(({ state }) => state);
  });
  expect({ states, granted: await host.granted() }).toEqual({
    states: Array(5).fill('denied'),
    granted: [],
  });
});

test("only the app's own files are loaded, for any request", async ({
  page,
  electron,
  homeserver,
}) => {
  await expect(page.getByRole('main')).toBeVisible();
  const load = electron.evaluate(
    ({ BrowserWindow }, url) => BrowserWindow.getAllWindows()[0]?.loadURL(url),
    homeserver.baseUrl,
  );
  await expect(load).rejects.toThrow('ERR_BLOCKED_BY_CLIENT');
  expect(homeserver.requests).toEqual([]);
});

test('only our window gets replies, and only while it shows our page', async ({
  page,
  electron,
  app,
}) => {
  const opened = electron.waitForEvent('window');
  await electron.evaluate(
    ({ BrowserWindow }, preload) =>
      new BrowserWindow({ show: false, webPreferences: { preload } }).loadURL(
        'app://keyfob/index.html',
      ),
    join(app, 'out/preload/preload.cjs'),
  );
  const answers = [await answerTo(page), await answerTo(await opened)];
  await showPicture(electron, page);
  answers.push(await answerTo(page));
  const refused = expect.stringContaining('app:snapshot: unknown sender') as unknown; // typed any
  expect(answers).toEqual(['answered', refused, refused]);
});

test('an address that is not for a browser is never opened, whatever a server sends', async ({
  page,
  host,
  homeserver,
}) => {
  homeserver.faults.always('device-authorization', {
    patch: (real) => ({ ...real, verification_uri: 'http://link.example.org/' }),
  });
  const started = await page.evaluate(
    (server) => window.keyfob.startLogin({ server, label: '', client: {} }),
    homeserver.baseUrl,
  );
  const login = async () => (await snapshotOf(page)).app.logins[0];
  await expect.poll(async () => (await login())?.state.step).toMatch(/waiting|failed/);
  if (started.ok) await page.evaluate((id) => window.keyfob.openLink(id), started.value.id);
  const state = (await login())?.state;
  const code = state?.step === 'failed' ? state.failure.code : state?.step;
  expect([code, await host.opened()]).toEqual(['unsafe-link', []]);
});

/** Records the first window's navigations and whether they were prevented; the returned function gives them. */
async function watchNavigation(
  electron: ElectronApplication,
  event: 'will-navigate' | 'will-frame-navigate',
): Promise<() => Promise<[string, string][]>> {
  await electron.evaluate(({ BrowserWindow }, name) => {
    const asked: [string, string][] = [];
    Object.assign(globalThis, { asked });
    // One of two events with the same details; this listener runs after the app's guards.
    BrowserWindow.getAllWindows()[0]?.webContents.on(name as 'will-navigate', (details) => {
      asked.push([details.url, details.defaultPrevented ? 'prevented' : 'allowed']);
    });
  }, event);
  return () =>
    electron.evaluate(() => (globalThis as unknown as { asked: [string, string][] }).asked); // put there above
}

/** Navigates the first window to a page without a content security policy: an image, which the request filter allows. */
async function showPicture(electron: ElectronApplication, page: Page): Promise<void> {
  const address = 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"/>';
  await electron.evaluate(
    ({ BrowserWindow }, url) => BrowserWindow.getAllWindows()[0]?.loadURL(url),
    address,
  );
  // Main may notice before the test does.
  await page.waitForURL(address);
}

function answerTo(page: Page): Promise<string> {
  return page.evaluate(() =>
    window.keyfob.snapshot().then(
      () => 'answered',
      (error: unknown) => String(error),
    ),
  );
}
