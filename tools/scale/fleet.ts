import type { Log, Clock, Vault } from '../../main/accounts/ports.ts';
import type { StoredAccount } from '../../main/accounts/record.ts';
import { Engine } from '../../main/engine/engine.ts';
import { DEFAULT_CLIENT } from '../../main/protocol/oauth/client-metadata.ts';
import { ok } from '../../common/result.ts';
import type { Network } from '../../main/protocol/http/network.ts';
import { Secret } from '../../main/protocol/secret.ts';
import { FakeClock } from '../../test/fixtures/fake-clock.ts';
import { sentForm } from '../../test/fixtures/sent-form.ts';
import { seeded } from '../faults/seeded.ts';

/** How many accounts on how many servers, and the lifetime of their tokens. */
export type FleetPlan = Readonly<{ accounts: number; servers: number; lifetimeMs: number }>;

/** How long a server takes to respond, in virtual time. */
const ANSWER_MS = 150;

/**
 * Many accounts on the real engine, against simulated servers. All were signed in at the same
 * moment, which is the worst case.
 */
export class Fleet {
  readonly clock: FakeClock;
  readonly engine: Engine;
  /** Refreshes that the servers received, and how many of them they refused. */
  requests = 0;
  refused = 0;
  /** Most refreshes in progress at once: over all servers, and on one. */
  peak = 0;
  peakPerServer = 0;
  readonly #plan: FleetPlan;
  readonly #records: readonly StoredAccount[];
  readonly #current = new Map<string, string>();
  readonly #busy = new Map<string, number>();

  /** @param time how the engine's clock is made of the world's; default: the same */
  constructor(plan: FleetPlan, time: (clock: FakeClock) => Clock = (clock) => clock) {
    this.#plan = plan;
    this.clock = new FakeClock(Date.UTC(2026, 0, 1), 1);
    this.#records = Array.from({ length: plan.accounts }, (_, n) => this.#record(n));
    const chance = seeded(7);
    this.engine = new Engine({
      clock: time(this.clock),
      vault: this.#vault(),
      network: this.#network(),
      random: { bytes: (n) => new Uint8Array(n), fraction: chance },
      log: quietLog,
      protection: 'none',
      client: DEFAULT_CLIENT,
    });
  }

  async start(): Promise<void> {
    await this.engine.start();
  }

  /** How many accounts have a valid token, by the engine's snapshot. */
  async fresh(): Promise<number> {
    const { accounts, madeAt } = await this.engine.snapshot();
    const isFresh = ({ state }: (typeof accounts)[number]) =>
      (state.kind === 'active' || state.kind === 'refreshing') && (state.expiresAt ?? 0) > madeAt;
    return accounts.filter(isFresh).length;
  }

  #record(n: number): StoredAccount {
    const id = n.toString(16).padStart(16, '0');
    const issuer = `https://auth${n % this.#plan.servers}.example.org/`;
    this.#current.set(id, `R${n}-0`);
    return {
      id,
      label: `account-${n}`,
      typed: `@user${n}:example.org`,
      addedAt: this.clock.now(),
      policy: 'keep-fresh',
      session: {
        server: {
          homeserver: `https://matrix${n % this.#plan.servers}.example.org`,
          issuer,
          tokenEndpoint: `${issuer}token`,
          revocationEndpoint: `${issuer}revoke`,
          accountManagementUri: null,
          accountManagementActions: [],
        },
        clientId: id,
        metadataHash: 'hash',
        registeredAt: this.clock.now(),
        deviceId: `DEVICE${n}`,
        scope: ['urn:matrix:client:api:*'],
        userId: `@user${n}:example.org`,
        displayName: null,
      },
      state: {
        kind: 'active',
        tokens: {
          access: new Secret(`A${n}-0`),
          refresh: new Secret(`R${n}-0`),
          issuedAt: this.clock.now(),
          issuedUptime: this.clock.uptime(),
          lifetimeMs: this.#plan.lifetimeMs,
        },
        refreshSentAt: null,
        held: false,
      },
    };
  }

  #vault(): Vault {
    const done = Promise.resolve(ok(undefined));
    return {
      load: () => Promise.resolve(ok({ accounts: this.#records, warnings: [] })),
      save: () => done,
      remove: () => done,
    };
  }

  #network(): Network {
    return async (step, url, init) => {
      if (step !== 'refresh') throw new Error(`Unexpected request: ${step}`);
      const form = sentForm(init);
      const id = form.get('client_id') ?? '';
      this.#begun(url.host);
      await this.clock.sleep(ANSWER_MS);
      this.#busy.set(url.host, (this.#busy.get(url.host) ?? 0) - 1);
      const known = this.#current.get(id);
      if (known !== form.get('refresh_token')) {
        this.refused += 1;
        return answer({ error: 'invalid_grant' }, 400);
      }
      const [name = '', turn = ''] = known.split('-');
      const next = `${name}-${Number(turn) + 1}`;
      this.#current.set(id, next);
      return answer({
        access_token: next.replace('R', 'A'),
        refresh_token: next,
        token_type: 'Bearer',
        expires_in: this.#plan.lifetimeMs / 1_000,
      });
    };
  }

  #begun(host: string): void {
    this.requests += 1;
    this.#busy.set(host, (this.#busy.get(host) ?? 0) + 1);
    const busy = [...this.#busy.values()];
    this.peakPerServer = Math.max(this.peakPerServer, ...busy);
    this.peak = Math.max(
      this.peak,
      busy.reduce((sum, one) => sum + one, 0),
    );
  }
}

function answer(body: unknown, status = 200): Response {
  const headers = { 'content-type': 'application/json' };
  return new Response(JSON.stringify(body), { status, headers });
}

/** A log that is discarded; a bug ends the run. */
export const quietLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  bug: (event, error) => {
    throw new Error(event, { cause: error });
  },
};
