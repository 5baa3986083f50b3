import { chromium } from './running.ts';
import { sessionHooks } from './session.ts';
import type { WebContents } from './web-contents.ts';

/** Electron's names of permissions, with those of Chromium that they cover. */
const covered = {
  geolocation: ['geolocation'],
  notifications: ['notifications'],
  media: ['camera', 'microphone'],
  'clipboard-read': ['clipboard-read'],
  midi: ['midi'],
} as const;

/**
 * Lets the app's own handlers decide and Chromium enforce it: asked once for each document, ahead of time,
 * because Chromium cannot be made to ask later. Without handlers Electron grants, and so do we.
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
