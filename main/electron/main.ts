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
  // Chromium's files, and with them the single-instance lock, belong in Keyfob's own folder.
  const chromiumFolder = join(where.home, 'electron');
  mkdirSync(chromiumFolder, { recursive: true, mode: 0o700 });
  app.setPath('userData', chromiumFolder);
} catch (error) {
  cannotStart(error);
}
app.enableSandbox();
// Windows shows notifications only from programs with a registered app id; the installer sets the same one.
if (process.platform === 'win32') app.setAppUserModelId('example.keyfob.Keyfob');
declareScheme();
cutOffNetwork();

if (app.requestSingleInstanceLock()) {
  run().catch(cannotStart);
} else {
  app.quit(); // The running instance shows its window.
}

/** A dialog, because users don't look for a log when an app doesn't start. */
function cannotStart(error: unknown): void {
  log.bug('the app could not start', error);
  dialog.showErrorBox("Keyfob couldn't start", error instanceof Error ? error.message : '');
  app.exit(1);
}

async function run(): Promise<void> {
  const disposables = new DisposableStore();
  const unlockWindow = new UnlockWindow();
  const start = { isAskedFor: false }; // by a second instance, before the window could be shown
  let show = (): void => void unlockWindow.show();
  app.on('second-instance', (_event, argv) => {
    // The desktop may start the app twice at login: from autostart and when it restores a session.
    if (argv.includes(HIDDEN_FLAG)) return;
    start.isAskedFor = true;
    show();
  });
  app.on('activate', () => show());
  // The app keeps running without a window: in the tray, or after the unlock page was answered.
  app.on('window-all-closed', () => undefined);
  await app.whenReady();
  // A menu bar app. The package sets the same (LSUIElement), so that no Dock icon shows before this line.
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
  // Registered before startup is done: a quit during startup is carried out once there is something to end.
  const shutdown = new Shutdown({ end, quit: () => app.quit(), clock, log });
  app.on('before-quit', (event) => {
    if (!shutdown.mayQuit()) event.preventDefault();
  });
  const desktop = await starting;
  if (desktop === null) {
    app.quit();
    return;
  }
  show = desktop.show;
  if (start.isAskedFor) show();
}
