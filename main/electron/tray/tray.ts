import type { MenuItemConstructorOptions } from 'electron';
import { Menu, nativeImage, Tray } from 'electron';
import { join } from 'node:path';
import type { AppSnapshot } from '../../../common/snapshots.ts';
import type { Rectangle } from '../../desktop/window/placement.ts';
import { trayMenu } from '../../desktop/tray/tray-menu.ts';
import type { MenuAction, MenuEntry } from '../../desktop/tray/tray-menu.ts';
import { trayState, trayTooltip } from '../../desktop/tray/tray-state.ts';
import type { TrayState } from '../../desktop/tray/tray-state.ts';
import { files } from '../paths.ts';

/** Called for clicks on the tray icon and its menu. */
export type TrayHandlers = Readonly<{
  click: () => void;
  perform: (action: MenuAction) => void;
}>;

/** The tray icon, drawn from an app snapshot. Everything in its menu is in the window too. */
export class TrayIcon {
  readonly #acts: TrayHandlers;
  readonly #tray: Tray;
  #popUp: () => void = () => undefined;
  #drawn = '';

  constructor(first: AppSnapshot, acts: TrayHandlers) {
    this.#acts = acts;
    this.#tray = new Tray(imageFor(trayState(first)));
    this.#tray.on('click', acts.click);
    // On macOS a context menu would take every click, so there it opens on right-click only.
    if (process.platform === 'darwin') {
      this.#tray.setIgnoreDoubleClickEvents(true);
      this.#tray.on('right-click', () => this.#popUp());
    }
    this.draw(first);
  }

  /** The icon's bounds; empty where the system doesn't report them. */
  get bounds(): Rectangle {
    return this.#tray.getBounds();
  }

  /** Redraws only after a change: on Linux, setting a menu closes an open one. */
  draw(app: AppSnapshot): void {
    const entries = trayMenu(app);
    const drawn = JSON.stringify([trayState(app), trayTooltip(app), entries]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#tray.setImage(imageFor(trayState(app)));
    const menu = Menu.buildFromTemplate(entries.map((entry) => this.#item(entry)));
    if (process.platform !== 'darwin') this.#tray.setContextMenu(menu);
    this.#popUp = () => this.#tray.popUpContextMenu(menu);
    this.#tray.setToolTip(trayTooltip(app));
  }

  end(): void {
    this.#tray.destroy();
  }

  #item(entry: MenuEntry): MenuItemConstructorOptions {
    switch (entry.kind) {
      case 'separator':
        return { type: 'separator' };
      case 'text':
        return { id: entry.id, label: entry.label, enabled: false };
      case 'action': {
        const { action, id, label } = entry;
        return { id, label, click: () => this.#acts.perform(action) };
      }
      case 'submenu': {
        const { entries, id, label } = entry;
        return { id, label, submenu: entries.map((inner) => this.#item(inner)) };
      }
    }
  }
}

/** Windows scales an .ico itself; elsewhere Electron picks up the high-resolution files (`@2x`). */
function imageFor(state: TrayState): Electron.NativeImage | string {
  if (process.platform === 'win32') return join(files.icons, `${state}.ico`);
  if (process.platform !== 'darwin') {
    return nativeImage.createFromPath(join(files.icons, `${state}.png`));
  }
  const image = nativeImage.createFromPath(join(files.icons, `${state}Template.png`));
  image.setTemplateImage(true);
  return image;
}
