import { app, BrowserWindow, session } from 'electron';
import { before } from './before.ts';

type RequestHandler = NonNullable<Parameters<Electron.Session['setPermissionRequestHandler']>[0]>;
type CheckHandler = NonNullable<Parameters<Electron.Session['setPermissionCheckHandler']>[0]>;
type DeviceHandler = NonNullable<Parameters<Electron.Session['setDevicePermissionHandler']>[0]>;
type Permission = Parameters<CheckHandler>[1];

/** Every permission by its name in electron.d.ts; a new one there doesn't compile until it is added here. */
const PERMISSIONS: Readonly<Record<Permission, true>> = {
  ar: true,
  'automatic-fullscreen': true,
  'background-fetch': true,
  'background-sync': true,
  'captured-surface-control': true,
  'clipboard-read': true,
  'clipboard-sanitized-write': true,
  'deprecated-sync-clipboard-read': true,
  'display-capture': true,
  fileSystem: true,
  fullscreen: true,
  geolocation: true,
  'geolocation-approximate': true,
  'hand-tracking': true,
  hid: true,
  'idle-detection': true,
  keyboardLock: true,
  'local-fonts': true,
  'local-network': true,
  'local-network-access': true,
  'loopback-network': true,
  media: true,
  mediaKeySystem: true,
  midi: true,
  midiSysex: true,
  nfc: true,
  notifications: true,
  openExternal: true,
  'payment-handler': true,
  'periodic-background-sync': true,
  'persistent-storage': true,
  pointerLock: true,
  'screen-wake-lock': true,
  sensors: true,
  serial: true,
  'smart-card': true,
  'speaker-selection': true,
  'storage-access': true,
  'system-wake-lock': true,
  'top-level-storage-access': true,
  usb: true,
  vr: true,
  'web-app-installation': true,
  'web-printing': true,
  'window-management': true,
  unknown: true,
};

const DEVICES = ['hid', 'serial', 'usb'] as const;

const handlers = {
  request: null as RequestHandler | null, // the literals alone would say null for good
  check: null as CheckHandler | null,
  device: null as DeviceHandler | null,
};

/** Records the handlers that the app sets. Must be called before the app waits for `ready`. */
export function watchPermissions(): void {
  void app.whenReady().then(() => {
    const { defaultSession } = session;
    before(defaultSession, 'setPermissionRequestHandler', (_, handler) => {
      handlers.request = handler as RequestHandler | null; // by its type in electron.d.ts, as the two below
    });
    before(defaultSession, 'setPermissionCheckHandler', (_, handler) => {
      handlers.check = handler as CheckHandler | null;
    });
    before(defaultSession, 'setDevicePermissionHandler', (_, handler) => {
      handlers.device = handler as DeviceHandler | null;
    });
  });
}

/** What the first window's page is granted. A handler that was never set counts as granting. */
export function granted(): string[] {
  const contents = BrowserWindow.getAllWindows()[0]?.webContents;
  if (contents === undefined) throw new Error('the app has no window');
  const names = Object.keys(PERMISSIONS) as Permission[]; // exactly those, by its type
  return [
    ...names.filter((name) => isGranted(contents, name)).map((name) => `request ${name}`),
    ...names.filter((name) => isAllowed(contents, name)).map((name) => `check ${name}`),
    ...DEVICES.filter((deviceType) => isOpen(contents, deviceType)).map((name) => `use ${name}`),
  ];
}

function isGranted(contents: Electron.WebContents, permission: Permission): boolean {
  let answer = handlers.request === null;
  const decide = (isYes: boolean): void => {
    answer = isYes;
  };
  const details = { isMainFrame: true, requestingUrl: contents.getURL() };
  handlers.request?.(contents, permission, decide, details);
  return answer;
}

function isAllowed(contents: Electron.WebContents, permission: Permission): boolean {
  const { origin } = new URL(contents.getURL());
  const details = { isMainFrame: true, requestingUrl: contents.getURL() };
  return handlers.check?.(contents, permission, origin, details) ?? true;
}

function isOpen(contents: Electron.WebContents, deviceType: (typeof DEVICES)[number]): boolean {
  const { origin } = new URL(contents.getURL());
  const device = { deviceId: '1', name: 'Any', productId: 1, vendorId: 1, guid: '1' };
  return handlers.device?.({ deviceType, origin, device } as never) ?? true; // of no particular kind
}
