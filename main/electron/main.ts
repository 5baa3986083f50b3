import { app, dialog, Menu } from 'electron';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { appMenu } from '../desktop/window/app-menu.ts';
import { HIDDEN_FLAG } from '../desktop/system/autostart.ts';
import { Shutdown } from '../desktop/shutdown.ts';
import { lineLog } from '../host/logger.ts';
import { hostPaths } from '../host/paths.ts';
import { SystemClock } from '../host/system-clock.ts';
import { DisposableStore } from '../util/disposables.ts';
import { wasStartedAtLogin } from './system/autostart.ts';
import { UnlockWindow } from './unlock/unlock-window.ts';
import { logTo } from './system/log-file.ts';
import { runDesktop } from './run.ts';
import { declareScheme, serveScheme } from './window/scheme.ts';
import { cutOffNetwork, refuseEverythingElse } from './window/session-rules.ts';

const where = hostPaths(process.env, process.platform, homedir(), process.getuid?.() ?? null);
const log = lineLog('warn', Date.now, logTo(where.log));

try {
  // Chromium's own files, and with them the lock that keeps us single, move with everything else.
  const chromiumFolder = join(where.home, 'electron');
  mkdirSync(chromiumFolder, { recursive: true, mode: 0o700 });
  app.setPath('userData', chromiumFolder);
} catch (error) {
  cannotStart(error);
}
app.enableSandbox();
// Windows shows notifications only of programs that it knows by this name, which the installer gives as well.
if (process.platform === 'win32') app.setAppUserModelId('example.keyfob.Keyfob');
declareScheme();
cutOffNetwork();

if (app.requestSingleInstanceLock()) {
  run().catch(cannotStart);
} else {
  app.quit(); // The one that runs shows its window.
}

/** Nobody sees the log of an app that is not there. */
function cannotStart(error: unknown): void {
  log.bug('the app could not start', error);
  dialog.showErrorBox("Keyfob couldn't start", error instanceof Error ? error.message : '');
  app.exit(1);
}

async function run(): Promise<void> {
  const disposables = new DisposableStore();
  const unlockWindow = new UnlockWindow();
  const start = { isAskedFor: false }; // by a second start, before the window could be shown
  let show = (): void => void unlockWindow.show();
  app.on('second-instance', (_event, argv) => {
    // The computer started us twice: for its own list, and for the session that it restores.
    if (argv.includes(HIDDEN_FLAG)) return;
    start.isAskedFor = true;
    show();
  });
  app.on('activate', () => show());
  // No window means nothing: the tray is there, or the unlock page has been answered.
  app.on('window-all-closed', () => undefined);
  await app.whenReady();
  // It lives in the menu bar. The package says so as well, so that no icon jumps before this line.
  if (process.platform === 'darwin') app.setActivationPolicy('accessory');
  Menu.setApplicationMenu(Menu.buildFromTemplate(appMenu(process.platform)));
  disposables.add(refuseEverythingElse());
  disposables.add(serveScheme((request) => unlockWindow.respond(request)));
  const clock = new SystemClock();
  const starting = runDesktop({ where, log, unlockWindow, clock, isHidden: wasStartedAtLogin() });
  const end = async (): Promise<void> => {
    unlockWindow.end();
    await (await starting)?.end();
    disposables.dispose();
  };
  // From here on, as a quit may come while we start: it is carried out once there is something to end.
  const ending = new Shutdown({ end, quit: () => app.quit(), clock, log });
  app.on('before-quit', (event) => {
    if (!ending.mayQuit()) event.preventDefault();
  });
  const desktop = await starting;
  if (desktop === null) {
    app.quit();
    return;
  }
  show = desktop.show;
  if (start.isAskedFor) show();
}
