import { app, nativeTheme, shell } from 'electron';
import { homedir } from 'node:os';
import type { SettingsSnapshot } from '../../preload/contract.ts';
import { hasEnded } from '../../common/login-steps.ts';
import type { AppSnapshot } from '../../common/snapshots.ts';
import type { Log } from '../accounts/ports.ts';
import { planAutostart } from '../desktop/system/autostart.ts';
import type { Program } from '../desktop/system/autostart.ts';
import { Desktop } from '../desktop/desktop.ts';
import type { DesktopFacts } from '../desktop/desktop.ts';
import { keyStorageText } from '../desktop/unlock/keychain.ts';
import { AlertTracker } from '../desktop/system/notifications.ts';
import { perform } from '../desktop/tray/menu-actions.ts';
import { routes } from '../desktop/routes.ts';
import { readKept } from '../desktop/settings.ts';
import type { View } from '../desktop/tray/tray-menu.ts';
import { awaitTrayHost, hasTrayHost } from '../desktop/tray/tray-host.ts';
import { UnlockFlow } from '../desktop/unlock/unlock-flow.ts';
import { InspectorLog } from '../desktop/inspector.ts';
import type { HttpExchange } from '../protocol/http/http-log.ts';
import type { HostPaths } from '../host/paths.ts';
import { startAgent } from '../host/start.ts';
import type { RunningAgent } from '../host/start.ts';
import type { SystemClock } from '../host/system-clock.ts';
import { version } from '../host/version.ts';
import { withTimeout } from '../util/async.ts';
import { DisposableStore } from '../util/disposables.ts';
import { applyAutostart, syncAutostart } from './system/autostart.ts';
import { systemClipboard } from './system/clipboard.ts';
import type { UnlockWindow } from './unlock/unlock-window.ts';
import { serveRequests } from './window/ipc.ts';
import { keychain } from './unlock/keychain.ts';
import { Notifications } from './system/notifications.ts';
import { watchPower } from './system/power.ts';
import { runProgram } from './system/run-program.ts';
import { settingsFile } from './system/settings-file.ts';
import { TrayIcon } from './tray/tray.ts';
import { MainWindow } from './window/window.ts';

/** The clipboard may never answer: then quitting goes on without it. */
const CLIPBOARD_LIMIT_MS = 2_000;

/** What the desktop is run with. */
export type DesktopSetup = Readonly<{
  where: HostPaths;
  log: Log;
  unlockWindow: UnlockWindow;
  clock: SystemClock;
  /** Started with the computer: no window comes up by itself. */
  isHidden: boolean;
}>;

/** The desktop app as it runs. */
export type RunningDesktop = Readonly<{ show: () => void; end: () => Promise<void> }>;

/** Opens the vault, with the person's help where it takes that, and shows the app. Null: the person gave up. */
export async function runDesktop(setup: DesktopSetup): Promise<RunningDesktop | null> {
  const { where, log, unlockWindow, clock, isHidden } = setup;
  const exchanges = new InspectorLog();
  const settings = settingsFile(where.settings);
  let desktop: Desktop | null = null;
  const entry = new UnlockFlow({
    keychain,
    ask: (page) => unlockWindow.ask(page),
    platform: process.platform,
    now: Date.now,
    timer: clock,
  });
  const record = (exchange: HttpExchange): void => exchanges.add(exchange);
  const newPolicy = () =>
    (desktop?.settings ?? readKept(settings.read()).settings).keepFresh
      ? ('keep-fresh' as const)
      : ('on-demand' as const);
  const agent = await entry.enter(() =>
    startAgent({ paths: where, unlock: entry.unlock, log, record, newPolicy }),
  );
  if (agent === null) {
    unlockWindow.end();
    return null;
  }
  const disposables = new DisposableStore();
  let window: MainWindow | null = null;
  const ports = {
    clock,
    clipboard: systemClipboard,
    settings,
    openExternal: (url: string) => shell.openExternal(url),
    autostart: (wanted: SettingsSnapshot) => applyAutostart(planAutostart(wanted, program())),
    applySettings: ({ theme }: SettingsSnapshot) => {
      nativeTheme.themeSource = theme;
    },
    showWindow: (view: View) => window?.show(view),
    hideWindow: () => window?.hide(),
    quit: () => app.quit(),
  };
  const known = await facts(agent, isHidden ? clock : null);
  const first = await agent.engine.snapshot();
  desktop = new Desktop(agent.engine, first, exchanges, ports, known);
  desktop.followAutostart(await syncAutostart(planAutostart({ startAtLogin: true }, program())));
  const shown = drawDesktop(desktop, disposables, setup);
  window = shown;
  followSystem(desktop, agent, shown, disposables, clock);
  await shown.load();
  unlockWindow.end();
  const { settings: wanted, shell: around } = desktop.snapshot();
  if (!isHidden && !(wanted.startHidden && around.tray)) shown.show();
  else if (!around.tray) shown.minimise();
  return {
    show: () => shown.show(),
    end: () => endDesktop(desktop, agent, disposables, clock),
  };
}

