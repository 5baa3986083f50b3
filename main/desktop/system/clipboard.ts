import { createHash } from 'node:crypto';
import type { Clock } from '../../accounts/ports.ts';
import type { ShellSnapshot } from '../../../preload/contract.ts';
import type { Result } from '../../../common/result.ts';
import { err, ok } from '../../../common/result.ts';

/** The system clipboard. Each call may reject when the clipboard is unavailable. */
export interface ClipboardPort {
  /** @param concealed excludes it from clipboard histories and cloud sync, where the system supports that */
  write(text: string, concealed: boolean): Promise<void>;
  /** Its text; empty when there is none. */
  readText(): Promise<string>;
  clear(): Promise<void>;
}

/** What to copy, and when to clear it. */
export type CopyRequest = Readonly<{
  /** Shown to the person: "token for alice". Never the content. */
  what: string;
  text: string;
  /** Milliseconds until it is cleared; null: not on a timer. */
  forMs: number | null;
}>;

/**
 * Copies secrets and clears them again, after their time and whenever {@link clear} is called (on screen lock, on quit). It only
 * clears its own text: what was copied since is left alone. Keeps a hash, not the text.
 */
export class SelfClearingClipboard {
  readonly #port: ClipboardPort;
  readonly #clock: Clock;
  readonly #changed: () => void;
  #ours: Readonly<{ hash: string; what: string; clearsAt: number | null }> | null = null;
  #timer = new AbortController();
  #mayHoldSecret = false;
  #hasEnded = false;

  /** @param changed called when {@link copied} or {@link mayHoldSecret} changes */
  constructor(port: ClipboardPort, clock: Clock, changed: () => void) {
    this.#port = port;
    this.#clock = clock;
    this.#changed = changed;
  }

  /** What we copied and haven't cleared; null: nothing. */
  get copied(): ShellSnapshot['copied'] {
    return this.#ours === null ? null : { what: this.#ours.what, clearsAt: this.#ours.clearsAt };
  }

  /** Whether clearing couldn't be verified, so that a secret may still be there. */
  get mayHoldSecret(): boolean {
    return this.#mayHoldSecret;
  }

  /** The person has seen that a secret may still be there. */
  dismiss(): void {
    this.#mayHoldSecret = false;
    this.#changed();
  }

  /** Clears, and refuses every copy from now on, as nothing would clear it. */
  async end(): Promise<void> {
    this.#hasEnded = true;
    await this.clear();
  }

  /** Fails when the clipboard is unavailable, and after {@link end}. */
  async copy({ what, text, forMs }: CopyRequest): Promise<Result<void, 'clipboard-unavailable'>> {
    if (this.#isEnded()) return err('clipboard-unavailable');
    try {
      await this.#port.write(text, true);
    } catch {
      return err('clipboard-unavailable'); // The caller reports the failure, whatever its cause.
    }
    this.#timer.abort();
    this.#timer = new AbortController();
    const clearsAt = forMs === null ? null : this.#clock.now() + forMs;
    this.#ours = { hash: hashOf(text), what, clearsAt };
    this.#mayHoldSecret = false;
    if (this.#isEnded()) {
      await this.clear();
      return err('clipboard-unavailable');
    }
    this.#changed();
    if (forMs !== null) {
      this.#clock.sleep(forMs, this.#timer.signal).then(
        () => this.clear(),
        // Aborted only by ourselves: something newer was copied, or it was cleared.
        () => undefined,
      );
    }
    return ok(undefined);
  }

  /** Clears what we copied, if it is still on the clipboard. Never rejects. */
  async clear(): Promise<void> {
    const ours = this.#ours;
    if (ours === null) return;
    this.#timer.abort();
    this.#ours = null;
    try {
      if (await this.#holds(ours.hash)) await this.#port.clear();
      this.#mayHoldSecret = await this.#holds(ours.hash);
    } catch {
      this.#mayHoldSecret = true; // Unknown whether it is still there; the window shows a notice.
    }
    this.#changed();
  }

  #isEnded(): boolean {
    return this.#hasEnded;
  }

  async #holds(hash: string): Promise<boolean> {
    return hashOf(await this.#port.readText()) === hash;
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
