import type { VaultFailure } from '../../../common/failure.ts';
import { isTransient } from '../../../common/failure.ts';
import type { Result } from '../../../common/result.ts';
import type { Account } from '../account.ts';
import { backoffMs } from '../refresh/backoff.ts';
import type { Deps } from '../ports.ts';

/**
 * Removes the records of forgotten accounts, and retries until that works: a record left behind would
 * bring the account back at the next start, with revoked tokens.
 */
export class RecordRemoval {
  readonly #deps: Deps;
  readonly #stopped = new AbortController();
  readonly #waiting = new Set<Promise<void>>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Resolves after the first attempt; retries continue in the background. */
  async remove({ id, label }: Account): Promise<void> {
    const removed = await this.#deps.vault.remove(id);
    if (removed.ok) return;
    this.#deps.log.warn('a record could not be removed', { label, code: removed.failure.code });
    const again = this.#again(id, removed).finally(() => this.#waiting.delete(again));
    this.#waiting.add(again);
  }

  /** Makes a last attempt for every record that is left. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.allSettled(this.#waiting);
  }

  async #again(id: string, first: Result<void, VaultFailure>): Promise<void> {
    let last = first;
    for (let attempt = 1; !last.ok && isTransient(last.failure); attempt += 1) {
      const isLastTry = !(await this.#pause(attempt, last.failure));
      last = await this.#deps.vault.remove(id);
      if (isLastTry) return;
    }
  }

  /** False: interrupted by {@link stop}. */
  async #pause(attempt: number, failure: VaultFailure): Promise<boolean> {
    const { clock, random } = this.#deps;
    const { signal } = this.#stopped;
    try {
      await clock.sleep(backoffMs(attempt, failure, random.fraction()), signal);
      return true;
    } catch (error) {
      if (!signal.aborted) throw error;
      return false;
    }
  }
}
