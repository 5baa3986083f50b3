import type { AppSnapshot, LoginStateSnapshot } from '../../common/snapshots.ts';
import type { Log, Vault } from '../../main/accounts/ports.ts';
import { Engine } from '../../main/engine/engine.ts';
import { boundedFetch } from '../../main/protocol/http/client.ts';
import { DEFAULT_CLIENT, userAgent } from '../../main/protocol/oauth/client-metadata.ts';
import type { Network, Step } from '../../main/protocol/http/network.ts';
import { systemRandom } from '../../main/host/system-clock.ts';
import { FakeClock, settle } from '../fixtures/fake-clock.ts';
import type { HomeserverOptions, TestHomeserver } from '../../tools/homeserver/homeserver.ts';
import { startHomeserver } from '../../tools/homeserver/homeserver.ts';
import { MemoryVault } from '../fixtures/memory-vault.ts';

/** What differs from an ordinary stage. */
export type StageOptions = Readonly<{
  homeserver?: HomeserverOptions;
  /** Default: one in memory. */
  vault?: Vault;
  /** Shorter than in earnest, where a test has to wait for them. Real milliseconds. */
  limitsMs?: Partial<Record<Step, number>>;
}>;

/** How long something may take for real before a test gives up on it. */
const PATIENCE_MS = 15_000;

/**
 * A homeserver and an engine that talk over real HTTP and live by one clock, which moves only while
 * nothing is under way: so nothing is waited for, and nothing happens too early or too late.
 */
export class Stage {
  readonly server: TestHomeserver;
  readonly clock: FakeClock;
  readonly engine: Engine;
  readonly #bugs: string[] = [];
  #snapshot: AppSnapshot | null = null;
  readonly #busy = new Set<Promise<unknown>>();

  private constructor(server: TestHomeserver, clock: FakeClock, options: StageOptions) {
    this.server = server;
    this.clock = clock;
    this.engine = new Engine({
      clock,
      network: this.#network(options),
      vault: this.#watched(options.vault ?? new MemoryVault()),
      random: systemRandom,
      log: this.#log(),
      protection: 'passphrase',
      client: DEFAULT_CLIENT,
    });
    this.engine.subscribe((snapshot) => (this.#snapshot = snapshot));
  }

  /** Starts both. The server's name is where it listens, so that discovery has its usual way. */
  static async start(options: StageOptions = {}): Promise<Stage> {
    const clock = new FakeClock();
    const server = await startNamedHomeserver({
      now: () => clock.now(),
      ...options.homeserver,
    });
    return Stage.on(server, clock, options);
  }

  /** Another engine at the same homeserver, as after a restart. */
  static async on(server: TestHomeserver, clock: FakeClock, options: StageOptions): Promise<Stage> {
    const stage = new Stage(server, clock, options);
    const started = await stage.engine.start();
    if (!started.ok) throw new Error(`The engine does not start: ${started.failure.code}`);
    return stage;
  }

  /** `@alice:127.0.0.1:8008`: what a person of this server types. */
  userId(localpart = 'alice'): string {
    return `@${localpart}:${this.server.serverName}`;
  }

  /** Starts a login; gives its id. */
  async login(server = this.userId(), label: string | null = null): Promise<string> {
    const started = await this.engine.startLogin({ server, label, client: null });
    if (!started.ok) throw new Error(`The login does not start: ${started.failure.code}`);
    return started.value.id;
  }

  /** The snapshot that the engine pushed last. */
  get snapshot(): AppSnapshot {
    if (this.#snapshot === null) throw new Error('The engine has pushed nothing');
    return this.#snapshot;
  }

  /** Where a login stands. */
  loginState(id: string): LoginStateSnapshot {
    const found = this.snapshot.logins.find((login) => login.id === id);
    if (found === undefined) throw new Error('There is no such login');
    return found.state;
  }

  /** Lets time pass, from one thing that is due to the next, until `holds` and nothing is under way. */
  async wind(holds: () => boolean, what: string): Promise<void> {
    const giveUpAt = performance.now() + PATIENCE_MS;
    for (;;) {
      await settle();
      if (performance.now() > giveUpAt) throw new Error(`Did not come to pass: ${what}`);
      if (this.#busy.size > 0) continue;
      if (holds()) return;
      const { nextWake } = this.clock;
      if (nextWake !== null) await this.clock.advance(nextWake - this.clock.monotonicNow());
    }
  }

  /** Lets time pass until `promise` is settled. */
  async windFor<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const noted = promise.finally(() => (settled = true));
    noted.catch(() => undefined); // whoever asked gets it from the promise itself
    await this.wind(() => settled, 'the end of a promise');
    return promise;
  }

  /** Lets exactly this much time pass, with all that falls due meanwhile. */
  async pass(ms: number): Promise<void> {
    const end = this.clock.monotonicNow() + ms;
    for (;;) {
      await this.wind(() => true, 'a quiet moment');
      const next = Math.min(this.clock.nextWake ?? end, end);
      if (this.clock.monotonicNow() >= end) return;
      await this.clock.advance(next - this.clock.monotonicNow());
    }
  }

  /** Ends both. Throws when the engine met a bug of its own meanwhile. */
  async close(): Promise<void> {
    await this.stop();
    await this.server.close();
  }

  /** Ends the engine alone, as a process ends that was told to. */
  async stop(): Promise<void> {
    await this.windFor(this.engine.stop());
    if (this.#bugs.length > 0) throw new Error(this.#bugs.join('\n'));
  }

  #network({ limitsMs }: StageOptions): Network {
    const { clock } = this;
    const network = boundedFetch({
      fetch: (url, init) => fetch(url, init),
      userAgent: userAgent('0.0.0', 'Linux', '6.8'),
      loopback: true,
      timeLimit: (ms) => AbortSignal.timeout(ms),
      clock,
      ...(limitsMs === undefined ? {} : { limitsMs }),
    });
    return (step, url, init) => this.#track(network(step, url, init));
  }

  #watched(vault: Vault): Vault {
    return {
      load: () => vault.load(),
      save: (account) => this.#track(vault.save(account)),
      remove: (id) => this.#track(vault.remove(id)),
    };
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#busy.add(work);
    const done = () => void this.#busy.delete(work);
    work.then(done, done);
    return work;
  }

  #log(): Log {
    const quiet = () => undefined;
    const bug = (event: string, error: unknown) =>
      void this.#bugs.push(
        `${event}: ${error instanceof Error ? (error.stack ?? '') : String(error)}`,
      );
    return { debug: quiet, info: quiet, warn: quiet, bug };
  }
}

/** A port may be taken between the moment it is chosen and the moment it is used: then another one. */
async function startNamedHomeserver(options: HomeserverOptions): Promise<TestHomeserver> {
  for (let tries = 1; ; tries += 1) {
    const probe = await startHomeserver();
    const port = Number(new URL(probe.baseUrl).port);
    await probe.close();
    try {
      return await startHomeserver({ serverName: `127.0.0.1:${port}`, port, ...options });
    } catch (error) {
      if (tries === 5) throw error;
    }
  }
}
