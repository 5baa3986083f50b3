import { randomUUID } from 'node:crypto';
import { desktop } from './desktop.ts';
import { eventWith, PreventableEvent } from '../app/preventable.ts';
import { strictEmitter } from '../app/strict-emitter.ts';

type Options = Readonly<{
  id?: string;
  groupId?: string;
  title?: string;
  subtitle?: string;
  body?: string;
  silent?: boolean;
  icon?: unknown;
  urgency?: 'normal' | 'critical' | 'low';
  timeoutType?: 'default' | 'never';
}>;

/** @see {@link https://www.electronjs.org/docs/latest/api/notification} */
export class Notification extends strictEmitter('Notification') {
  readonly id: string;
  readonly groupId: string;
  title: string;
  subtitle: string;
  body: string;
  silent: boolean;
  urgency: 'normal' | 'critical' | 'low';
  timeoutType: 'default' | 'never';

  constructor(options: Options = {}) {
    super();
    this.id = options.id ?? randomUUID();
    this.groupId = options.groupId ?? '';
    this.title = options.title ?? '';
    this.subtitle = options.subtitle ?? '';
    this.body = options.body ?? '';
    this.silent = options.silent ?? false;
    this.urgency = options.urgency ?? 'low';
    this.timeoutType = options.timeoutType ?? 'default';
  }

  static isSupported(): boolean {
    return true;
  }

  show(): void {
    desktop.notifications.add(this);
    desktop.changed();
    setImmediate(() => this.emit('show', new PreventableEvent()));
  }

  close(): void {
    if (!desktop.notifications.delete(this)) return;
    desktop.changed();
    this.emit('close', eventWith({ reason: 'applicationHidden' }));
  }
}
