import { Engine } from '../../main/engine/engine.ts';
import type { HandedToken } from '../../main/engine/engine-api.ts';
import { boundedFetch } from '../../main/protocol/http/client.ts';
import { DEFAULT_CLIENT } from '../../main/protocol/oauth/client-metadata.ts';
import type { Failure } from '../../common/failure.ts';
import type { Result } from '../../common/result.ts';
import { systemRandom } from '../../main/host/system-clock.ts';
import type { AppSnapshot } from '../../common/snapshots.ts';
import { FakeClock, until } from '../fixtures/fake-clock.ts';
import type { HomeserverOptions, TestHomeserver } from '../../tools/homeserver/homeserver.ts';
import { startHomeserver } from '../../tools/homeserver/homeserver.ts';
import { MemoryVault } from '../fixtures/memory-vault.ts';
import type { LogLine } from './arrange.ts';
import { logTo, MINUTE, SECOND } from './arrange.ts';

/** An engine and a homeserver that it reaches by HTTP; one clock for both. */
export class EngineRoom {
  readonly server: TestHomeserver;
  readonly clock: FakeClock;
  readonly vault = new MemoryVault();
  readonly logged: LogLine[] = [];
  /** All that anybody who watches ever saw. */
  readonly snapshots: AppSnapshot[] = [];
  engine: Engine;

  private constructor(server: TestHomeserver, clock: FakeClock) {
    this.server = server;
    this.clock = clock;
    this.engine = this.#newEngine();
  }

  /** Starts both. Tokens live five minutes unless told otherwise. */
  static async open(options: HomeserverOptions = {}): Promise<EngineRoom> {
    const clock = new FakeClock(Date.now()); // oidc-provider looks at the real one too
    const now = () => clock.now();
    const server = await startHomeserver({ accessTtlMs: 5 * MINUTE, now, ...options });
    const room = new EngineRoom(server, clock);
    await room.engine.start();
    return room;
  }

  /** The next process: the same disk, and nothing else. */
  async restart(): Promise<void> {
    await this.engine.stop();
    this.engine = this.#newEngine();
    await this.engine.start();
  }

  async close(): Promise<void> {
    await this.engine.stop();
    await this.server.close();
  }

  /** Signs alice in: the code is approved at the first poll. Returns her label. */
  async signIn(label: string | null = null): Promise<string> {
    this.server.autoApprove('alice');
    const login = right(
      this.engine.startLogin({ server: this.server.baseUrl, label, client: null }),
    );
    const state = () => this.engine.snapshot().logins.find(({ id }) => id === login.id)?.state;
    await until(() => state()?.step === 'waiting' || state()?.step === 'failed', 'a code');
    await this.clock.advance(5 * SECOND);
    await until(() => state()?.step === 'done' || state()?.step === 'failed', 'tokens');
    const end = state();
    if (end?.step !== 'done') throw new Error(`Not signed in: ${JSON.stringify(end)}`);
    return end.label;
  }

  /** A token for a tool that needs it for a minute. */
  async token(account: string, consumer = 'curl'): Promise<HandedToken> {
    return right(await this.engine.tokenFor(account, { minValidMs: MINUTE, consumer }));
  }

  /** What the homeserver says to a token. */
  async whoami(token: HandedToken): Promise<number> {
    const url = `${this.server.baseUrl}/_matrix/client/v3/account/whoami`;
    const headers = { authorization: `Bearer ${token.token.reveal()}` };
    return (await fetch(url, { headers })).status;
  }

  #newEngine(): Engine {
    const { clock, vault } = this;
    const network = boundedFetch({
      fetch,
      userAgent: 'Keyfob/0.0.0 (Desktop; test)',
      loopback: true,
      timeLimit: (ms) => AbortSignal.timeout(ms),
      clock,
    });
    const log = logTo(this.logged);
    const world = { clock, vault, network, log, random: systemRandom };
    const engine = new Engine({ ...world, protection: 'none', client: DEFAULT_CLIENT });
    engine.subscribe((snapshot) => this.snapshots.push(snapshot));
    return engine;
  }
}

/** The value of an outcome that must be good. */
export function right<T>(outcome: Result<T, Failure>): T {
  if (!outcome.ok) throw new Error(`Failed: ${JSON.stringify(outcome.failure)}`);
  return outcome.value;
}
