import type {
  OutcomeSnapshot,
  Reply,
  SettingsSnapshot,
  ShellSnapshot,
  WindowSnapshot,
} from '../../preload/contract.ts';
import type { AppSnapshot, NoticeSnapshot } from '../../common/snapshots.ts';
import type { Clock } from '../accounts/ports.ts';
import type { EngineApi } from '../engine/engine-api.ts';
import type { InspectorLog } from './inspector.ts';
import type { Failure } from '../../common/failure.ts';
import { describeFailure } from '../../common/failure-text.ts';
import { SelfClearingClipboard } from './system/clipboard.ts';
import type { ClipboardPort, CopyWish } from './system/clipboard.ts';
import { linkToOpen } from './openable-links.ts';
import { isNoticeCode, notice } from './notices.ts';
import type { NoticeCode } from './notices.ts';
import { readKept } from './settings.ts';
import type { Kept, SettingsStore } from './settings.ts';
import type { View } from './tray/tray-menu.ts';

/** What the desktop can do for us. */
export interface DesktopPorts {
  readonly clock: Clock;
  readonly clipboard: ClipboardPort;
  readonly settings: SettingsStore;
  /** Opens an address in the person's browser. Rejects when the system has none. */
  openExternal(url: string): Promise<void>;
  /** Has Keyfob started with the computer, or not. False: that could not be done. */
  autostart(settings: SettingsSnapshot): Promise<boolean>;
  /** Called after a setting changed. */
  applySettings(settings: SettingsSnapshot): void;
  showWindow(view: View): void;
  hideWindow(): void;
  quit(): void;
}

/** What of the desktop does not change while we run. */
export type DesktopFacts = Pick<
  ShellSnapshot,
  'version' | 'platform' | 'keyStorage' | 'tray' | 'canStartAtLogin' | 'socket'
>;

/** A reply for something that worked and has nothing to tell. */
export const DONE = { ok: true, value: null } as const;

/** The engine's picture and what the desktop adds: settings, notices, what is on the clipboard. */
export class Desktop {
  readonly engine: EngineApi;
  readonly exchanges: InspectorLog;
  readonly ports: DesktopPorts;
  readonly #facts: DesktopFacts;
  readonly #clipboard: SelfClearingClipboard;
  readonly #notices = new Set<NoticeCode>();
  readonly #listeners = new Set<(snapshot: WindowSnapshot) => void>();
  #app: AppSnapshot;
  /** When `#app` was received, by the monotonic clock. */
  #appReceivedAt: number;
  #kept: Kept;
  #said: OutcomeSnapshot | null = null;

