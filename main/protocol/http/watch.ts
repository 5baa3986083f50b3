import type { NetworkFailure } from '../../../common/failure.ts';
import { withAbort } from '../../util/async.ts';
import { describeFetchError, NetworkError } from './network-error.ts';

/**
 * The caller's signal and our own limit in one, and afterwards the answer to which of them it was.
 * Made by hand: `AbortSignal.any` loses time-outs to the garbage collector on Node 20.
 */
export class Watch {
  readonly #caller: AbortSignal | null;
  readonly #limit: AbortSignal;
  readonly #both = new AbortController();
  readonly #stop = () => this.#both.abort();

  constructor(caller: AbortSignal | null, limit: AbortSignal) {
    this.#caller = caller;
    this.#limit = limit;
    for (const signal of [caller, limit]) {
      signal?.addEventListener('abort', this.#stop);
      if (signal?.aborted === true) this.#stop();
    }
  }

  get signal(): AbortSignal {
    return this.#both.signal;
  }

  /** The result of `run`, or a rejection as soon as a signal aborts, should `run` not heed it. */
  async guard<T>(run: () => Promise<T>): Promise<T> {
    const { signal } = this.#both;
    try {
      signal.throwIfAborted();
      return await withAbort(run(), signal, () => {
        throw new Error('Stopped'); // failureOf() knows why
      });
    } catch (error) {
      this.#caller?.throwIfAborted();
      throw error;
    }
  }

  /** What an error out of {@link guard} means; null: the caller's own abort. */
  failureOf(host: string, error: unknown): NetworkFailure | null {
    if (this.#caller?.aborted === true) return null;
    if (this.#limit.aborted) return { code: 'unreachable', host, why: 'timeout' };
    return error instanceof NetworkError ? error.failure : describeFetchError(host, error);
  }

  /** Leaves no listener behind. */
  end(): void {
    this.#caller?.removeEventListener('abort', this.#stop);
    this.#limit.removeEventListener('abort', this.#stop);
  }
}
