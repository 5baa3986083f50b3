import { EventEmitter } from 'node:events';
import type { Menu } from './menu.ts';
import type { Notification } from './notification.ts';
import type { Tray } from './tray.ts';

/**
 * What the desktop would show of the app. Nothing reaches the real desktop: tests read it through the app's
 * own objects, and the preview's panel draws it.
 */
class Desktop extends EventEmitter {
  readonly trays = new Set<Tray>();
  readonly notifications = new Set<Notification>();
  readonly opened: string[] = [];
  clipboard = '';
  applicationMenu: Menu | null = null;

  /** Makes the panel redraw. */
  changed(): void {
    this.emit('changed');
  }
}

export const desktop = new Desktop();
