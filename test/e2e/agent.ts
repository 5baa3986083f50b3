import {
  app,
  BrowserWindow,
  clipboard,
  Menu,
  Notification,
  powerMonitor,
  safeStorage,
  shell,
  Tray,
} from 'electron';
import { before } from './before.ts';
import { granted, watchPermissions } from './permissions.ts';

// Loaded with `-r` before the app, on either host: records the app's effects and keeps them from reaching the
// desktop. It uses only Electron's public objects, nothing of the stand-in.

/** A menu entry as plain data. */
export type Item = Readonly<{
  id: string;
  label: string;
  type: string;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  submenu?: readonly Item[];
}>;

/** How `safeStorage` behaves in a test. */
export type Keyring = 'gnome_libsecret' | 'basic_text' | 'locked' | 'unavailable';

const seen = {
  tray: undefined as Tray | undefined, // the literals alone would say undefined for good
  menu: undefined as Menu | undefined,
  tooltip: '',
  notifications: [] as Notification[],
  shown: new Set<Notification>(),
  opened: [] as string[],
  login: [] as object[],
  copied: [] as (string | null)[],
  formats: [] as (readonly string[])[],
  sealed: [] as string[],
};

before(Tray.prototype, 'setContextMenu', (tray, menu) => {
  seen.tray = tray;
  seen.menu = menu instanceof Menu ? menu : undefined;
});
before(Tray.prototype, 'setToolTip', (tray, tooltip) => {
  seen.tray = tray;
  seen.tooltip = String(tooltip);
});
before(Tray.prototype, 'popUpContextMenu', (tray, menu) => {
  seen.tray = tray;
  if (menu instanceof Menu) seen.menu = menu;
});
before(app, 'setLoginItemSettings', (_, settings) => {
  seen.login.push(settings as object); // by its type in electron.d.ts
});
before(clipboard, 'writeText', (_, text) => {
  seen.copied.push(String(text));
});
before(clipboard, 'clear', () => {
  seen.copied.push(null);
});
before(clipboard, 'write', (_, written) => {
  const items = written as Electron.ClipboardItem[]; // by its type in electron.d.ts
  seen.formats.push(items.flatMap(({ types }) => types));
  void Promise.all(items.map(textOf)).then(([text]) => {
    seen.copied.push(text ?? null);
  });
});

async function textOf(item: Electron.ClipboardItem): Promise<string> {
  const payload = await item.getType('text/plain');
  return payload.text();
}

Object.assign(Notification.prototype, {
  show(this: Notification) {
    seen.notifications.push(this);
    seen.shown.add(this);
    this.emit('show', {});
  },
  close(this: Notification) {
    if (seen.shown.delete(this)) this.emit('close', {});
  },
});

Object.assign(shell, {
  openExternal: (url: string) => {
    seen.opened.push(url);
    return Promise.resolve();
  },
  openPath: (path: string) => {
    seen.opened.push(path);
    return Promise.resolve('');
  },
});

setUpKeyring((process.env.E2E_KEYRING ?? 'gnome_libsecret') as Keyring); // set by the fixture
before(safeStorage, 'encryptStringAsync', (_, text) => {
  seen.sealed.push(String(text));
});
watchPermissions();

/** Playwright starts either host with `--password-store=basic`, so the test always chooses the keyring. */
function setUpKeyring(keyring: Keyring): void {
  const refuse = () =>
    Promise.reject(new Error(`Encryption is not available: the keyring is ${keyring}`));
  const backend = keyring === 'basic_text' ? 'basic_text' : 'gnome_libsecret';
  safeStorage.setUsePlainTextEncryption(keyring === 'gnome_libsecret');
  Object.assign(safeStorage, { getSelectedStorageBackend: () => backend });
  if (keyring === 'gnome_libsecret' && process.platform === 'linux') markAsSealedByKeyring();
  if (keyring === 'gnome_libsecret' || keyring === 'basic_text') return;
  Object.assign(safeStorage, {
    isEncryptionAvailable: () => false,
    isAsyncEncryptionAvailable: () => Promise.resolve(false),
    encryptStringAsync: refuse,
    decryptStringAsync: refuse,
  });
}

