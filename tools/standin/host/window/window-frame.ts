import { centered, difference } from './bounds.ts';
import type { Bounds } from './bounds.ts';
import { desktop } from '../system/desktop.ts';
import { PreventableEvent } from '../app/preventable.ts';
import { running } from '../app/running.ts';
import { primaryDisplay } from '../system/screen.ts';
import { strictEmitter } from '../app/strict-emitter.ts';

/** The constructor options that concern a window's frame. */
export type FrameOptions = Partial<Bounds> &
  Readonly<{ title?: string; alwaysOnTop?: boolean; resizable?: boolean }>;

/** The part of a `BrowserWindow` that only stores state: position, size, title and flags. */
export abstract class WindowFrame extends strictEmitter('BrowserWindow') {
  #bounds: Bounds;
  #title: string;
  #alwaysOnTop: boolean;
  #resizable: boolean;
  #contentProtected = false;

  constructor(options: FrameOptions) {
    super();
    const { width = 800, height = 600 } = options;
    this.#bounds = { ...centered(primaryDisplay.workArea, { width, height }), ...placeOf(options) };
    this.#title = options.title ?? running.name;
    this.#alwaysOnTop = options.alwaysOnTop ?? false;
    this.#resizable = options.resizable ?? true;
  }

  /** Internal to the stand-in: applies the bounds to what is displayed. */
  abstract _applyBounds(): void;

  getBounds(): Bounds {
    return { ...this.#bounds };
  }

  setBounds(bounds: Partial<Bounds>): void {
    const before = this.#bounds;
    this.#bounds = { ...before, ...bounds };
    const { moved, resized } = difference(before, this.#bounds);
    if (!moved && !resized) return;
    this._applyBounds();
    if (moved) this.emit('move');
    if (resized) this.emit('resize');
  }

  getContentBounds(): Bounds {
    return this.getBounds();
  }

  getPosition(): number[] {
    return [this.#bounds.x, this.#bounds.y];
  }

  setPosition(x: number, y: number): void {
    this.setBounds({ x, y });
  }

  getSize(): number[] {
    return [this.#bounds.width, this.#bounds.height];
  }

  setSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }

  getContentSize(): number[] {
    return this.getSize();
  }

  setContentSize(width: number, height: number): void {
    this.setSize(width, height);
  }

  center(): void {
    this.setBounds(centered(primaryDisplay.workArea, this.#bounds));
  }

  getTitle(): string {
    return this.#title;
  }

  setTitle(title: string): void {
    this.#title = title;
    desktop.changed();
  }

  isAlwaysOnTop(): boolean {
    return this.#alwaysOnTop;
  }

  setAlwaysOnTop(flag: boolean): void {
    if (flag === this.#alwaysOnTop) return;
    this.#alwaysOnTop = flag;
    this.emit('always-on-top-changed', new PreventableEvent(), flag);
  }

  isResizable(): boolean {
    return this.#resizable;
  }

  setResizable(resizable: boolean): void {
    this.#resizable = resizable;
  }

  isContentProtected(): boolean {
    return this.#contentProtected;
  }

  setContentProtection(enable: boolean): void {
    this.#contentProtected = enable;
  }
}

function placeOf({ x, y }: FrameOptions): Partial<Bounds> {
  return x === undefined || y === undefined ? {} : { x, y };
}
