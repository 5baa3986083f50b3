import type { AccountSnapshot, AppSnapshot } from '../../common/snapshots.ts';
import type { Log, Vault } from '../../main/accounts/ports.ts';
import { Engine } from '../../main/engine/engine.ts';
import { boundedFetch } from '../../main/protocol/http/client.ts';
import { DEFAULT_CLIENT, userAgent } from '../../main/protocol/oauth/client-metadata.ts';
import type { Fetch, Network } from '../../main/protocol/http/network.ts';
import { systemRandom } from '../../main/host/system-clock.ts';
import type { FileLayer } from '../../main/vault/files/file-layer.ts';
import { FakeClock, settle } from '../../test/fixtures/fake-clock.ts';
import type { HomeserverOptions, TestHomeserver } from '../homeserver/homeserver.ts';
import { startHomeserver } from '../homeserver/homeserver.ts';
import { vaultOn } from './rows/disks.ts';
import { isTaken } from './session.ts';

/** How long an operation may take in real time before it counts as hung. */
const PATIENCE_MS = 20_000;

/** The most event-loop turns a file step or promise takes. */
const TURNS = 16;

/** Breaks one of Keyfob's rules on purpose, so that a run can show that it notices. */
export type Sabotage = Readonly<{
  vault?: (vault: Vault) => Vault;
  network?: (network: Network) => Network;
  files?: (files: FileLayer) => FileLayer;
}>;

/** Intercepts a response on its way: gets the runtime's `fetch`, and a sleep in virtual time. */
export type Line = (
  send: Fetch,
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>,
) => Fetch;

/**
 * A homeserver, and Keyfob processes that start and stop. Real HTTP; one clock for all, which moves
 * only while no request is in progress. So an hour's wait takes no time, and none is too short or
 * too long.
 */
export class World {
  readonly clock: FakeClock;
  readonly server: TestHomeserver;
  /** How many requests are in progress. */
  busy = 0;
  line: Line = (send) => send;

  private constructor(clock: FakeClock, server: TestHomeserver) {
    this.clock = clock;
    this.server = server;
  }

  /** Starts a homeserver on the world's clock. */
  static async start(options: HomeserverOptions = {}): Promise<World> {
    const clock = new FakeClock(undefined, TURNS);
    const server = await startHomeserver({ now: () => clock.now(), ...options });
    return new World(clock, server);
  }

  /** Advances time, from one timer to the next, until `holds`. False: not within `mostMs`. */
  async wind(holds: () => boolean, mostMs: number): Promise<boolean> {
    const giveUpAt = performance.now() + PATIENCE_MS;
    const end = this.clock.monotonicNow() + mostMs;
    for (;;) {
      await settle(TURNS);
      if (this.busy > 0) {
        if (performance.now() > giveUpAt) throw new Error('A request does not end');
        continue;
      }
      if (holds()) return true;
      const next = Math.min(this.clock.nextWake ?? end, end);
      if (this.clock.monotonicNow() >= end) return false;
      await this.clock.advance(next - this.clock.monotonicNow());
    }
  }

  /** Advances time by exactly this much, firing every timer that is due. */
  async pass(ms: number): Promise<void> {
    await this.wind(() => false, ms);
  }

  /** The result of `promise`; null: none within `mostMs` of the world's time. */
  async windFor<T>(promise: Promise<T>, mostMs = 3_600_000): Promise<T | null> {
    let over = false;
    const noted = promise.finally(() => (over = true));
    noted.catch(() => undefined); // the caller gets the error from the promise itself
    return (await this.wind(() => over, mostMs)) ? promise : null;
  }

  close(): Promise<void> {
    return this.server.close();
  }
}

/** One Keyfob process, as seen from outside. */
export class Process {
  readonly engine: Engine;
  /** Bugs that it reported. */
  readonly bugs: string[] = [];
  /** The access token it handed out last; null: none. */
  handedOut: string | null = null;
  /** The snapshot that the engine pushed last. */
  snapshot: AppSnapshot | null = null;
  readonly #world: World;
  #dead = false;