  /** @param first a snapshot that the engine has just made */
  constructor(
    engine: EngineApi,
    first: AppSnapshot,
    exchanges: InspectorLog,
    ports: DesktopPorts,
    facts: DesktopFacts,
  ) {
    this.engine = engine;
    this.exchanges = exchanges;
    this.ports = ports;
    this.#facts = facts;
    this.#clipboard = new SelfClearingClipboard(ports.clipboard, ports.clock, () =>
      this.#changed(),
    );
    this.#kept = readKept(ports.settings.read());
    if (!facts.tray) this.#notices.add('no-tray');
    this.#app = first;
    this.#appReceivedAt = ports.clock.monotonicNow();
    engine.subscribe((app) => {
      this.#accept(app);
      this.#changed();
    });
  }

  get settings(): SettingsSnapshot {
    return this.#kept.settings;
  }

  /** The engine's latest snapshot; its `madeAt` advances with the clock. */
  get app(): AppSnapshot {
    const sinceMs = this.ports.clock.monotonicNow() - this.#appReceivedAt;
    return { ...this.#app, madeAt: Math.round(this.#app.madeAt + sinceMs) };
  }

  /** {@link snapshot} after requesting a new one from the engine. */
  async freshSnapshot(): Promise<WindowSnapshot> {
    this.#accept(await this.engine.snapshot());
    return this.snapshot();
  }

  snapshot(): WindowSnapshot {
    const { dismissed, settings } = this.#kept;
    const notices = [...this.#notices].filter((code) => !dismissed.includes(code)).map(notice);
    const { copied } = this.#clipboard;
    const shell = { ...this.#facts, notices, outcomes: this.#outcomes(), copied };
    return { app: this.app, settings, shell };
  }

  #outcomes(): readonly OutcomeSnapshot[] {
    const said = this.#said === null ? [] : [this.#said];
    if (!this.#clipboard.stuck) return said;
    return [...said, { ...notice('clipboard-not-cleared'), tone: 'bad' }];
  }

  /** Calls `listener` after every change of the engine's or of ours; returns the undo. */
  subscribe(listener: (snapshot: WindowSnapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Copies, and takes it off again as the settings say. */
  async copy(wish: CopyWish): Promise<Reply> {
    const copied = await this.#clipboard.copy(wish);
    return copied.ok ? DONE : refused(notice(copied.failure));
  }

  /** Takes what we copied off the clipboard, if it is still there. */
  clearClipboard(): Promise<void> {
    return this.#clipboard.clear();
  }

  /** The same, for good: a copy that is asked for later, or waits for a token now, is refused. */
  endClipboard(): Promise<void> {
    return this.#clipboard.end();
  }

  /** Opens an address that the engine offers just now, and no other. */
  async open(link: string): Promise<Reply> {
    const url = linkToOpen(link, this.#app);
    if (url === null) return refused(notice('link-refused'));
    try {
      await this.ports.openExternal(url);
      return DONE;
    } catch {
      return refused(notice('browser-failed')); // Whatever the system says, the person needs another way.
    }
  }

  /** Takes a change over and keeps it. A system that will not start us makes that one change void. */
  async changeSettings(change: Partial<SettingsSnapshot>): Promise<Reply> {
    const settings = { ...this.settings, ...change };
    if (settings.startAtLogin !== this.settings.startAtLogin) {
      if (!(await this.ports.autostart(settings))) return refused(notice('autostart-failed'));
    }
    this.ports.applySettings(settings);
    return this.#keep({ ...this.#kept, settings });
  }

  /** Takes over whether the computer starts us, as the person may have set it elsewhere; null: nobody knows. */
  followAutostart(startAtLogin: boolean | null): void {
    if (startAtLogin === null || startAtLogin === this.settings.startAtLogin) return;
    this.#keep({ ...this.#kept, settings: { ...this.settings, startAtLogin } });
  }

  /** Has the window say what a menu entry led to, as a menu cannot; null: nothing worth reading. */
  say(said: OutcomeSnapshot | null): void {
    if (said === this.#said) return;
    this.#said = said;
    this.#changed();
  }

  /** Does not show this notice again, in later runs either; an outcome, until there is another one. */
  dismiss(code: string): Reply {
    if (this.#said?.code === code) {
      this.say(null);
      return DONE;
    }
    if (code === 'clipboard-not-cleared') {
      this.#clipboard.giveUp();
      return DONE;
    }
    // What is kept here is never forgotten, so nothing gets in that the window made up.
    if (!isNoticeCode(code)) return refused(notice('notice-unknown'));
    if (this.#kept.dismissed.includes(code)) return DONE;
    return this.#keep({ ...this.#kept, dismissed: [...this.#kept.dismissed, code] });
  }

  /** It holds from now on in any case; the reply says whether it will after the next start. */
  #keep(kept: Kept): Reply {
    this.#kept = kept;
    this.#changed();
    try {
      this.ports.settings.write(kept);
      return DONE;
    } catch {
      return refused(notice('settings-not-saved')); // A full disk, most likely: nothing else depends on it.
    }
  }

  #accept(app: AppSnapshot): void {
    if (app.revision < this.#app.revision) return; // a newer one has overtaken it
    this.#app = app;
    this.#appReceivedAt = this.ports.clock.monotonicNow();
  }

  #changed(): void {
    const snapshot = this.snapshot();
    for (const listener of this.#listeners) listener(snapshot);
  }
}

/** A reply that says why not. */
export function refused(failure: NoticeSnapshot): Readonly<{ ok: false; failure: NoticeSnapshot }> {
  return { ok: false, failure };
}

/** A failure of the engine as a reply. */
export function failed(failure: Failure): ReturnType<typeof refused> {
  return refused(describeFailure(failure));
}
