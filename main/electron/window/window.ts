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

/** What the window needs from the rest of the app. */
export type WindowOptions = Readonly<{
  /** Null: there is no tray, so the window is an ordinary one. */
  trayBounds: (() => Rectangle) | null;
  /** Whether to stay open when it loses the focus, as a sign-in is under way. */
  staysOpen: () => boolean;
  /** Called when the person closes an ordinary window. */
  closed: () => void;
  /** Called when Windows ends the session, which can't be delayed. */
  sessionEnds: () => void;
  /** Called when the page's process ended, with Electron's reason. */
  pageGone: (reason: string) => void;
  clock: Clock;
}>;

const SIZE = { width: 420, height: 640 };

/** How often a crashed page is reloaded on its own: one that keeps crashing must not keep the computer busy. */
const RELOADS: RateLimit = { burst: 3, refillMs: MINUTE };

/** The preferences of every window: no Node, context isolation, a sandbox. */
export const SAFE_PREFERENCES = {
  nodeIntegration: false,
  contextIsolation: true,
  sandbox: true,
  webSecurity: true,
  spellcheck: false,
} as const;

/** The app's window. With a tray it is a panel that opens beside the icon; without one, an ordinary window. */
export class MainWindow {
  readonly #parts: WindowOptions;
  readonly #window: BrowserWindow;
  readonly #focus: PanelFocus;
  readonly #reloads: RateLimiter;
  /** The view to show once the page is loaded; null: none was asked for yet. */
  #pendingShow: Readonly<{ view: View | null }> | null = null;
  #page: 'loading' | 'there' | 'gone' = 'loading';
  #ending = false;

  constructor(parts: WindowOptions) {
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
    // On every space and above full-screen windows, as the menu bar is reachable there too.
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
      // A page that keeps crashing is reloaded when the person opens the window.
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

  /** Loads the page, then shows the view that was requested while it loaded. */
  async load(): Promise<void> {
    await this.#window.loadURL(WINDOW_PAGE);
    this.#page = 'there';
    if (this.#pendingShow !== null) this.show(this.#pendingShow.view);
  }

  /** Shows the window, at `view` if given, once its page is loaded. */
  show(view: View | null = null): void {
    if (this.#ending) return; // a second instance or a notification may still call this
    if (this.#page === 'loading') {
      this.#pendingShow = { view: view ?? this.#pendingShow?.view ?? null };
      return;
    }
    if (this.#page === 'gone') {
      this.#page = 'there';
      this.#window.reload();
    }
    if (view !== null) {
      // Rejects only when a later load replaces it.
      this.#window.loadURL(`${WINDOW_PAGE}#${view}`).catch(() => undefined);
    }
    // Undoes the `app.hide()` of {@link hide}.
    if (process.platform === 'darwin') app.show();
    if (this.#parts.trayBounds !== null && !this.isVisible)
      this.#position(this.#parts.trayBounds());
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
  }

  /** For an ordinary window at login: it waits in the taskbar. */
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
    // On macOS the app would stay active without a window, and no other app would get the keyboard.
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