  private constructor(world: World, vault: Vault, { network, vault: wrap }: Sabotage) {
    this.#world = world;
    const own = this.#network();
    this.engine = new Engine({
      clock: world.clock,
      network: network === undefined ? own : network(own),
      vault: wrap === undefined ? vault : wrap(vault),
      random: systemRandom,
      log: this.#log(),
      protection: 'none',
      client: DEFAULT_CLIENT,
    });
    this.engine.subscribe((snapshot) => (this.snapshot = snapshot));
  }

  /** Starts on a disk, as the agent does. */
  static async start(world: World, disk: FileLayer, sabotage: Sabotage = {}): Promise<Process> {
    const files = sabotage.files === undefined ? disk : sabotage.files(disk);
    const process = new Process(world, await vaultOn(files), sabotage);
    const started = await process.engine.start();
    if (!started.ok) throw new Error(`The engine doesn't start: ${started.failure.code}`);
    return process;
  }

  /** Kills it: it sends and receives nothing any more. Requests already sent stay sent. */
  kill(): void {
    this.#dead = true;
  }

  /** The only account; null: none. */
  get account(): AccountSnapshot | null {
    return this.snapshot?.accounts[0] ?? null;
  }

  /**
   * Requests a token and uses it, as a tool would. `dead-token`: one was handed out, and the
   * homeserver refused it; otherwise the failure's code.
   */
  async use(minValidMs = 0): Promise<string> {
    const label = this.account?.label ?? '';
    const taken = await this.engine.tokenFor(label, { minValidMs, consumer: 'tool' });
    if (!taken.ok) return taken.failure.code;
    if (this.#dead) return 'killed';
    this.handedOut = taken.value.accessToken;
    this.#world.busy += 1;
    try {
      return (await isTaken(this.#world.server, this.handedOut)) ? 'used' : 'dead-token';
    } finally {
      this.#world.busy -= 1;
    }
  }

  /** Retries every ten seconds until a token works; gives the result of the last try. */
  async useSoon(withinMs: number): Promise<string> {
    const { clock } = this.#world;
    const end = clock.monotonicNow() + withinMs;
    for (;;) {
      const came = await this.#world.windFor(this.use());
      if (came === 'used' || came === 'dead-token' || came === 'signed-out') return came;
      if (clock.monotonicNow() >= end) return came ?? 'nothing';
      await this.#world.pass(10_000);
    }
  }

  #network(): Network {
    const world = this.#world;
    const network = boundedFetch({
      fetch: (url, init) => world.line(fetch, (ms, signal) => this.#asleep(ms, signal))(url, init),
      userAgent: userAgent('0.0.0', 'Linux', '6.8'),
      loopback: true,
      timeLimit: (ms) => this.#timeLimit(ms),
      clock: world.clock,
    });
    return async (step, url, init) => {
      if (this.#isDead()) return never();
      world.busy += 1;
      const answer = await network(step, url, init).finally(() => (world.busy -= 1));
      return this.#isDead() ? never() : answer;
    };
  }

  /** A function, since the value may change while waiting. */
  #isDead(): boolean {
    return this.#dead;
  }

  /** Time may advance although a request is in progress. */
  async #asleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.#world.busy -= 1;
    try {
      await this.#world.clock.sleep(ms, signal);
    } finally {
      this.#world.busy += 1;
    }
  }

  #timeLimit(ms: number): AbortSignal {
    const limit = new AbortController();
    const end = () => limit.abort(new DOMException('Took too long', 'TimeoutError'));
    void this.#world.clock.sleep(ms).then(end);
    return limit.signal;
  }

  #log(): Log {
    const quiet = () => undefined;
    const bug = (event: string, error: unknown) =>
      void this.bugs.push(`${event}: ${error instanceof Error ? error.message : String(error)}`);
    return { debug: quiet, info: quiet, warn: quiet, bug };
  }
}

function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}
