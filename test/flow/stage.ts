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
  /** Shorter than in production where a test has to wait for them. Real milliseconds. */
  limitsMs?: Partial<Record<Step, number>>;
}>;

/** How long an operation may take in real time before a test gives up. */
const PATIENCE_MS = 15_000;

/**
 * A homeserver and an engine that talk over real HTTP and share one clock, which moves only while
 * nothing is in progress: so tests don't wait, and nothing happens too early or too late.
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

  /** Starts both. The server name is the listening address, so that discovery works as usual. */
  static async start(options: StageOptions = {}): Promise<Stage> {
    const clock = new FakeClock();
    const server = await startNamedHomeserver({
      now: () => clock.now(),
      ...options.homeserver,
    });
    return Stage.on(server, clock, options);
  }

  /** Another engine on the same homeserver, as after a restart. */
  static async on(server: TestHomeserver, clock: FakeClock, options: StageOptions): Promise<Stage> {
    const stage = new Stage(server, clock, options);
    const started = await stage.engine.start();
    if (!started.ok) throw new Error(`The engine doesn't start: ${started.failure.code}`);
    return stage;
  }

  /** `@alice:127.0.0.1:8008`: what a user of this server types. */
  userId(localpart = 'alice'): string {
    return `@${localpart}:${this.server.serverName}`;
  }

  /** Starts a login; gives its ID. */
  async login(server = this.userId(), label: string | null = null): Promise<string> {
    const started = await this.engine.startLogin({ server, label, client: null });
    if (!started.ok) throw new Error(`The login doesn't start: ${started.failure.code}`);
    return started.value.id;
  }

  /** The snapshot that the engine pushed last. */
  get snapshot(): AppSnapshot {
    if (this.#snapshot === null) throw new Error('The engine has pushed no snapshot');
    return this.#snapshot;
  }

  /** The state of a login. */
  loginState(id: string): LoginStateSnapshot {
    const found = this.snapshot.logins.find((login) => login.id === id);
    if (found === undefined) throw new Error('Unknown login');
    return found.state;
  }

  /** Advances time, from one timer to the next, until `holds` and nothing is in progress. */
  async wind(holds: () => boolean, what: string): Promise<void> {
    const giveUpAt = performance.now() + PATIENCE_MS;
    for (;;) {
      await settle();
      if (performance.now() > giveUpAt) throw new Error(`Did not happen: ${what}`);
      if (this.#busy.size > 0) continue;
      if (holds()) return;
      const { nextWake } = this.clock;
      if (nextWake !== null) await this.clock.advance(nextWake - this.clock.monotonicNow());
    }
  }

  /** Advances time until `promise` is settled. */
  async windFor<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const noted = promise.finally(() => (settled = true));
    noted.catch(() => undefined); // the caller gets the error from the promise itself
    await this.wind(() => settled, 'the end of a promise');
    return promise;
  }

  /** Advances time by exactly this much, firing every timer that is due. */
  async pass(ms: number): Promise<void> {
    const end = this.clock.monotonicNow() + ms;
    for (;;) {
      await this.wind(() => true, 'a quiet moment');
      const next = Math.min(this.clock.nextWake ?? end, end);
      if (this.clock.monotonicNow() >= end) return;
      await this.clock.advance(next - this.clock.monotonicNow());
    }
  }

  /** Ends both. Throws if the engine reported a bug. */
  async close(): Promise<void> {
    await this.stop();
    await this.server.close();
  }

  /** Ends only the engine, like a process that is told to exit. */
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

/** A port may be taken between choosing and using it: then another one is tried. */
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
