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

/** How long something may take for real before it counts as never. */
const PATIENCE_MS = 20_000;

/** How long a file step or a promise takes at most, in turns of the event loop. */
const TURNS = 16;

/** What breaks a rule of ours on purpose, so that a run can show that it would notice. */
export type Sabotage = Readonly<{
  vault?: (vault: Vault) => Vault;
  network?: (network: Network) => Network;
  files?: (files: FileLayer) => FileLayer;
}>;

/** What happens to an answer on its way: gets the runtime's `fetch`, and a sleep of virtual time. */
export type Line = (
  send: Fetch,
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>,
) => Fetch;

/**
 * A homeserver, and processes of ours that come and go. Real HTTP; one clock for all, which moves only
 * while no request is under way. So a pause of an hour takes no time, and none is too short or too long.
 */
export class World {
  readonly clock: FakeClock;
  readonly server: TestHomeserver;
  /** How many requests are under way. */
  busy = 0;
  line: Line = (send) => send;

  private constructor(clock: FakeClock, server: TestHomeserver) {
    this.clock = clock;
    this.server = server;
  }

  /** Starts a homeserver that lives by the world's clock. */
  static async start(options: HomeserverOptions = {}): Promise<World> {
    const clock = new FakeClock(undefined, TURNS);
    const server = await startHomeserver({ now: () => clock.now(), ...options });
    return new World(clock, server);
  }

  /** Lets time pass, from one thing that is due to the next, until `holds`. False: it did not within `mostMs`. */
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

  /** Lets exactly this much time pass, with all that falls due meanwhile. */
  async pass(ms: number): Promise<void> {
    await this.wind(() => false, ms);
  }

  /** What `promise` comes to; null: nothing within `mostMs` of the world's time. */
  async windFor<T>(promise: Promise<T>, mostMs = 3_600_000): Promise<T | null> {
    let over = false;
    const noted = promise.finally(() => (over = true));
    noted.catch(() => undefined); // whoever asked gets it from the promise itself
    return (await this.wind(() => over, mostMs)) ? promise : null;
  }

  close(): Promise<void> {
    return this.server.close();
  }
}

/** One process of ours, as far as the world can tell. */
export class Process {
  readonly engine: Engine;
  /** Bugs that it met. */
  readonly bugs: string[] = [];
  /** The access token that it handed out last; null: none. */
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
    if (!started.ok) throw new Error(`The engine does not start: ${started.failure.code}`);
    return process;
  }

  /** Killed: it sends nothing and hears nothing any more. What is on the wire stays there. */
  kill(): void {
    this.#dead = true;
  }

  /** The account that is there; null: none. */
  get account(): AccountSnapshot | null {
    return this.snapshot?.accounts[0] ?? null;
  }

  /**
   * Asks for a token and uses it, as a tool would. `dead-token`: one was handed out, and the homeserver
   * did not take it; otherwise the failure's code.
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

  /** Tries every ten seconds until a token is of use; gives what the last try came to. */
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

  /** A question, since the answer may change while something is waited for. */
  #isDead(): boolean {
    return this.#dead;
  }

  /** Time may move on meanwhile, although a request is under way. */
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
