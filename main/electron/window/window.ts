import { app, BrowserWindow, screen } from 'electron';
import { join } from 'node:path';
import { MINUTE } from '../../../common/time.ts';
import type { Clock } from '../../accounts/ports.ts';
import { PanelFocus } from '../../desktop/window/panel-focus.ts';
import { windowBounds } from '../../desktop/window/placement.ts';
import type { Rectangle } from '../../desktop/window/placement.ts';
import { WINDOW_PAGE } from '../../desktop/window/scheme.ts';
import type { View } from '../../desktop/tray/tray-menu.ts';
import { RateLimiter } from '../../util/rate-limiter.ts';
import type { RateLimit } from '../../util/rate-limiter.ts';
import { files } from '../paths.ts';

/** What the window asks of the rest. */
export type WindowParts = Readonly<{
  /** Null: there is no tray, and the window is an ordinary one. */
  trayBounds: (() => Rectangle) | null;
  /** Whether it must stay although the person clicked elsewhere: a sign-in waits. */
  staysOpen: () => boolean;
  /** The person closed an ordinary window. */
  closed: () => void;
  /** Windows is about to end everything, and asks nobody. */
  sessionEnds: () => void;
  /** The page's process ended, for a reason in Electron's words. */
  pageGone: (reason: string) => void;
  clock: Clock;
}>;

const SIZE = { width: 420, height: 640 };

/** How often a crashed page is reloaded on its own: one that keeps crashing must not keep the computer busy. */
const RELOADS: RateLimit = { burst: 3, refillMs: MINUTE };

/** What every window of ours is made with: no Node, a world of its own, a sandbox. */
export const SAFE_PREFERENCES = {
  nodeIntegration: false,
  contextIsolation: true,
  sandbox: true,
  webSecurity: true,
  spellcheck: false,
} as const;

/** The one window. Beside the tray icon it comes and goes; without a tray it is an ordinary window. */
export class MainWindow {
  readonly #parts: WindowParts;
  readonly #window: BrowserWindow;
  readonly #focus: PanelFocus;
  readonly #reloads: RateLimiter;
  /** What was asked for before the page was there to be shown. */
  #wish: Readonly<{ view: View | null }> | null = null;
  #page: 'loading' | 'there' | 'gone' = 'loading';
  #ending = false;

  constructor(parts: WindowParts) {
    this.#parts = parts;
    this.#focus = new PanelFocus(parts.clock);
    this.#reloads = new RateLimiter(parts.clock, RELOADS);
    const isPanel = parts.trayBounds !== null;
    this.#window = new BrowserWindow({
      ...SIZE,
      minWidth: 320,
      minHeight: 400,
      show: false,
      title: 'Keyfob',
      frame: !isPanel,
      skipTaskbar: isPanel,
      minimizable: !isPanel,
      maximizable: !isPanel,
      fullscreenable: false,
      autoHideMenuBar: true,
      icon: join(files.icons, 'window.png'),
      webPreferences: { ...SAFE_PREFERENCES, preload: files.preload },
    });
    // Where the person is, and above a window that fills the screen: the menu bar is there as well.
    if (isPanel && process.platform === 'darwin') {
      const options = { visibleOnFullScreen: true, skipTransformProcessType: true };
      this.#window.setVisibleOnAllWorkspaces(true, options);
    }
    this.#window.on('blur', () => {
      if (!isPanel || !this.isVisible) return;
      this.#focus.left();
      if (!parts.staysOpen()) this.#window.hide();
    });
    this.#window.on('session-end', parts.sessionEnds);
    this.#window.on('close', (event) => {
      if (this.#ending) return;
      event.preventDefault();
      if (isPanel) this.hide();
      else parts.closed();
    });
    this.#window.webContents.on('render-process-gone', (_event, { reason }) => {
      parts.pageGone(reason);
      // One that ends again and again is left alone until the person wants to see it.
      if (this.#reloads.tryAcquire()) this.#window.reload();
      else this.#page = 'gone';
    });
  }

  get contents(): Electron.WebContents {
    return this.#window.webContents;
  }

  get isVisible(): boolean {
    return this.#window.isVisible();
  }

  /** Loads the page, and shows what was asked for meanwhile. */
  async load(): Promise<void> {
    await this.#window.loadURL(WINDOW_PAGE);
    this.#page = 'there';
    if (this.#wish !== null) this.show(this.#wish.view);
  }

  /** Shows the window, at one of its views if one is named; as soon as its page is there. */
  show(view: View | null = null): void {
    if (this.#ending) return; // a second start or a notification may still ask for it
    if (this.#page === 'loading') {
      this.#wish = { view: view ?? this.#wish?.view ?? null };
      return;
    }
    if (this.#page === 'gone') {
      this.#page = 'there';
      this.#window.reload();
    }
    if (view !== null) {
      // It only rejects when a later one takes its place.
      this.#window.loadURL(`${WINDOW_PAGE}#${view}`).catch(() => undefined);
    }
    // What `hide` undid: it made the whole app step back.
    if (process.platform === 'darwin') app.show();
    if (this.#parts.trayBounds !== null && !this.isVisible)
      this.#position(this.#parts.trayBounds());
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
  }

  /** An ordinary window that starts with the computer waits in the task bar. */
  minimise(): void {
    this.#window.minimize();
  }

  hide(): void {
    if (this.#parts.trayBounds === null) {
      this.#window.minimize();
      return;
    }
    const hadFocus = this.#window.isFocused();
    this.#window.hide();
    // Else the keyboard would belong to nobody: on macOS an app stays in front without any window.
    if (hadFocus && process.platform === 'darwin') app.hide();
  }

  onTrayClick(): void {
    if (this.#focus.onTrayClick(this.#window.isFocused()) === 'hide') this.hide();
    else this.show();
  }

  end(): void {
    this.#ending = true;
    this.#window.destroy();
  }

  #position(tray: Rectangle): void {
    const pointer = screen.getCursorScreenPoint();
    const near = tray.width > 0 ? tray : pointer;
    const { workArea } = screen.getDisplayNearestPoint({ x: near.x, y: near.y });
    const [width = SIZE.width, height = SIZE.height] = this.#window.getSize();
    this.#window.setBounds(windowBounds({ width, height }, { tray, pointer, workArea }));
  }
}
