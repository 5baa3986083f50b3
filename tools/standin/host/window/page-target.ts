import { pack } from '../../codec/pack.ts';
import { unpack } from '../../codec/unpack.ts';
import { bindingName, receiverName } from '../../page/messages.ts';
import type { FromPage, OpenRequest, ToPage } from '../../page/messages.ts';
import type { Cdp } from './chromium.ts';
import { FrameTree, isolatedWorldName } from './frames.ts';
import type { WebFrameMain } from './frames.ts';
import { nativeTheme } from '../system/native-theme.ts';
import { isolatedWorldScript, mainWorldScript } from './page-scripts.ts';
import { PreventableEvent } from '../app/preventable.ts';
import { Requests } from '../session/requests.ts';
import { chromium, debug, running } from '../app/running.ts';
import { fromWire } from '../session/schemes.ts';
import type { WebContents } from './web-contents.ts';

/** The options of a page, needed before it opens. */
export type PageOptions = Readonly<{
  size: Readonly<{ width: number; height: number }>;
  preload: string | undefined;
  args: readonly string[];
}>;

/** Handlers for the page's messages. */
export type PageListener = Readonly<{
  sent(frame: WebFrameMain, channel: string, args: readonly unknown[]): void;
  invoked(frame: WebFrameMain, channel: string, args: readonly unknown[]): unknown;
  opened(request: OpenRequest): void;
  preloadFailed(error: Error): void;
}>;

/** The Chromium page behind a `webContents`. */
export class PageTarget {
  readonly frames = new FrameTree((frameId, channel, args) => this.#send(frameId, channel, args));
  /** Resolves with the page's DevTools session when the page exists. */
  readonly attached: Promise<Cdp>;
  targetId: string | undefined;
  requests: Requests | undefined;
  #cdp: Cdp | undefined;
  readonly #contents: WebContents;
  readonly #options: PageOptions;
  readonly #listener: PageListener;

  constructor(contents: WebContents, options: PageOptions, listener: PageListener) {
    this.#contents = contents;
    this.#options = options;
    this.#listener = listener;
    this.attached = this.#attach();
    // Loading a page reports this error; a window that never loads anything can ignore it.
    this.attached.catch(debug);
  }

  /** Runs an action on the page as soon as it exists; ignored if the page is already gone. */
  whenAttached(act: (cdp: Cdp) => Promise<unknown>): void {
    this.attached.then(act).catch(debug);
  }

  close(): void {
    const { targetId } = this;
    if (targetId === undefined) return;
    chromium().session().send('Target.closeTarget', { targetId }).catch(debug);
  }

  applyColorScheme(cdp: Cdp): Promise<unknown> {
    const value = nativeTheme.shouldUseDarkColors ? 'dark' : 'light';
    const features = [{ name: 'prefers-color-scheme', value }];
    return cdp.send('Emulation.setEmulatedMedia', { features });
  }

  async #attach(): Promise<Cdp> {
    const browser = chromium().session();
    const { width, height } = this.#options.size;
    const wanted = { url: 'about:blank', newWindow: true, width, height };
    const { targetId } = await browser.send('Target.createTarget', wanted);
    this.targetId = targetId;
    const attach = { targetId, flatten: true };
    const { sessionId } = await browser.send('Target.attachToTarget', attach);
    const cdp = chromium().session(sessionId);
    this.#cdp = cdp;
    this.requests = new Requests(cdp, this.#contents, this.frames);
    this.frames.watch(cdp);
    this.#watch(cdp);
    await Promise.all([...this.#prepare(cdp), this.requests.enable(), this.applyColorScheme(cdp)]);
    return cdp;
  }

  /** Order matters: the page's own world must be listening before the isolated world sends. */
  #prepare(cdp: Cdp): readonly Promise<unknown>[] {
    const { preload, args } = this.#options;
    return [
      cdp.send('Page.enable'),
      cdp.send('Runtime.enable'),
      cdp.send('Runtime.addBinding', {
        name: bindingName,
        executionContextName: isolatedWorldName,
      }),
      cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: mainWorldScript() }),
      cdp.send('Page.addScriptToEvaluateOnNewDocument', {
        source: isolatedWorldScript(preload, args),
        worldName: isolatedWorldName,
      }),
    ];
  }

  #watch(cdp: Cdp): void {
    const emit = (name: string, ...args: readonly unknown[]): void =>
      void this.#contents.emit(name, new PreventableEvent(), ...args);
    cdp.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      // Sent by the isolated world, see page/messages.ts
      if (name === bindingName) this.#receive(executionContextId, JSON.parse(payload) as FromPage);
    });
    cdp.on('Page.frameNavigated', ({ frame }) => {
      if (frame.parentId === undefined) emit('did-navigate', fromWire(frame.url), 200, 'OK');
    });
    cdp.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
      const isTop = frameId === this.frames.top?.frameToken;
      if (isTop) emit('did-navigate-in-page', fromWire(url), true, 1, 1);
    });
    cdp.on('Page.domContentEventFired', () => emit('dom-ready'));
    cdp.on('Page.loadEventFired', () => {
      if (this.frames.top === undefined || this.frames.top.url === 'about:blank') return;
      emit('did-finish-load');
      emit('did-stop-loading');
    });
    // Closed from outside: by the user in a visible window, or by Playwright.
    cdp.on('Inspector.detached', () => {
      if (!this.#contents.isDestroyed() && !running.exiting) this.#contents.close();
    });
    cdp.on('Inspector.targetCrashed', () =>
      emit('render-process-gone', { reason: 'crashed', exitCode: 1 }),
    );
  }

  #receive(contextId: number, message: FromPage): void {
    const frame = this.frames.ofContext(contextId);
    if (frame === undefined) return;
    switch (message.type) {
      case 'open':
        this.#listener.opened(message);
        break;
      case 'leave':
        this.requests?.refuse(frame, message.url);
        break;
      case 'preload-error':
        this.#listener.preloadFailed(
          Object.assign(new Error(message.message), { stack: message.stack }),
        );
        break;
      case 'send':
        this.#listener.sent(frame, message.channel, argsOf(message));
        break;
      case 'invoke':
        void this.#answer(contextId, frame, message);
        break;
    }
  }

  async #answer(
    contextId: number,
    frame: WebFrameMain,
    message: Extract<FromPage, { type: 'invoke' }>,
  ): Promise<void> {
    const { id, channel } = message;
    try {
      const value = await this.#listener.invoked(frame, channel, argsOf(message));
      this.#deliver(contextId, { type: 'result', id, value: pack(value) });
    } catch (error) {
      this.#deliver(contextId, { type: 'error', id, message: String(error) });
    }
  }

  #send(frameId: string, channel: string, args: readonly unknown[]): void {
    const message = { type: 'event', channel, args: pack(args) } as const;
    const contextId = this.frames.contextOf(frameId);
    if (contextId === undefined) debug(`no document listens for ${channel}`);
    else this.#deliver(contextId, message);
  }

  #deliver(executionContextId: number, value: ToPage): void {
    const functionDeclaration = `function (message) { ${receiverName}(message) }`;
    const call = { executionContextId, functionDeclaration, arguments: [{ value }], silent: true };
    this.#cdp?.send('Runtime.callFunctionOn', call).catch(debug);
  }
}

function argsOf({ args }: { args: string }): unknown[] {
  return unpack(args) as unknown[]; // the page packs its arguments as a list
}
