import {
  app,
  BrowserWindow,
  clipboard,
  ipcMain,
  Menu,
  nativeTheme,
  net,
  Notification,
  powerMonitor,
  protocol,
  safeStorage,
  session,
  shell,
  Tray,
} from 'electron';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// A small tray app for the stand-in's own specs. Every event that it sees is recorded in `events`.

const here = import.meta.dirname;
const events = [];
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'";

globalThis.sample = { events };
app.setPath('userData', process.env.KEYFOB_HOME);
protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

let window;
let tray;
let quitting = false;

if (app.requestSingleInstanceLock({ from: 'sample' })) {
  app.on('second-instance', (_event, argv, _folder, data) => {
    events.push(['second-instance', argv.at(-1), data]);
    window.show();
  });
  app.on('before-quit', () => {
    quitting = true;
  });
  // Not awaited: `ready` comes after this module.
  void app.whenReady().then(begin);
} else {
  app.exit(0);
}

function begin() {
  serveScheme();
  answerPage();
  setUpPermissions();
  watchDownloads();
  setUpTray();
  for (const name of ['suspend', 'resume', 'lock-screen', 'unlock-screen']) {
    powerMonitor.on(name, () => events.push([name]));
  }
  openWindow();
}

function serveScheme() {
  protocol.handle('app', async (request) => {
    const { host, pathname } = new URL(request.url);
    if (host !== 'sample') return new Response('', { status: 404 });
    if (pathname === '/moved.html') {
      return Response.redirect('https://elsewhere.example/', 302);
    }
    const file = await net.fetch(pathToFileURL(join(here, 'page', pathname)).href);
    const headers = new Headers(file.headers);
    headers.set('content-security-policy', policy);
    return new Response(file.body, { headers });
  });
}

function answerPage() {
  ipcMain.handle('echo', (_event, value) => value);
  ipcMain.handle('fail', () => {
    throw new TypeError('the answer is no');
  });
  ipcMain.handle('sender', (event) => ({
    url: event.senderFrame.url,
    origin: event.senderFrame.origin,
    isTop: event.senderFrame.parent === null,
    isOurs: event.sender === window.webContents,
  }));
  ipcMain.handle('function', () => () => 1);
  ipcMain.on('tell', (event, what) => {
    events.push(['tell', what]);
    event.sender.send('told', { back: what });
  });
}

function setUpPermissions() {
  session.defaultSession.setPermissionRequestHandler((_contents, permission, callback) => {
    events.push(['permission', permission]);
    callback(permission === 'midi');
  });
}

function watchDownloads() {
  session.defaultSession.on('will-download', (event, item, contents) => {
    events.push(['will-download', item.getFilename(), contents === window.webContents]);
    if (item.getFilename() !== 'allowed.txt') event.preventDefault();
  });
}

function setUpTray() {
  tray = new Tray(join(here, 'icon.png'));
  tray.setToolTip('Sample');
  tray.on('click', () => events.push(['tray-click']));
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { type: 'separator' },
      { id: 'show', label: 'Show', click: () => window.show() },
      { type: 'separator' },
      { type: 'separator' },
      { id: 'copy', label: 'Copy', click: () => clipboard.writeText('copied by menu') },
      { id: 'never', label: 'Never', enabled: false },
      {
        label: 'More',
        submenu: [
          { id: 'dark', label: 'Dark', type: 'checkbox', click: setDark },
          { id: 'notify', label: 'Notify', click: notify },
          {
            id: 'login',
            label: 'Login',
            click: () => app.setLoginItemSettings({ openAtLogin: true }),
          },
          {
            id: 'link',
            label: 'Link',
            click: () => shell.openExternal('https://example.org/link'),
          },
        ],
      },
      { role: 'quit' },
      { type: 'separator' },
    ]),
  );
}

function setDark(item) {
  nativeTheme.themeSource = item.checked ? 'dark' : 'light';
}

function notify() {
  const notification = new Notification({ title: 'Hello', body: 'from the sample' });
  notification.on('click', () => events.push(['notification-click']));
  notification.show();
}

function openWindow() {
  const preload = join(here, process.env.SAMPLE_PRELOAD ?? 'preload.js');
  window = new BrowserWindow({ width: 480, height: 640, show: false, webPreferences: { preload } });
  for (const name of ['show', 'hide', 'blur', 'focus', 'closed', 'ready-to-show']) {
    window.on(name, () => events.push([name]));
  }
  window.once('ready-to-show', () => window.show());
  window.on('close', (event) => {
    if (quitting) return;
    event.preventDefault();
    window.hide();
  });
  const { webContents } = window;
  webContents.setWindowOpenHandler(({ url, disposition }) => {
    events.push(['open', url, disposition]);
    return { action: 'deny' };
  });
  for (const name of ['will-navigate', 'will-redirect']) {
    webContents.on(name, (event) => {
      events.push([name, event.url]);
      if (!event.url.startsWith('app://sample/')) event.preventDefault();
    });
  }
  webContents.on('preload-error', (_event, _path, error) => {
    events.push(['preload-error', error.message]);
  });
  webContents.on('render-process-gone', (_event, { reason }) => events.push(['gone', reason]));
  void webContents.loadURL('app://sample/index.html');
  globalThis.sample.safeStorage = safeStorage;
}
