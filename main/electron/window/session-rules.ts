import { app, session } from 'electron';
import { UNLOCK_ADDRESS } from '../../desktop/unlock/unlock-html.ts';
import { ORIGIN } from '../../desktop/window/scheme.ts';

/**
 * Leaves Chromium no host to connect to; what we ask of servers does not go through it. Preconnecting and relays
 * of WebRTC are held by no policy of a page and by no filter of requests. Has to come before the app is ready.
 */
export function cutOffNetwork(): void {
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
}

/**
 * What every page is refused: going elsewhere, opening windows, permissions, downloads,
 * any request but for its own files.
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
  // It would fetch dictionaries from elsewhere.
  defaultSession.setSpellCheckerEnabled(false);
  app.on('web-contents-created', guard);
  return () => {
    app.off('web-contents-created', guard);
    defaultSession.off('will-download', refuseDownload);
  };
}

function guard(_event: unknown, contents: Electron.WebContents): void {
  // Without a proxy that is all of UDP.
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