/** Draws tray, window and notifications from now on, after every change. */
function drawDesktop(
  desktop: Desktop,
  disposables: DisposableStore,
  { clock, log }: DesktopSetup,
): MainWindow {
  const { shell: around, app: first, settings } = desktop.snapshot();
  desktop.ports.applySettings(settings);
  const tray = around.tray
    ? new TrayIcon(first, {
        click: () => window.onTrayClick(),
        perform: (action) => {
          perform(desktop, action).catch((error: unknown) => log.bug('a menu entry failed', error));
        },
      })
    : null;
  const window = new MainWindow({
    trayBounds: tray === null ? null : () => tray.bounds,
    staysOpen: () => hasLoginWaiting(desktop.snapshot().app),
    closed: () => app.quit(),
    sessionEnds: () => app.quit(),
    pageGone: (reason) => log.warn("the page's process ended", { reason }),
    clock,
  });
  disposables.add(() => window.end());
  if (tray !== null) disposables.add(() => tray.end());
  const notifications = new Notifications((view) => window.show(view));
  disposables.add(() => notifications.end());
  const alerts = new AlertTracker(first);
  disposables.add(serveRequests(routes(desktop), window.contents));
  disposables.add(
    desktop.subscribe((snapshot) => {
      window.contents.send('app:changed', snapshot);
      tray?.draw(snapshot.app);
      notifications.apply(alerts.next(snapshot.app, snapshot.settings.notifications));
    }),
  );
  disposables.add(
    desktop.exchanges.subscribe((added) => window.contents.send('exchange:added', added)),
  );
  return window;
}

/** Sleep, waking, the screen lock and the network, as the engine and the clipboard need to know of them. */
function followSystem(
  desktop: Desktop,
  { engine }: RunningAgent,
  window: MainWindow,
  disposables: DisposableStore,
  clock: SystemClock,
): void {
  const acts = {
    suspend: () => {
      engine.suspend();
      // Linux does not tell of the screen lock, and mostly locks when it sleeps.
      void desktop.clearClipboard(); // never rejects
    },
    wake: () => engine.wake(),
    lock: () => {
      void desktop.clearClipboard(); // never rejects
      window.hide();
    },
    shutdown: () => app.quit(),
    networkBack: () => engine.networkBack(),
  };
  disposables.add(watchPower(acts, clock));
}

async function endDesktop(
  desktop: Desktop,
  agent: RunningAgent,
  disposables: DisposableStore,
  clock: SystemClock,
): Promise<void> {
  await withTimeout(desktop.endClipboard(), CLIPBOARD_LIMIT_MS, clock, () => undefined);
  disposables.dispose();
  await agent.stop();
}

/** @param patience set when the computer has only just started: its tray may come later */
async function facts(
  { protection, socket }: RunningAgent,
  patience: SystemClock | null,
): Promise<DesktopFacts> {
  const { env, platform } = process;
  const host = { platform, env, run: runProgram };
  return {
    version,
    platform: platform === 'darwin' ? 'macos' : platform === 'win32' ? 'windows' : 'linux',
    keyStorage: keyStorageText(protection, keychain.backend, platform),
    tray: await (patience === null ? hasTrayHost(host) : awaitTrayHost(host, patience)),
    canStartAtLogin: planAutostart({ startAtLogin: true }, program()).kind !== 'impossible',
    socket,
  };
}

function program(): Program {
  const { env, execPath, platform } = process;
  const appPath = app.isPackaged ? null : app.getAppPath();
  return { platform, execPath, appPath, env, home: homedir() };
}

function hasLoginWaiting({ logins }: AppSnapshot): boolean {
  return logins.some(({ state }) => !hasEnded(state));
}
