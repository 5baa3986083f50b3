import type * as Electron from 'electron';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OpenRequest } from '../../page/messages.ts';
import { BrowserWindow } from './browser-window.ts';
import type { Cdp } from './chromium.ts';
import { refuseFromNowOn } from '../app/destroyed.ts';
import type { WebFrameMain } from './frames.ts';
import { ipcMain } from './ipc-main.ts';
import { loadError } from './load-error.ts';
import { peerConnectionScript } from './page-scripts.ts';
import { PageTarget } from './page-target.ts';
import type { PageOptions } from './page-target.ts';
import { eventWith, PreventableEvent } from '../app/preventable.ts';
import { acceptQuietly } from '../app/quiet.ts';
import { debug, running } from '../app/running.ts';
import { fromWire, onSchemesChanged, toWire } from '../session/schemes.ts';
import { defaultSession, onWebRequestChanged } from '../session/session.ts';
import { strictEmitter } from '../app/strict-emitter.ts';
import { allContents, nextId, windows } from './window-list.ts';
import { nativeTheme } from '../system/native-theme.ts';

type OpenHandler = (details: object) => Readonly<{ action: 'allow' | 'deny' }>;
type LoadFileOptions = Readonly<{ query?: Record<string, string>; search?: string; hash?: string }>;

/** @see {@link https://www.electronjs.org/docs/latest/api/web-contents} */
export class WebContents extends strictEmitter('webContents') {
  readonly id = nextId();
  readonly session = defaultSession;
  readonly #page: PageTarget;
  #openHandler: OpenHandler | undefined;
  #destroyed = false;
  #zoomFactor = 1;

