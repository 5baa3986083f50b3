import { isIP } from 'node:net';
import type { Clock } from '../accounts/ports.ts';
import type { Fetch } from '../protocol/http/network.ts';
import { KeyedSingleFlight, withTimeout } from '../util/async.ts';

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
  readonly #lookups = new KeyedSingleFlight<unknown>();

  constructor(lookup: Lookup, clock: Clock) {
    this.#lookup = lookup;
    this.#clock = clock;
  }

  /** Resolves when the system has an address of `host`. Rejects as it does, or after ten seconds. */
  async known(host: string): Promise<void> {
    const lookup = this.#lookups.run(host, () => this.#lookup(host));
    await withTimeout(lookup, LIMIT_MS, this.#clock, () => {
      throw Object.assign(new Error('The name was looked up for too long'), { code: 'EAI_AGAIN' });
    });
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
