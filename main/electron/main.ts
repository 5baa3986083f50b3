import type { MenuItemConstructorOptions } from 'electron';
import { app, Menu } from 'electron';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { HIDDEN_FLAG } from '../desktop/autostart.ts';
import { Lifetime } from '../desktop/lifetime.ts';
import { lineLog } from '../shell/line-log.ts';
import { places } from '../shell/places.ts';
import { DoorWindow } from './door-window.ts';
import { logTo } from './log-file.ts';
import { runDesktop } from './run-desktop.ts';
import { declareScheme, serveScheme } from './scheme.ts';
import { refuseEverythingElse } from './session-rules.ts';

/** Without it macOS has neither copy and paste nor a way to quit. */
const MAC_MENU: MenuItemConstructorOptions[] = [
  { role: 'appMenu' },
  { role: 'editMenu' },
  { role: 'windowMenu' },
];

const where = places(process.env, process.platform, homedir(), process.getuid?.() ?? null);
const log = lineLog('warn', Date.now, logTo(where.log));

// Chromium's own files, and with them the lock that keeps us single, move with everything else.
const chromiumFolder = join(where.home, 'electron');
mkdirSync(chromiumFolder, { recursive: true, mode: 0o700 });
app.setPath('userData', chromiumFolder);
app.enableSandbox();
// Windows shows notifications only of programs that it knows by this name, which the installer gives as well.
if (process.platform === 'win32') app.setAppUserModelId('example.keyfob.Keyfob');
declareScheme();

if (app.requestSingleInstanceLock()) {
  run().catch((error: unknown) => {
    log.bug('the app could not start', error);
    app.exit(1);
  });
} else {
  app.quit(); // The one that runs shows its window.
}

async function run(): Promise<void> {
  const life = new Lifetime();
  const door = new DoorWindow();
  let show = (): void => void door.show();
  app.on('second-instance', () => show());
  app.on('activate', () => show());
  // No window means nothing: the tray is there, or the door has been answered.
  app.on('window-all-closed', () => undefined);
  await app.whenReady();
  Menu.setApplicationMenu(process.platform === 'darwin' ? Menu.buildFromTemplate(MAC_MENU) : null);
  life.add(refuseEverythingElse());
  life.add(serveScheme((request) => door.respond(request)));
  const isHidden = process.argv.includes(HIDDEN_FLAG);
  const desktop = await runDesktop({ where, log, door, isHidden });
  if (desktop === null) {
    app.quit();
    return;
  }
  show = desktop.show;
  endInOrder(async () => {
    await desktop.end();
    life.end();
  });
}

/** Quitting waits until what is under way is saved; asking again meanwhile changes nothing. */
function endInOrder(end: () => Promise<void>): void {
  let ended: 'no' | 'ending' | 'yes' = 'no';
  app.on('before-quit', (event) => {
    if (ended === 'yes') return;
    event.preventDefault();
    if (ended === 'ending') return;
    ended = 'ending';
    end()
      .catch((error: unknown) => log.bug('the app could not end in order', error))
      .finally(() => {
        ended = 'yes';
        app.quit();
      });
  });
}
