import { app, session } from 'electron';
import { UNLOCK_ADDRESS } from '../../desktop/unlock/unlock-html.ts';
import { ORIGIN } from '../../desktop/window/scheme.ts';

/**
 * Makes every host name unresolvable for Chromium; requests to servers don't go through it. Needed as neither a content security
 * policy nor a request filter covers preconnects and WebRTC relays. Must be called before the app is ready.
 */
export function cutOffNetwork(): void {
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
}

/**
 * Denies every page navigation, new windows, permissions, downloads, and all requests except for the
 * app's own files. Returns the undo.
 */
export function refuseEverythingElse(): () => void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.setDevicePermissionHandler(() => false);
  defaultSession.webRequest.onBeforeRequest((details, decide) =>
    decide({ cancel: !mayLoad(details.url) }),
  );
  const refuseDownload = (event: Electron.Event): void => event.preventDefault();
  defaultSession.on('will-download', refuseDownload);
  // It would download dictionaries.
  defaultSession.setSpellCheckerEnabled(false);
  app.on('web-contents-created', guard);
  return () => {
    app.off('web-contents-created', guard);
    defaultSession.off('will-download', refuseDownload);
  };
}

function guard(_event: unknown, contents: Electron.WebContents): void {
  // Without a proxy this blocks all UDP.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => {
    // The unlock page's form leads back to that page; the window's own page navigates nowhere.
    const isUnlockForm = event.url === UNLOCK_ADDRESS && contents.getURL() === UNLOCK_ADDRESS;
    if (!isUnlockForm) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

function mayLoad(url: string): boolean {
  if (url.startsWith(`${ORIGIN}/`) || url.startsWith('data:image/')) return true;
  return !app.isPackaged && url.startsWith('devtools://');
}
