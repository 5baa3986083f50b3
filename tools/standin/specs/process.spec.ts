import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../../../test/e2e/fixture.ts';
import { sampleApp } from './sample-app.ts';

test.use({ app: sampleApp });

const executable = join(import.meta.dirname, '../bin/electron');

// Child processes are read from /proc.
if (process.platform === 'linux') {
  test('kill -9 leaves no process behind', async ({ electron, page }) => {
    await expect(page.locator('#state')).toHaveText('object');
    const pid = electron.process().pid!;
    const family = descendantsOf(pid);
    expect(family.length).toBeGreaterThan(2);
    const closed = electron.waitForEvent('close');
    process.kill(pid, 'SIGKILL');
    await closed;
    await expect.poll(() => family.filter(isRunning)).toEqual([]);
  });
}

test('names that are not provided throw', async ({ electron, page }) => {
  await expect(page.locator('#state')).toHaveText('object');
  const messages = await electron.evaluate((electronModule) => {
    const read = (object: object, name: string): unknown => {
      try {
        return Reflect.get(object, name) ?? 'undefined';
      } catch (error) {
        return error instanceof Error && error.message;
      }
    };
    const { app, BrowserWindow, clipboard, Tray } = electronModule;
    return [
      read(electronModule, 'pushNotifications'),
      read(app, 'getGPUInfo'),
      read(app, 'dock'),
      read(BrowserWindow, 'fromBrowserView'),
      read(BrowserWindow.getAllWindows()[0]!, 'capturePage'),
      read(BrowserWindow.getAllWindows()[0]!.webContents, 'printToPDF'),
      read(clipboard, 'readImage'),
      read(Tray.prototype, 'displayBalloon'),
    ];
  });
  expect(messages).toEqual([
    'electron stand-in: electron.pushNotifications is not provided',
    'electron stand-in: app.getGPUInfo is not provided',
    'undefined',
    'electron stand-in: BrowserWindow.fromBrowserView is not provided',
    'electron stand-in: BrowserWindow.capturePage is not provided',
    'electron stand-in: webContents.printToPDF is not provided',
    'electron stand-in: clipboard.readImage is not provided',
    'electron stand-in: Tray.displayBalloon is not provided',
  ]);
});

test('insecure windows are refused', async ({ electron, page }) => {
  await expect(page.locator('#state')).toHaveText('object');
  const messages = await electron.evaluate(({ BrowserWindow }) =>
    [
      { contextIsolation: false },
      { sandbox: false },
      { nodeIntegration: true },
      { webSecurity: false },
      { preload: 'relative.js' },
    ].map((webPreferences) => {
      try {
        return new BrowserWindow({ webPreferences }).id;
      } catch (error) {
        return error instanceof Error && error.message;
      }
    }),
  );
  expect(messages).toEqual([
    'electron stand-in: webPreferences.contextIsolation: false is not provided, only true',
    'electron stand-in: webPreferences.sandbox: false is not provided, only true',
    'electron stand-in: webPreferences.nodeIntegration: true is not provided, only false',
    'electron stand-in: webPreferences.webSecurity: false is not provided, only true',
    'preload script must have absolute path',
  ]);
});

test('the methods of a window throw once it is closed, even from outside the app', async ({
  electron,
  page,
}) => {
  const seen = electron.evaluate(
    ({ app, BrowserWindow }) =>
      new Promise((resolve) => {
        const window = BrowserWindow.getAllWindows()[0]!;
        const { webContents } = window;
        app.removeAllListeners('window-all-closed').on('window-all-closed', () => {
          const attempt = (run: () => unknown): unknown => {
            try {
              return run();
            } catch (error) {
              return String(error);
            }
          };
          setImmediate(() => {
            resolve([
              attempt(() => window.isDestroyed()),
              attempt(() => window.show()),
              attempt(() => webContents.send('late')),
            ]);
          });
        });
      }),
  );
  await page.close();
  expect(await seen).toEqual([
    true,
    'TypeError: Object has been destroyed',
    'TypeError: Object has been destroyed',
  ]);
});

test('process has the properties that Electron adds', async ({ electron, page }) => {
  await expect(page.locator('#state')).toHaveText('object');
  const seen = await electron.evaluate(({ app }) => ({
    name: app.getName(),
    version: app.getVersion(),
    packaged: app.isPackaged,
    type: process.type,
    electron: process.versions.electron,
    chrome: /^\d+(\.\d+){3}$/.test(process.versions.chrome),
  }));
  expect(seen).toEqual({
    name: 'standin-sample',
    version: '1.2.3',
    packaged: false,
    type: 'browser',
    electron: '45.4.1',
    chrome: true,
  });
});

test('the executable prints how to build the stand-in when it is not built', () => {
  const { status, stderr } = spawnSync(executable, ['.'], {
    env: { ...process.env, STANDIN_BUILD: '/nowhere' },
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([
    1,
    'electron stand-in: not built; run: npm run build:standin\n',
  ]);
});

test('a main module that awaits ready fails with a reason', ({ userData }) => {
  const { status, stderr } = spawnSync(executable, [join(sampleApp, 'waits-for-ready.js')], {
    env: { ...process.env, KEYFOB_HOME: userData },
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([
    1,
    expect.stringContaining('is app.whenReady() awaited at its top level?'),
  ]);
});

function descendantsOf(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: parentOf(Number(name)) }));
  const children = parents.filter(({ parent }) => parent === pid).map((child) => child.pid);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    // It exited after it was listed.
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // A zombie has exited; reaping it is not up to us.
    return !stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    // The process no longer exists.
    return false;
  }
}
