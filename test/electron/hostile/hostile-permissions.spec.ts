/// <reference lib="dom" />
import { expect, test } from '../flow/busy-day.ts';

// A compromised page: what it can request from the browser.

/** Every permission name that this browser or another version of it knows. */
const NAMES = [
  'accelerometer',
  'ambient-light-sensor',
  'background-fetch',
  'background-sync',
  'camera',
  'captured-surface-control',
  'clipboard-read',
  'clipboard-write',
  'display-capture',
  'fullscreen',
  'geolocation',
  'gyroscope',
  'hand-tracking',
  'idle-detection',
  'keyboard-lock',
  'local-fonts',
  'local-network',
  'local-network-access',
  'loopback-network',
  'magnetometer',
  'microphone',
  'midi',
  'nfc',
  'notifications',
  'payment-handler',
  'periodic-background-sync',
  'persistent-storage',
  'pointer-lock',
  'push',
  'screen-wake-lock',
  'smart-card',
  'speaker-selection',
  'storage-access',
  'system-wake-lock',
  'top-level-storage-access',
  'web-app-installation',
  'window-management',
];

test('every permission is denied when queried', async ({ page }) => {
  const states = await page.evaluate(
    (names) =>
      Promise.all(
        names.map(async (name) => {
          const more = {
            userVisibleOnly: true,
            allowWithoutGesture: true,
            requestedOrigin: origin,
          };
          const descriptor = { name: name as PermissionName, ...more };
          const state = await navigator.permissions.query(descriptor).then(
            (status) => status.state,
            () => 'unknown' as const, // to this version
          );
          return [name, state] as const;
        }),
      ),
    NAMES,
  );
  const known = states.filter(([, state]) => state !== 'unknown');
  const open = known.filter(([, state]) => state !== 'denied').map(([name]) => name);
  // A page in front always has storage access: Chromium doesn't ask the app.
  expect([open.filter((name) => name !== 'storage-access'), known.length > 20]).toEqual([[], true]);
});

test('every feature that needs a permission is refused', async ({ page }) => {
  const used = await page.evaluate(async () => {
    type Open = Record<string, (...args: readonly unknown[]) => Promise<unknown>>;
    const part = (name: string): Open => (navigator as unknown as Record<string, Open>)[name] ?? {};
    const own = window as unknown as Open;
    const any = { acceptAllDevices: true, filters: [] };
    const attempts: Readonly<Record<string, () => Promise<unknown>>> = {
      place: () => new Promise((yes, no) => navigator.geolocation.getCurrentPosition(yes, no)),
      camera: () => navigator.mediaDevices.getUserMedia({ video: true }),
      microphone: () => navigator.mediaDevices.getUserMedia({ audio: true }),
      midi: () => navigator.requestMIDIAccess({ sysex: true }),
      clipboard: () => navigator.clipboard.readText(),
      'clipboard, to write': () => navigator.clipboard.writeText('taken'),
      usb: () => part('usb').requestDevice!(any),
      hid: () => part('hid').requestDevice!(any),
      serial: () => part('serial').requestPort!(any),
      bluetooth: () => part('bluetooth').requestDevice!(any),
      'wake lock': () => navigator.wakeLock.request(),
      screens: () => own.getScreenDetails!(),
      files: () => own.showOpenFilePicker!(),
      colours: () => new (own.EyeDropper as unknown as new () => Open)().open!(),
    };
    // Without a device to choose from, one never settles and one returns an empty list.
    const late = () => new Promise<readonly []>((tell) => setTimeout(tell, 1_500, []));
    const given = await Promise.all(
      Object.entries(attempts).map(async ([name, run]) => {
        // A missing feature throws before it returns a promise.
        const end = Promise.resolve()
          .then(run)
          .catch((): readonly [] => []);
        const got = await Promise.race([end, late()]);
        return Array.isArray(got) && got.length === 0 ? [] : [name];
      }),
    );
    const notifications = await Notification.requestPermission();
    const persisted = await navigator.storage.persist();
    return { given: given.flat(), notifications, persisted };
  });
  expect(used).toEqual({ given: [], notifications: 'denied', persisted: false });
});
