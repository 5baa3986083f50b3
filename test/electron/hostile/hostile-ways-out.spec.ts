/// <reference lib="dom" />
import type { ElectronApplication } from '@playwright/test';
import { startOutside } from './outside.ts';
import type { Outside } from './outside.ts';
import { expect, stateOf, startLogin, stepOf, test as base } from '../flow/busy-day.ts';
import { tryFetching, tryLoading, tryOpening, tryRunningText, tryWebRtc } from './ways-out.ts';

// A compromised page: whether its script can navigate anywhere or send anything out.

const test = base.extend<{ outside: Outside }>({
  outside: async ({}, use) => {
    const outside = await startOutside();
    await use(outside);
    await outside.close();
  },
});

const ADDRESSES = [
  'https://evil.example/',
  'http://evil.example/',
  'file:///etc/passwd',
  'javascript:document.title="taken"',
  'data:text/html,<title>taken</title>',
  'vbscript:taken',
  'smb://evil.example/share',
  '\\\\evil.example\\share',
  'ms-settings:privacy',
  'mailto:somebody@evil.example',
  'blob:null/taken',
];

test('the page cannot open an address of its choice, navigate or open a window', async ({
  page,
  host,
  electron,
  outside,
}) => {
  const before = await host.window();
  await watchNavigations(electron);
  const own = await page.evaluate(() =>
    URL.createObjectURL(new Blob(['<title>taken</title>'], { type: 'text/html' })),
  );
  const here = `http://127.0.0.1:${outside.port}/`;
  const worked: string[] = [];
  for (const address of [...ADDRESSES, here, own]) {
    worked.push(...(await page.evaluate(tryOpening, address)));
  }
  // One of our own addresses: only the guard prevents it, as the request filter would allow it.
  for (const address of ['https://evil.example/last', here, own, 'index.html?taken']) {
    const asked = (await navigations(electron)).length;
    await page.evaluate((href) => {
      location.href = href;
    }, address);
    await expect.poll(async () => (await navigations(electron)).length).toBeGreaterThan(asked);
  }
  // A window that opened after all is closed before it loads anything, but not at once.
  await expect.poll(() => electron.windows().length).toBe(1);
  expect({
    worked,
    window: await host.window(),
    title: await page.evaluate(() => document.title),
    opened: await host.opened(),
    arrived: outside.arrived(),
    complaints: /electron stand-in:.*/.exec(host.stderr())?.[0],
  }).toEqual({
    worked: [],
    window: before,
    title: 'Keyfob',
    opened: [],
    arrived: [],
    complaints: undefined,
  });
});

test('the page cannot reach a server by any protocol', async ({ page, outside }) => {
  const http = `http://127.0.0.1:${outside.port}/`;
  const worked = {
    loading: await page.evaluate(tryLoading, http),
    fetching: await page.evaluate(tryFetching, http),
    webRtc: await page.evaluate(tryWebRtc, outside.port),
  };
  const arrived = [...outside.arrived()];
  await outside.knock();
  expect([worked, arrived, outside.arrived().toSorted()]).toEqual([
    { loading: [], fetching: [], webRtc: [] },
    [],
    ['connection', 'packet'],
  ]);
});

test('the page cannot save a file', async ({ page, host, electron }) => {
  await electron.evaluate(({ session }) => {
    const downloads: [string, boolean][] = [];
    Object.assign(globalThis, { downloads });
    session.defaultSession.on('will-download', (event, item) => {
      downloads.push([item.getFilename(), event.defaultPrevented]);
    });
  });
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob(['content']));
    link.download = 'taken.txt';
    link.click();
  });
  const downloads = () =>
    electron.evaluate(() => (globalThis as unknown as { downloads: unknown[] }).downloads);
  await expect.poll(downloads).toEqual([['taken.txt', true]]);
  expect(host.stderr()).not.toContain('electron stand-in:');
});

test('the page cannot turn text into script', async ({ page }) => {
  const ran = await page.evaluate(tryRunningText);
  expect([ran, await page.title()]).toEqual([[], 'Keyfob']);
});

test('a frame in the page has no bridge, and another window with the same preload gets no replies', async ({
  page,
  electron,
}) => {
  const frames = await page.evaluate(() => {
    const sources = ['', 'about:blank', 'index.html'];
    return sources.map((src) => {
      const frame = document.createElement('iframe');
      if (src !== '') frame.src = src;
      document.body.append(frame);
      return 'keyfob' in (frame.contentWindow ?? {});
    });
  });
  const opened = electron.waitForEvent('window');
  await electron.evaluate(async ({ app, BrowserWindow }) => {
    const preload = `${app.getAppPath()}/out/preload/preload.cjs`;
    const window = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
    await window.loadURL('app://keyfob/index.html');
  });
  const other = await opened;
  // A window exists before its document.
  await other.waitForURL((url) => url.href !== 'about:blank');
  const answer = await other.evaluate(() => window.keyfob.snapshot().catch(String));
  expect([frames, answer]).toEqual([
    [false, false, false],
    "Error: Error invoking remote method 'app:snapshot': Error: app:snapshot: unknown sender",
  ]);
});

test('a link from a server that is not a web page is not opened', async ({
  page,
  host,
  homeserver,
}) => {
  const bad = ADDRESSES.filter((address) => !address.startsWith('https:'));
  const ends: unknown[] = [];
  for (const address of bad) {
    homeserver.faults.next('device-authorization', {
      patch: (real) => ({ ...real, verification_uri: address, verification_uri_complete: address }),
    });
    const login = await startLogin(page, homeserver, 'bad');
    await expect.poll(() => stepOf(page, login)).toBe('failed');
    ends.push(await page.evaluate((id) => window.keyfob.openLink(id), login));
  }
  homeserver.autoApprove('alice');
  homeserver.faults.always('auth-metadata', {
    patch: (real) => ({ ...real, account_management_uri: 'file:///etc/passwd' }),
  });
  const login = await startLogin(page, homeserver, 'page');
  await expect.poll(() => stepOf(page, login)).toBe('done');
  const [[id] = []] = (await stateOf(page)).accounts;
  ends.push(await page.evaluate((account) => window.keyfob.openAccountPage(account), String(id)));
  expect([ends.map(codeOf), await host.opened()]).toEqual([
    [...bad.map(() => 'login-over'), 'account-unknown'],
    [],
  ]);
});

function codeOf(reply: unknown): unknown {
  return (reply as { failure?: { code: string } }).failure?.code; // a Reply of the contract
}

async function watchNavigations(electron: ElectronApplication): Promise<void> {
  await electron.evaluate(({ BrowserWindow }) => {
    const navigations: string[] = [];
    Object.assign(globalThis, { navigations });
    const { webContents } = BrowserWindow.getAllWindows()[0]!;
    webContents.on('will-navigate', ({ url }) => navigations.push(url));
  });
}

/** The page's attempted navigations, in order, as main saw them. */
function navigations(electron: ElectronApplication): Promise<string[]> {
  return electron.evaluate(() => (globalThis as unknown as { navigations: string[] }).navigations);
}