/** Chromium prefixes what it encrypts with `v11` if a keyring protects the key, and with `v10` if none does. */
function markAsSealedByKeyring(): void {
  const encrypt = safeStorage.encryptStringAsync.bind(safeStorage);
  const decrypt = safeStorage.decryptStringAsync.bind(safeStorage);
  const marked = (mark: string, sealed: Buffer) =>
    Buffer.concat([Buffer.from(mark), sealed.subarray(mark.length)]);
  Object.assign(safeStorage, {
    encryptStringAsync: async (text: string) => marked('v11', await encrypt(text)),
    decryptStringAsync: (sealed: Buffer) => {
      const isMarked = sealed.subarray(0, 3).toString() === 'v11';
      return decrypt(isMarked ? marked('v10', sealed) : sealed);
    },
  });
}

function itemsOf(menu: Electron.Menu | undefined): readonly Item[] {
  return (menu?.items ?? []).map((item) => {
    const { id, label, type, enabled, visible, checked, submenu } = item;
    const plain = { id, label, type, enabled, visible, checked };
    return submenu === undefined ? plain : { ...plain, submenu: itemsOf(submenu) };
  });
}

function itemAt(menu: Electron.Menu | undefined, path: readonly string[]): Electron.MenuItem {
  const [name, ...rest] = path;
  const item = menu?.items.find(({ id, label }) => id === name || label === name);
  if (item === undefined) throw new Error(`no menu item ${String(name)}`);
  return rest.length === 0 ? item : itemAt(item.submenu, rest);
}

function demandTray(): Tray {
  if (seen.tray === undefined) throw new Error('the app has no tray');
  return seen.tray;
}

/** The fixture's calls, by name; arguments and results are plain data. */
export const agent = {
  tray: () =>
    seen.tray === undefined ? null : { tooltip: seen.tooltip, menu: itemsOf(seen.menu) },
  clickTray: () => {
    const tray = demandTray();
    // As on Windows and Linux: the click takes the focus from the window before its event reaches the app.
    BrowserWindow.getFocusedWindow()?.blur();
    tray.emit('click', { altKey: false }, tray.getBounds(), { x: 0, y: 0 });
  },
  clickElsewhere: () => {
    BrowserWindow.getAllWindows()[0]?.emit('blur', {});
  },
  clickMenu: (path: readonly string[]) => {
    const item = itemAt(seen.menu, path);
    if (!item.enabled || !item.visible) {
      throw new Error(`the menu item ${path.join(' > ')} cannot be clicked`);
    }
    const click = item.click as (event: object, window: unknown) => void; // typed as any function
    click({}, BrowserWindow.getFocusedWindow());
  },
  notifications: () => seen.notifications.map(({ title, body }) => ({ title, body })),
  shownNotifications: () => [...seen.shown].map(({ title, body }) => ({ title, body })),
  clickNotification: (index: number) => {
    const notification = seen.notifications.at(index);
    if (notification === undefined) throw new Error(`there is no notification ${index}`);
    notification.emit('click', {});
  },
  copied: () => seen.copied,
  copiedFormats: () => seen.formats,
  sealed: () => seen.sealed,
  granted,
  clipboard: () => clipboard.readText(),
  setClipboard: (text: string) => clipboard.writeText(text),
  opened: () => seen.opened,
  login: () => seen.login.at(-1) ?? null,
  power: (event: 'suspend' | 'resume' | 'lock-screen' | 'unlock-screen' | 'shutdown') => {
    powerMonitor.emit(event, { preventDefault: () => undefined });
  },
  window: () => {
    const window = BrowserWindow.getAllWindows()[0];
    if (window === undefined) return null;
    const url = window.webContents.getURL();
    return { visible: window.isVisible(), bounds: window.getBounds(), url };
  },
};

Object.assign(globalThis, { testAgent: agent });
