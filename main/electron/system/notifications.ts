import { Notification } from 'electron';
import type { AlertChange } from '../../desktop/system/notifications.ts';
import type { View } from '../../desktop/tray/tray-menu.ts';

/** Shows alerts as system notifications, and closes them. */
export class Notifications {
  readonly #shown = new Map<string, Notification>();
  readonly #clicked: (view: View) => void;

  /** @param clicked called with the view to open when a notification is clicked */
  constructor(clicked: (view: View) => void) {
    this.#clicked = clicked;
  }

  apply({ show, withdraw }: AlertChange): void {
    for (const key of withdraw) this.#withdraw(key);
    if (!Notification.isSupported()) return;
    for (const { key, title, body, view } of show) {
      // On Linux the default urgency is low, for which many desktops show no banner.
      const notification = new Notification({ title, body, urgency: 'normal' });
      notification.on('click', () => this.#clicked(view));
      this.#shown.set(key, notification);
      notification.show();
    }
  }

  end(): void {
    for (const key of [...this.#shown.keys()]) this.#withdraw(key);
  }

  #withdraw(key: string): void {
    this.#shown.get(key)?.close();
    this.#shown.delete(key);
  }
}
