import { isIP } from 'node:net';
import type { Clock } from '../accounts/ports.ts';
import type { Fetch } from '../protocol/http/network.ts';
import { KeyedSingleFlight, withTimeout } from '../util/async.ts';

/** The connect timeout of the runtime's own fetch. */
const LIMIT_MS = 10_000;

/** Resolves a host name with the system's resolver. Rejects as `dns.lookup` does. */
export type Lookup = (host: string) => Promise<unknown>;

/**
 * DNS lookups, one at a time per host name.
 *
 * The system's lookup occupies a thread until it ends, and Node has two for all lookups: a few accounts of
 * one server whose name doesn't resolve would block every other server. So all callers for a name share the
 * lookup in progress, however long ago it started.
 */
export class DnsLookups {
  readonly #lookup: Lookup;
  readonly #clock: Clock;
  readonly #lookups = new KeyedSingleFlight<unknown>();

  constructor(lookup: Lookup, clock: Clock) {
    this.#lookup = lookup;
    this.#clock = clock;
  }

  /** Resolves once `host` has an address. Rejects with the system's error, or after ten seconds. */
  async resolve(host: string): Promise<void> {
    const lookup = this.#lookups.run(host, () => this.#lookup(host));
    await withTimeout(lookup, LIMIT_MS, this.#clock, () => {
      throw Object.assign(new Error('The DNS lookup timed out'), { code: 'EAI_AGAIN' });
    });
  }
}

/** Makes a fetch wait until its host name has an address. */
export function withDns(fetch: Fetch, lookups: DnsLookups): Fetch {
  return async (url, init) => {
    const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) === 0) await lookups.resolve(host);
    return fetch(url, init);
  };
}
