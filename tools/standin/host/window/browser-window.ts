import type * as Electron from 'electron';
import { app } from '../app/app.ts';
import type { Cdp } from './chromium.ts';
import { desktop } from '../system/desktop.ts';
import { refuseFromNowOn } from '../app/destroyed.ts';
import { emitPreventable, PreventableEvent } from '../app/preventable.ts';
import { acceptQuietly } from '../app/quiet.ts';
import { demandReady, running } from '../app/running.ts';
import { isVisibleHost, showOnScreen } from './visible.ts';
import { WebContents } from './web-contents.ts';
import { checkWebPreferences } from './web-preferences.ts';
import type { WebPreferences } from './web-preferences.ts';
import { WindowFrame } from './window-frame.ts';
import type { FrameOptions } from './window-frame.ts';
import { focusedWindow, nextId, rememberFocus, windows } from './window-list.ts';

type Options = FrameOptions & Readonly<{ show?: boolean; webPreferences?: WebPreferences }>;

/** @see {@link https://www.electronjs.org/docs/latest/api/browser-window} */
export class BrowserWindow extends WindowFrame {
  readonly id = nextId();
  readonly webContents: WebContents;
  #visible = false;
  #minimized = false;
  #destroyed = false;

  constructor(options: Options = {}) {
    demandReady('Cannot create BrowserWindow');
    const preferences = options.webPreferences ?? {};
    checkWebPreferences(preferences);
    super(options);
    windows.set(this.id, this);
    const { preload, additionalArguments: args = [] } = preferences;
    this.webContents = new WebContents({ size: this.getBounds(), preload, args });
    this.webContents.once('did-finish-load', () =>
      this.emit('ready-to-show', new PreventableEvent()),
    );
    app.emit('web-contents-created', new PreventableEvent(), this.webContents);
    app.emit('browser-window-created', new PreventableEvent(), this);
    this._applyBounds();
    if (options.show !== false) this.show();
  }

  static getAllWindows(): BrowserWindow[] {
    return [...windows.values()];
  }

  static fromId(id: number): BrowserWindow | null {
    return windows.get(id) ?? null;
  }

  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return [...windows.values()].find((window) => window.webContents === contents) ?? null;
  }

  static getFocusedWindow(): BrowserWindow | null {
    return focusedWindow() ?? null;
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url);
  }

  loadFile(...args: Parameters<WebContents['loadFile']>): Promise<void> {
    return this.webContents.loadFile(...args);
  }

  reload(): void {
    this.webContents.reload();
  }

  show(): void {
    this.showInactive();
    this.focus();
  }

  showInactive(): void {
    if (this.#visible && !this.#minimized) return;
    this.#visible = true;
    this.#minimized = false;
    this.#applyVisibility();
    this.emit('show');
  }

  hide(): void {
    if (!this.#visible) return;
    this.#visible = false;
    this.#applyVisibility();
    this.blur();
    this.emit('hide');
  }

  minimize(): void {
    this.#minimized = true;
    this.#applyVisibility();
    this.blur();
    this.emit('minimize');
  }

  restore(): void {
    if (!this.#minimized) return;
    this.#minimized = false;
    this.#applyVisibility();
    this.emit('restore');
  }

  isVisible(): boolean {
    return this.#visible;
  }

  isMinimized(): boolean {
    return this.#minimized;
  }

  isMaximized(): boolean {
    return false;
  }

  isFullScreen(): boolean {
    return false;
  }

  focus(): void {
    if (this.isFocused()) return;
    focusedWindow()?.blur();
    rememberFocus(this.id);
    this.emit('focus', new PreventableEvent());
    app.emit('browser-window-focus', new PreventableEvent(), this);
  }

  blur(): void {
    if (!this.isFocused()) return;
    rememberFocus(undefined);
    this.emit('blur', new PreventableEvent());
    app.emit('browser-window-blur', new PreventableEvent(), this);
  }

  isFocused(): boolean {
    return focusedWindow() === this;
  }

  /** Closes the window unless a `close` listener prevents it. */
  close(): void {
    if (!this.#destroyed && emitPreventable(this, 'close')) this.destroy();
  }

  /**
   * Closes the window without emitting `close`. After the last one, the app quits unless it listens for
   * `window-all-closed`.
   */
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    if (this.isFocused()) rememberFocus(undefined);
    windows.delete(this.id);
    this.webContents._destroy();
    this.emit('closed');
    refuseFromNowOn(this);
    if (windows.size > 0 || running.quitting) return;
    if (!app.emit('window-all-closed')) app.quit();
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  /** Internal to the stand-in: applies the window's size to the page, or its bounds to the real window. */
  override _applyBounds(): void {
    this.webContents._withPage((cdp, { targetId }) =>
      isVisibleHost
        ? showOnScreen(targetId, this.#visible, this.getBounds())
        : this.#resizePage(cdp),
    );
  }

  #resizePage(cdp: Cdp): Promise<unknown> {
    const zoom = this.webContents.getZoomFactor();
    const bounds = this.getBounds();
    const width = Math.round(bounds.width / zoom);
    const height = Math.round(bounds.height / zoom);
    const metrics = { width, height, deviceScaleFactor: zoom, mobile: false };
    return cdp.send('Emulation.setDeviceMetricsOverride', metrics);
  }

  #applyVisibility(): void {
    if (isVisibleHost) this._applyBounds();
    desktop.changed();
  }
}

acceptQuietly(BrowserWindow.prototype, [
  'setMenu',
  'removeMenu',
  'setMenuBarVisibility',
  'setAutoHideMenuBar',
  'setIcon',
  'setSkipTaskbar',
  'setVisibleOnAllWorkspaces',
  'setMinimumSize',
  'setMaximumSize',
  'setMaximizable',
  'setMinimizable',
  'setFullScreenable',
  'setBackgroundColor',
  'setOpacity',
  'setHasShadow',
  'flashFrame',
  'moveTop',
] satisfies readonly (keyof Electron.BrowserWindow)[]);
