import { app, nativeTheme, shell } from 'electron';
import { homedir } from 'node:os';
import { hasEnded } from '../../common/login-steps.ts';
import type { AppSnapshot } from '../../common/snapshots.ts';
import type { Log } from '../accounts/ports.ts';
import { planAutostart } from '../desktop/system/autostart.ts';
import type { Program } from '../desktop/system/autostart.ts';
import { Desktop } from '../desktop/desktop.ts';
import type { DesktopFacts, DesktopPorts } from '../desktop/desktop.ts';
import { keyStorageText } from '../desktop/unlock/keychain.ts';
import { AlertTracker } from '../desktop/system/notifications.ts';
import { performAction } from '../desktop/tray/menu-actions.ts';
import { routes } from '../desktop/routes.ts';
import { readStoredSettings } from '../desktop/settings.ts';
import type { SettingsStore } from '../desktop/settings.ts';
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

/** How long quitting waits for the clipboard, which may never answer. */
const CLIPBOARD_LIMIT_MS = 2_000;

/** What the desktop app needs to run. */
export type DesktopSetup = Readonly<{
  where: HostPaths;
  log: Log;
  unlockWindow: UnlockWindow;
  clock: SystemClock;
  /** Started at login, so no window opens until one is asked for. */
  isHidden: boolean;
}>;

/** The running desktop app. */
export type RunningDesktop = Readonly<{ show: () => void; end: () => Promise<void> }>;

/** Opens the vault, asking the person where needed, and shows the app. Null: the person gave up. */
export async function runDesktop(setup: DesktopSetup): Promise<RunningDesktop | null> {
  const { where, log, unlockWindow, clock, isHidden } = setup;
  const exchanges = new InspectorLog();
  const settings = settingsFile(where.settings);
  let desktop: Desktop | null = null;
  const record = (exchange: HttpExchange): void => exchanges.add(exchange);
  const newPolicy = () =>
    (desktop?.settings ?? readStoredSettings(settings.read()).settings).keepFresh
      ? ('keep-fresh' as const)
      : ('on-demand' as const);
  const unlockFlow = unlockFlowOf(setup);
  const agent = await unlockFlow.openVault(() =>
    startAgent({ paths: where, unlock: unlockFlow.unlock, log, record, newPolicy }),
  );
  if (agent === null) {
    unlockWindow.end();
    return null;
  }
  const disposables = new DisposableStore();
  let window: MainWindow | null = null;
  const ports = desktopPorts(clock, settings, () => window);
  const known = await facts(agent, isHidden ? clock : null);
  const first = await agent.engine.snapshot();
  desktop = new Desktop(agent.engine, first, exchanges, ports, known);
  desktop.setStartAtLogin(await syncAutostart(planAutostart({ startAtLogin: true }, program())));
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

function unlockFlowOf({ unlockWindow, clock }: DesktopSetup): UnlockFlow {
  return new UnlockFlow({
    keychain,
    ask: (page) => unlockWindow.ask(page),
    platform: process.platform,
    now: Date.now,
    timer: clock,
  });
}

/** @param window the window once it exists */
function desktopPorts(
  clock: SystemClock,
  settings: SettingsStore,
  window: () => MainWindow | null,
): DesktopPorts {
  return {
    clock,
    clipboard: systemClipboard,
    settings,
    openExternal: (url) => shell.openExternal(url),
    autostart: (wanted) => applyAutostart(planAutostart(wanted, program())),
    applySettings: ({ theme }) => {
      nativeTheme.themeSource = theme;
    },
    showWindow: (view) => window()?.show(view),
    hideWindow: () => window()?.hide(),
    quit: () => app.quit(),
  };
}

/** Creates the tray icon, the window and notifications, and updates them after every change. */
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
          performAction(desktop, action).catch((error: unknown) =>
            log.bug('a menu entry failed', error),
          );
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

/** Passes sleep, wake, screen lock, shutdown and network events on to the engine and the clipboard. */
function followSystem(
  desktop: Desktop,
  { engine }: RunningAgent,
  window: MainWindow,
  disposables: DisposableStore,
  clock: SystemClock,
): void {
  const handlers = {
    suspend: () => {
      engine.suspend();
      // Linux sends no event for the screen lock, and usually locks on sleep.
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
  disposables.add(watchPower(handlers, clock));
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

/** @param patience a clock to wait with for a tray that may appear late, as the computer has just started; null: don't wait */
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
