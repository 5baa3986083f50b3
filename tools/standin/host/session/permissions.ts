import type * as Electron from 'electron';
import { chromium } from '../app/running.ts';
import { sessionHooks } from './session.ts';
import type { WebContents } from '../window/web-contents.ts';

/** Electron's name of a permission. */
type Name = Parameters<
  NonNullable<Parameters<Electron.Session['setPermissionRequestHandler']>[0]>
>[1];

/** Electron's names of permissions, with the Chromium permissions that they cover. */
const covered = {
  geolocation: ['geolocation'],
  notifications: ['notifications'],
  media: ['camera', 'microphone'],
  'clipboard-read': ['clipboard-read'],
  'clipboard-sanitized-write': ['clipboard-write'],
  midi: ['midi'],
  sensors: ['accelerometer', 'gyroscope', 'magnetometer'],
  'background-fetch': ['background-fetch'],
  'background-sync': ['background-sync'],
  'captured-surface-control': ['captured-surface-control'],
  'display-capture': ['display-capture'],
  'idle-detection': ['idle-detection'],
  keyboardLock: ['keyboard-lock'],
  'local-fonts': ['local-fonts'],
  'local-network': ['local-network'],
  'local-network-access': ['local-network-access'],
  'loopback-network': ['loopback-network'],
  'payment-handler': ['payment-handler'],
  'periodic-background-sync': ['periodic-background-sync'],
  'persistent-storage': ['persistent-storage'],
  pointerLock: ['pointer-lock'],
  'screen-wake-lock': ['screen-wake-lock'],
  'storage-access': ['storage-access'],
  'top-level-storage-access': ['top-level-storage-access'],
  'window-management': ['window-management'],
} as const satisfies Partial<Record<Name, readonly string[]>>;

/**
 * Lets the app's own handlers decide, and Chromium enforce it. The handlers are called once per document, ahead
 * of time, because Chromium can't defer the decision. Without handlers, everything is granted, as in Electron.
 */
export async function applyPermissions(contents: WebContents, url: string): Promise<void> {
  for (const [permission, names] of Object.entries(covered)) {
    const granted = await ask(contents, permission, url);
    const setting = granted ? 'granted' : 'denied';
    for (const name of names) {
      await chromium().session().send('Browser.setPermission', { permission: { name }, setting });
    }
  }
}

async function ask(contents: WebContents, permission: string, url: string): Promise<boolean> {
  const { permissionRequest: request, permissionCheck: check } = sessionHooks;
  const details = { requestingUrl: url, isMainFrame: true };
  const granted =
    request === null ||
    (await new Promise<boolean>((resolve) => {
      request(contents, permission, resolve, details);
    }));
  return granted && (check === null || check(contents, permission, new URL(url).origin, details));
}