  constructor(options: PageOptions) {
    super();
    allContents.set(this.id, this);
    this.#page = new PageTarget(this, options, {
      sent: (frame, channel, args) => this.#sent(frame, channel, args),
      invoked: (frame, channel, args) => this.#invoked(frame, channel, args),
      opened: (request) => this._opened(request),
      preloadFailed: (error) => {
        this.emit('preload-error', new PreventableEvent(), options.preload, error);
      },
    });
  }

  static fromId(id: number): WebContents | undefined {
    return allContents.get(id);
  }

  static getAllWebContents(): WebContents[] {
    return [...allContents.values()];
  }

  static fromDevToolsTargetId(targetId: string): WebContents | undefined {
    return [...allContents.values()].find((contents) => contents.#page.targetId === targetId);
  }

  get mainFrame(): WebFrameMain {
    const { top } = this.#page.frames;
    if (top === undefined) throw new Error('electron stand-in: the page has no document yet');
    return top;
  }

  get zoomFactor(): number {
    return this.#zoomFactor;
  }

  set zoomFactor(factor: number) {
    this.setZoomFactor(factor);
  }

  /** Loads a document and waits for it. @throws Error with Electron's message (`ERR_... (-n) loading`) */
  async loadURL(url: string): Promise<void> {
    const cdp = await this.#page.attached;
    const wireUrl = new URL(toWire(url)).href;
    this.#page.requests?.expect(wireUrl);
    const loaded = this.#nextLoad();
    const { errorText, loaderId } = await cdp.send('Page.navigate', { url: wireUrl });
    if (errorText !== undefined) {
      const { code, description, error } = loadError(errorText, url);
      this.emit('did-fail-load', new PreventableEvent(), code, description, url, true, 1, 1);
      throw error;
    }
    if (loaderId !== undefined) await loaded;
  }

  /** @param path relative to the app's folder */
  loadFile(path: string, { query, search, hash }: LoadFileOptions = {}): Promise<void> {
    const url = pathToFileURL(resolve(running.folder, path));
    if (query !== undefined) url.search = new URLSearchParams(query).toString();
    if (search !== undefined) url.search = search;
    if (hash !== undefined) url.hash = hash;
    return this.loadURL(url.href);
  }

  /** Runs in the page's own world. @throws Error with what the code threw */
  async executeJavaScript(expression: string): Promise<unknown> {
    const cdp = await this.#page.attached;
    const options = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await cdp.send('Runtime.evaluate', options);
    if (exceptionDetails !== undefined) throw new Error(result.description);
    return result.value;
  }

  reload(): void {
    this.#page.whenAttached((cdp) => {
      this.#page.requests?.expect(toWire(this.getURL()));
      return cdp.send('Page.reload', {});
    });
  }

  /** Ends the page's process, as a crash would. */
  forcefullyCrashRenderer(): void {
    this.#page.whenAttached((cdp) => cdp.send('Page.crash'));
  }

  getURL(): string {
    return fromWire(this.#page.frames.top?.url ?? '');
  }

  send(channel: string, ...args: readonly unknown[]): void {
    if (this.#page.frames.top !== undefined) this.mainFrame.send(channel, ...args);
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  isFocused(): boolean {
    return this.#window()?.isFocused() ?? false;
  }

  getZoomFactor(): number {
    return this.#zoomFactor;
  }

  setZoomFactor(factor: number): void {
    if (!(factor > 0)) throw new Error("'zoomFactor' must be a double greater than 0.0");
    this.#zoomFactor = factor;
    this.#window()?._applyBounds();
  }

  getZoomLevel(): number {
    return Math.log(this.#zoomFactor) / Math.log(1.2);
  }

  setZoomLevel(level: number): void {
    this.setZoomFactor(1.2 ** level);
  }

  setVisualZoomLevelLimits(_minimum: number, _maximum: number): Promise<void> {
    return Promise.resolve();
  }

  setWebRTCIPHandlingPolicy(policy: string): void {
    const source = peerConnectionScript(policy);
    this._withPage((cdp) => cdp.send('Page.addScriptToEvaluateOnNewDocument', { source }));
  }

  isDevToolsOpened(): boolean {
    return false;
  }

  close(): void {
    this.#window()?.destroy();
  }

  /** Used only by the window: closes the page along with it. */
  _destroy(): void {
    this.#destroyed = true;
    allContents.delete(this.id);
    this.#page.close();
    this.emit('destroyed');
    refuseFromNowOn(this);
  }

  /** Internal to the stand-in: one of its frames, by Chromium's id. */
  _frame(id: string): WebFrameMain | undefined {
    return this.#page.frames.get(id);
  }

  /** Internal to the stand-in: runs an action on the page as soon as it exists. */
  _withPage(act: (cdp: Cdp, page: PageTarget) => Promise<unknown>): void {
    this.#page.whenAttached((cdp) => act(cdp, this.#page));
  }

  #window(): BrowserWindow | undefined {
    return [...windows.values()].find((window) => window.webContents === this);
  }

  #nextLoad(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.off('did-finish-load', done).off('destroyed', done);
        resolve();
      };
      this.on('did-finish-load', done).on('destroyed', done);
    });
  }

  #ipcEvent(senderFrame: WebFrameMain) {
    return eventWith({
      type: 'frame',
      sender: this,
      senderFrame,
      processId: senderFrame.processId,
      frameId: senderFrame.routingId,
      ports: [],
      reply: (channel: string, ...args: readonly unknown[]) => senderFrame.send(channel, ...args),
    });
  }

  #sent(frame: WebFrameMain, channel: string, args: readonly unknown[]): void {
    const event = this.#ipcEvent(frame);
    this.emit('ipc-message', event, channel, ...args);
    ipcMain.emit(channel, event, ...args);
  }

  #invoked(frame: WebFrameMain, channel: string, args: readonly unknown[]): unknown {
    return ipcMain._handle(channel, this.#ipcEvent(frame), args);
  }

  /**
   * Internal to the stand-in: handles a page's request for a new window. If the app allows it, a window opens
   * that has no preload, and its opener gets no handle to it.
   */
  _opened({ url, ...request }: OpenRequest): void {
    const details = { ...request, url: fromWire(url), referrer: { url: '', policy: 'default' } };
    const { action } = this.#openHandler?.(details) ?? { action: 'allow' };
    if (action === 'deny') return;
    const child = new BrowserWindow();
    this.emit('did-create-window', child, { ...details, options: {} });
    // The page that requested it is not notified of errors.
    child.loadURL(details.url).catch(debug);
  }
}

acceptQuietly(WebContents.prototype, [
  'focus',
  'openDevTools',
  'closeDevTools',
  'toggleDevTools',
  'setBackgroundThrottling',
] satisfies readonly (keyof Electron.WebContents)[]);

const refreshRequests = (): void => {
  for (const contents of allContents.values()) {
    contents._withPage((_, page) => page.requests?.enable() ?? Promise.resolve());
  }
};
onWebRequestChanged(refreshRequests);
onSchemesChanged(refreshRequests);

nativeTheme.on('updated', () => {
  for (const contents of allContents.values()) {
    contents._withPage((cdp, page) => page.applyColorScheme(cdp));
  }
});
