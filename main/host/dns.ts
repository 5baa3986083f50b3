import { isIP } from 'node:net';
import type { Clock } from '../accounts/ports.ts';
import type { Fetch } from '../protocol/http/network.ts';

/** As long as the runtime's own fetch takes to connect. */
const LIMIT_MS = 10_000;

/** Asks the system for the addresses of a host. Rejects as `dns.lookup` does. */
export type Lookup = (host: string) => Promise<unknown>;

/**
 * Host names, looked up one at a time for each.
 *
 * The system's lookup holds a thread for as long as it takes, and Node has two for all lookups: some
 * accounts of one server whose name gets no answer would keep every other server waiting. So whoever asks
 * for a name joins the lookup of it that is under way, however long ago that began.
 */
export class DnsLookups {
  readonly #lookup: Lookup;
  readonly #clock: Clock;
  readonly #pending = new Map<string, Promise<unknown>>();

  constructor(lookup: Lookup, clock: Clock) {
    this.#lookup = lookup;
    this.#clock = clock;
  }

  /** Resolves when the system has an address of `host`. Rejects as it does, or after ten seconds. */
  async known(host: string): Promise<void> {
    const over = new AbortController();
    const late = this.#clock.sleep(LIMIT_MS, over.signal).then(
      () => {
        throw Object.assign(new Error('The name was looked up for too long'), {
          code: 'EAI_AGAIN',
        });
      },
      () => undefined, // there was an answer in time
    );
    try {
      await Promise.race([this.#join(host), late]);
    } finally {
      over.abort();
    }
  }

  #join(host: string): Promise<unknown> {
    const known = this.#pending.get(host);
    if (known !== undefined) return known;
    const pending = this.#lookup(host).finally(() => this.#pending.delete(host));
    this.#pending.set(host, pending);
    return pending;
  }
}

/** The same fetch, which asks for nothing before its host's name has an address. */
export function withDns(fetch: Fetch, names: DnsLookups): Fetch {
  return async (url, init) => {
    const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) === 0) await names.known(host);
    return fetch(url, init);
  };
}
