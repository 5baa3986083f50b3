import type { Cdp } from './chromium.ts';
import { fromWire } from '../session/schemes.ts';
import { strictEmitter } from '../app/strict-emitter.ts';

/** Electron's name of the JavaScript world that preloads run in. */
export const isolatedWorldName = 'Electron Isolated Context';

type Sender = (frameId: string, channel: string, args: readonly unknown[]) => void;

/** A frame, as in `event.senderFrame` and `webContents.mainFrame`. */
export class WebFrameMain extends strictEmitter('WebFrameMain') {
  readonly processId = 1;
  readonly routingId = 1;
  readonly frameToken: string;
  #wireUrl = '';
  readonly #parentId: string | undefined;
  readonly #tree: FrameTree;

  constructor(id: string, parentId: string | undefined, tree: FrameTree) {
    super();
    this.frameToken = id;
    this.#parentId = parentId;
    this.#tree = tree;
  }

  get url(): string {
    return fromWire(this.#wireUrl);
  }

  /** Serialized as in Electron. Custom schemes are always standard here, so they have an origin. */
  get origin(): string {
    if (!URL.canParse(this.url)) return '';
    const { origin, protocol, host } = new URL(this.url);
    return origin === 'null' ? `${protocol}//${host}` : origin;
  }

  get parent(): WebFrameMain | null {
    return this.#parentId === undefined ? null : (this.#tree.get(this.#parentId) ?? null);
  }

  get top(): WebFrameMain | null {
    return this.#tree.top ?? null;
  }

  isDestroyed(): boolean {
    return this.#tree.get(this.frameToken) !== this;
  }

  send(channel: string, ...args: readonly unknown[]): void {
    this.#tree.send(this.frameToken, channel, args);
  }

  /** Used only by the frame tree. */
  _navigated(wireUrl: string): void {
    this.#wireUrl = wireUrl;
  }
}

/** The frames of a page and their JavaScript worlds, as Chromium reports them. */
export class FrameTree {
  readonly #frames = new Map<string, WebFrameMain>();
  readonly #isolatedWorlds = new Map<number, string>();
  readonly send: Sender;
  top: WebFrameMain | undefined;

  constructor(send: Sender) {
    this.send = send;
  }

  get(id: string): WebFrameMain | undefined {
    return this.#frames.get(id);
  }

  /** The frame whose isolated world has this context id. */
  ofContext(contextId: number): WebFrameMain | undefined {
    const frameId = this.#isolatedWorlds.get(contextId);
    return frameId === undefined ? undefined : this.#frames.get(frameId);
  }

  /** The context id of a frame's isolated world; undefined if the frame has no document with a preload. */
  contextOf(frameId: string): number | undefined {
    for (const [contextId, owner] of this.#isolatedWorlds) if (owner === frameId) return contextId;
    return undefined;
  }

  watch(cdp: Cdp): void {
    cdp.on('Page.frameAttached', ({ frameId, parentFrameId }) => {
      this.#add(frameId, parentFrameId);
    });
    cdp.on('Page.frameDetached', ({ frameId }) => {
      this.#frames.delete(frameId);
    });
    cdp.on('Page.frameNavigated', ({ frame }) => {
      const known = this.#frames.get(frame.id) ?? this.#add(frame.id, frame.parentId);
      known._navigated(frame.url);
      if (frame.parentId === undefined) this.top = known;
    });
    cdp.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
      this.#frames.get(frameId)?._navigated(url);
    });
    cdp.on('Runtime.executionContextCreated', ({ context }) => {
      const { frameId } = context.auxData as { frameId: string }; // as Chromium documents auxData for pages
      if (context.name === isolatedWorldName) this.#isolatedWorlds.set(context.id, frameId);
    });
    cdp.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
      this.#isolatedWorlds.delete(executionContextId);
    });
    cdp.on('Runtime.executionContextsCleared', () => this.#isolatedWorlds.clear());
  }

  #add(id: string, parentId: string | undefined): WebFrameMain {
    const frame = new WebFrameMain(id, parentId, this);
    this.#frames.set(id, frame);
    return frame;
  }
}
