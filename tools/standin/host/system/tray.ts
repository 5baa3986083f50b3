import type * as Electron from 'electron';
import { desktop } from './desktop.ts';
import { refuseFromNowOn } from '../app/destroyed.ts';
import type { Menu } from './menu.ts';
import { toImage } from './native-image.ts';
import type { NativeImage } from './native-image.ts';
import { acceptQuietly } from '../app/quiet.ts';
import { demandReady } from '../app/running.ts';
import { strictEmitter } from '../app/strict-emitter.ts';

/** @see {@link https://www.electronjs.org/docs/latest/api/tray} */
export class Tray extends strictEmitter('Tray') {
  #image: NativeImage;
  #toolTip = '';
  #title = '';
  #menu: Menu | null = null;
  #destroyed = false;

  /** @throws Error with Electron's message before `ready`, or if the image can't be loaded */
  constructor(image: NativeImage | string) {
    demandReady('Cannot create Tray');
    super();
    this.#image = toImage(image);
    desktop.trays.add(this);
    desktop.changed();
  }

  setImage(image: NativeImage | string): void {
    this.#image = toImage(image);
    desktop.changed();
  }

  setPressedImage(image: NativeImage | string): void {
    toImage(image);
  }

  setToolTip(toolTip: string): void {
    this.#toolTip = toolTip;
    desktop.changed();
  }

  setTitle(title: string): void {
    this.#title = title;
    desktop.changed();
  }

  getTitle(): string {
    return this.#title;
  }

  setContextMenu(menu: Menu | null): void {
    this.#menu = menu;
    desktop.changed();
  }

  popUpContextMenu(menu?: Menu): void {
    (menu ?? this.#menu)?.popup();
  }

  closeContextMenu(): void {
    this.#menu?.closePopup();
  }

  /** All zeros on Linux, as in Electron; elsewhere a position at the top of the screen. */
  getBounds(): { x: number; y: number; width: number; height: number } {
    if (process.platform === 'linux') return { x: 0, y: 0, width: 0, height: 0 };
    return { x: 1600, y: 0, width: 24, height: 24 };
  }

  destroy(): void {
    this.#destroyed = true;
    desktop.trays.delete(this);
    desktop.changed();
    refuseFromNowOn(this);
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  /** Used only by the panel. */
  _shown(): { image: NativeImage; toolTip: string; menu: Menu | null } {
    return { image: this.#image, toolTip: this.#toolTip, menu: this.#menu };
  }
}

acceptQuietly(Tray.prototype, [
  'setIgnoreDoubleClickEvents',
] satisfies readonly (keyof Electron.Tray)[]);
