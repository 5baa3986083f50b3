import { createHash } from 'node:crypto';
import type { Clock } from '../../accounts/ports.ts';
import type { ShellSnapshot } from '../../../preload/contract.ts';
import type { Result } from '../../../common/result.ts';
import { err, ok } from '../../../common/result.ts';

/** The system's clipboard. Each call may reject: then the clipboard cannot be used just now. */
export interface ClipboardPort {
  /** @param concealed keep it out of clipboard histories and clouds, where the system knows such a mark */
  write(text: string, concealed: boolean): Promise<void>;
  /** The text on it; empty when there is none. */
  readText(): Promise<string>;
  clear(): Promise<void>;
}

/** What may stay on the clipboard for how long. */
export type CopyWish = Readonly<{
  /** For the person: "token of alice". Never the content. */
  what: string;
  text: string;
  /** Milliseconds until it is taken off again; null: only when Keyfob quits. */
  forMs: number | null;
}>;

/**
 * Looks after what we put on the clipboard: takes it off again in time, on the screen lock and on quit,
 * if it is still there. What somebody else copied since is left alone. Keeps a hash, not the text.
 */
export class SelfClearingClipboard {
  readonly #port: ClipboardPort;
  readonly #clock: Clock;
  readonly #changed: () => void;
  #ours: Readonly<{ hash: string; what: string; clearsAt: number | null }> | null = null;
  #timer = new AbortController();
  #stuck = false;
  #hasEnded = false;

  /** @param changed called when {@link copied} or {@link stuck} say something new */
  constructor(port: ClipboardPort, clock: Clock, changed: () => void) {
    this.#port = port;
    this.#clock = clock;
    this.#changed = changed;
  }

  /** What is there by our doing; null: nothing. */
  get copied(): ShellSnapshot['copied'] {
    return this.#ours === null ? null : { what: this.#ours.what, clearsAt: this.#ours.clearsAt };
  }

  /** Whether the last thing that should be gone may still be there. */
  get stuck(): boolean {
    return this.#stuck;
  }

  /** The person knows that it may still be there. */
  giveUp(): void {
    this.#stuck = false;
    this.#changed();
  }

  /** Clears, and copies nothing any more: nobody would take it off again. */
  async end(): Promise<void> {
    this.#hasEnded = true;
    await this.clear();
  }

  /** Fails when the clipboard takes nothing, and after the end. */
  async copy({ what, text, forMs }: CopyWish): Promise<Result<void, 'clipboard-unavailable'>> {
    if (this.#isOver()) return err('clipboard-unavailable');
    try {
      await this.#port.write(text, true);
    } catch {
      return err('clipboard-unavailable'); // Whatever the system's reason, the person hears that it did not work.
    }
    this.#timer.abort();
    this.#timer = new AbortController();
    const clearsAt = forMs === null ? null : this.#clock.now() + forMs;
    this.#ours = { hash: hashOf(text), what, clearsAt };
    this.#stuck = false;
    if (this.#isOver()) {
      await this.clear();
      return err('clipboard-unavailable');
    }
    this.#changed();
    if (forMs !== null) {
      this.#clock.sleep(forMs, this.#timer.signal).then(
        () => this.clear(),
        // Only aborted by ourselves: something newer was copied, or it is gone already.
        () => undefined,
      );
    }
    return ok(undefined);
  }

  /** Takes what we copied off the clipboard, if it is still there. Never rejects. */
  async clear(): Promise<void> {
    const ours = this.#ours;
    if (ours === null) return;
    this.#timer.abort();
    this.#ours = null;
    try {
      if (await this.#holds(ours.hash)) await this.#port.clear();
      this.#stuck = await this.#holds(ours.hash);
    } catch {
      this.#stuck = true; // It may be there or not: the person is told.
    }
    this.#changed();
  }

  #isOver(): boolean {
    return this.#hasEnded;
  }

  async #holds(hash: string): Promise<boolean> {
    return hashOf(await this.#port.readText()) === hash;
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
