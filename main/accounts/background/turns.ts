/**
 * Work that nobody waits for, in turns: at most so many pieces at once for each server, the rest in
 * the order in which they came. Servers do not wait for each other.
 */
export class Turns {
  readonly #most: number;
  readonly #begin: (id: string) => Promise<unknown> | null;
  readonly #servers = new Map<string, Server>();

  /**
   * @param most pieces of work at once for one server
   * @param begin begins the work of `id`; null: there is none any more. The promise must not reject.
   */
  constructor(most: number, begin: (id: string) => Promise<unknown> | null) {
    this.#most = most;
    this.#begin = begin;
  }

  /** The work of `id` begins as soon as it is its turn. Who waits already keeps the place. */
  ask(host: string, id: string): void {
    const server = this.#servers.get(host) ?? { busy: 0, queue: new Set() };
    this.#servers.set(host, server);
    server.queue.add(id);
    this.#next(host, server);
  }

  /** Nobody waits any more. What has begun goes on. */
  clear(): void {
    for (const { queue } of this.#servers.values()) queue.clear();
  }

  #next(host: string, server: Server): void {
    for (const id of server.queue) {
      if (server.busy >= this.#most) return;
      server.queue.delete(id);
      const work = this.#begin(id);
      if (work === null) continue;
      server.busy += 1;
      void work.then(() => {
        server.busy -= 1;
        this.#next(host, server);
      });
    }
    if (server.busy === 0 && server.queue.size === 0) this.#servers.delete(host);
  }
}

type Server = { busy: number; readonly queue: Set<string> };
