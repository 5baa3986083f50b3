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
import type { ClipboardPort, CopyRequest } from './system/clipboard.ts';
import { linkToOpen } from './openable-links.ts';
import { isNoticeCode, notice } from './notices.ts';
import type { NoticeCode } from './notices.ts';
import { readStoredSettings } from './settings.ts';
import type { StoredSettings, SettingsStore } from './settings.ts';
import type { View } from './tray/tray-menu.ts';

/** What the app needs from the desktop. */
export interface DesktopPorts {
  readonly clock: Clock;
  readonly clipboard: ClipboardPort;
  readonly settings: SettingsStore;
  /** Opens an address in the person's browser. Rejects when there is none. */
  openExternal(url: string): Promise<void>;
  /** Turns start at login on or off. False: that failed. */
  autostart(settings: SettingsSnapshot): Promise<boolean>;
  /** Called after a setting changed. */
  applySettings(settings: SettingsSnapshot): void;
  showWindow(view: View): void;
  hideWindow(): void;
  quit(): void;
}

/** The facts about the desktop that don't change while the app runs. */
export type DesktopFacts = Pick<
  ShellSnapshot,
  'version' | 'platform' | 'keyStorage' | 'tray' | 'canStartAtLogin' | 'socket'
>;

/** The reply to a request that succeeded without a result. */
export const DONE = { ok: true, value: null } as const;

/** The engine's snapshot and what the desktop adds to it: settings, notices, the clipboard's state. */
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
  #stored: StoredSettings;
  #outcome: OutcomeSnapshot | null = null;

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
    this.#stored = readStoredSettings(ports.settings.read());
    if (!facts.tray) this.#notices.add('no-tray');
    this.#app = first;
    this.#appReceivedAt = ports.clock.monotonicNow();
    engine.subscribe((app) => {
      this.#accept(app);
      this.#changed();
    });
  }

  get settings(): SettingsSnapshot {
    return this.#stored.settings;
  }

  /** The engine's latest snapshot; its `madeAt` advances with the clock. */
  get app(): AppSnapshot {
    const sinceMs = this.ports.clock.monotonicNow() - this.#appReceivedAt;
    return { ...this.#app, madeAt: Math.round(this.#app.madeAt + sinceMs) };
  }

  /** Like {@link snapshot}, with a new snapshot from the engine. */
  async freshSnapshot(): Promise<WindowSnapshot> {
    this.#accept(await this.engine.snapshot());
    return this.snapshot();
  }

  snapshot(): WindowSnapshot {
    const { dismissed, settings } = this.#stored;
    const notices = [...this.#notices].filter((code) => !dismissed.includes(code)).map(notice);
    const { copied } = this.#clipboard;
    const shell = { ...this.#facts, notices, outcomes: this.#outcomes(), copied };
    return { app: this.app, settings, shell };
  }

  #outcomes(): readonly OutcomeSnapshot[] {
    const said = this.#outcome === null ? [] : [this.#outcome];
    if (!this.#clipboard.mayHoldSecret) return said;
    return [...said, { ...notice('clipboard-not-cleared'), tone: 'bad' }];
  }

  /** Calls `listener` after every change, of the engine or the desktop; returns the undo. */
  subscribe(listener: (snapshot: WindowSnapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Copies to the clipboard, to be cleared after the time in the request. */
  async copy(wish: CopyRequest): Promise<Reply> {
    const copied = await this.#clipboard.copy(wish);
    return copied.ok ? DONE : refused(notice(copied.failure));
  }

  /** Clears what Keyfob copied, if it is still on the clipboard. */
  clearClipboard(): Promise<void> {
    return this.#clipboard.clear();
  }

  /** Like {@link clearClipboard}, and refuses every copy from now on, also one that waits for its token. */
  endClipboard(): Promise<void> {
    return this.#clipboard.end();
  }

  /** Opens an address, only if the engine offers it at this moment. */
  async open(link: string): Promise<Reply> {
    const url = linkToOpen(link, this.#app);
    if (url === null) return refused(notice('link-refused'));
    try {
      await this.ports.openExternal(url);
      return DONE;
    } catch {
      return refused(notice('browser-failed')); // Whatever the cause, the notice tells the person another way.
    }
  }

  /** Applies and stores a change. If start at login can't be changed, nothing is. */
  async changeSettings(change: Partial<SettingsSnapshot>): Promise<Reply> {
    const settings = { ...this.settings, ...change };
    if (settings.startAtLogin !== this.settings.startAtLogin) {
      if (!(await this.ports.autostart(settings))) return refused(notice('autostart-failed'));
    }
    this.ports.applySettings(settings);
    return this.#store({ ...this.#stored, settings });
  }

  /** Takes over whether the system starts the app at login, which may have been changed outside of it; null: unknown. */
  setStartAtLogin(startAtLogin: boolean | null): void {
    if (startAtLogin === null || startAtLogin === this.settings.startAtLogin) return;
    this.#store({ ...this.#stored, settings: { ...this.settings, startAtLogin } });
  }

  /** Shows the outcome of a menu action in the window; null: clears it. */
  showOutcome(said: OutcomeSnapshot | null): void {
    if (said === this.#outcome) return;
    this.#outcome = said;
    this.#changed();
  }

  /** Dismisses a notice for good, also in later runs; or an outcome, until the next one. */
  dismiss(code: string): Reply {
    if (this.#outcome?.code === code) {
      this.showOutcome(null);
      return DONE;
    }
    if (code === 'clipboard-not-cleared') {
      this.#clipboard.dismiss();
      return DONE;
    }
    // Dismissed codes are stored for ever, so only known ones are accepted.
    if (!isNoticeCode(code)) return refused(notice('notice-unknown'));
    if (this.#stored.dismissed.includes(code)) return DONE;
    return this.#store({ ...this.#stored, dismissed: [...this.#stored.dismissed, code] });
  }

  /** Applies now in any case; the reply says whether it was also saved for the next start. */
  #store(kept: StoredSettings): Reply {
    this.#stored = kept;
    this.#changed();
    try {
      this.ports.settings.write(kept);
      return DONE;
    } catch {
      return refused(notice('settings-not-saved')); // Most likely a full disk; nothing else depends on it.
    }
  }

  #accept(app: AppSnapshot): void {
    if (app.revision < this.#app.revision) return; // a newer one arrived first
    this.#app = app;
    this.#appReceivedAt = this.ports.clock.monotonicNow();
  }

  #changed(): void {
    const snapshot = this.snapshot();
    for (const listener of this.#listeners) listener(snapshot);
  }
}

/** A reply with the reason for a refusal. */
export function refused(failure: NoticeSnapshot): Readonly<{ ok: false; failure: NoticeSnapshot }> {
  return { ok: false, failure };
}

/** A failure of the engine as a reply. */
export function failed(failure: Failure): ReturnType<typeof refused> {
  return refused(describeFailure(failure));
}
